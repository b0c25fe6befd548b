import { AppError } from '../../platform/errors.js'
import type { Result } from './types.js'

/** Codes and their texts, as the platform publishes them; a test system succeeds with 000.100.11x. */
const DESCRIPTIONS: Record<string, string> = {
  '000.000.000': 'Transaction succeeded',
  '000.100.110': "Request successfully processed in 'Merchant in Integrator Test Mode'",
  '000.100.112': "Request successfully processed in 'Merchant in Connector Test Mode'",
  '000.100.220': 'Fraudulent Transaction',
  '000.200.000': 'transaction pending',
  '000.200.100': 'successfully created checkout',
  '000.400.000': 'Transaction succeeded (please review manually due to fraud suspicion)',
  '000.400.030': 'Transaction partially failed (please reverse manually due to failed automatic reversal)',
  '100.380.401': 'User Authentication Failed',
  '100.396.101': 'Cancelled by user',
  '100.400.500': 'waiting for external risk',
  '200.300.404': 'invalid or missing parameter',
  '300.100.100': 'Transaction declined (additional customer authentication required)',
  '700.400.100': 'cannot capture (PA value exceeded, PA reverted or invalid workflow?)',
  '700.400.200': 'cannot refund (refund volume exceeded or tx reversed or invalid workflow?)',
  '700.400.300': 'cannot reverse (already refunded|reversed, invalid workflow or amount exceeded)',
  '700.400.580': 'cannot find transaction',
  '800.100.151': 'transaction declined (invalid card)',
  '800.100.153': 'transaction declined (invalid CVV)',
  '800.100.155': 'transaction declined (amount exceeds credit)',
  '800.100.157': 'transaction declined (wrong expiry date)',
  '800.120.100': 'Rejected by Throttling.',
  '800.400.500': 'Waiting for confirmation of non-instant payment. Denied for now.',
  '800.900.300': 'invalid authentication information',
  '900.100.300': 'timeout, uncertain result',
  '999.999.999': 'UNDEFINED CONNECTOR/ACQUIRER ERROR',
}

export function resultOf(code: string): Result {
  if (Object.hasOwn(DESCRIPTIONS, code)) return { code, description: DESCRIPTIONS[code] as string }
  throw new AppError('invalid', 'sandbox.result_code', `The sandbox does not know the result code ${code}.`, {
    code,
  })
}

export const APPROVED = '000.100.110'
export const DECLINED = '800.100.155'
export const CANCELLED = '100.396.101'
export const isApproved = ({ code }: Result): boolean => /^000\.(000|100\.1|400\.0[012]0)/.test(code)
export const isPending = ({ code }: Result): boolean =>
  code === '000.200.000' || /^(800\.400\.5|100\.400\.500)/.test(code)

/** A refusal in HyperPay's words. */
export class HyperpayError extends Error {
  override name = 'HyperpayError'
  constructor(
    readonly status: number,
    readonly result: Result,
    readonly parameters: string[] = [],
  ) {
    super(`${result.code} ${result.description}`)
  }
}

/** A decline is a 400 like a malformed request: only the code tells them apart. */
export const statusOf = (result: Result): number => (isApproved(result) || isPending(result) ? 200 : 400)
