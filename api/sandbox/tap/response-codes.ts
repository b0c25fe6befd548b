import { AppError } from '../../platform/errors.js'
import type { CodeAndMessage, PaymentStatus, RefundStatus } from './types.js'

const PAYMENT_MESSAGES: Record<string, string> = {
  '000': 'Captured',
  '001': 'Authorized',
  '100': 'Initiated',
  '200': 'In Progress',
  '301': 'Abandoned',
  '302': 'Canceled',
  '304': 'Expired',
  '401': 'Failed',
  '402': 'Failed, Invalid Parameter',
  '405': 'Failed, Invalid Card No',
  '406': 'Failed, Invalid Expiry',
  '407': 'Failed, Expired Card',
  '501': 'Declined',
  '502': 'Declined, Incorrect CSC/CVV',
  '503': 'Declined, 3D Security - Incorrect',
  '505': 'Declined, Insufficient Funds',
  '506': 'Declined, Transaction Type Not Supported',
  '507': 'Declined, Card Issuer',
  '513': 'Declined, Card Acquirer - Error',
  '515': 'Declined, Tap',
  '601': 'Void',
  '701': 'Restricted',
  '703': 'Restricted, Bank',
  '801': 'Timed Out',
  '901': 'Unknown',
}

// The first digit is the family. Cancelled is the one that leaves its family.
const FAMILIES: Record<string, PaymentStatus> = {
  '1': 'INITIATED',
  '2': 'IN_PROGRESS',
  '3': 'ABANDONED',
  '4': 'FAILED',
  '5': 'DECLINED',
  '6': 'VOID',
  '7': 'RESTRICTED',
  '8': 'TIMEDOUT',
  '9': 'UNKNOWN',
}
const EXACT: Record<string, PaymentStatus> = { '000': 'CAPTURED', '001': 'AUTHORIZED', '302': 'CANCELLED' }

const REFUNDS: Record<string, { status: RefundStatus; message: string }> = {
  '000': { status: 'REFUNDED', message: 'Refunded' },
  '100': { status: 'PENDING', message: 'Pending' },
  '401': { status: 'FAILED', message: 'Failed' },
  '501': { status: 'DECLINED', message: 'Declined' },
  '502': { status: 'DECLINED', message: 'Declined, Insufficient Balance' },
}

type Result<Status> = { status: Status; response: CodeAndMessage }

export function paymentResult(code: string): Result<PaymentStatus> {
  const message = Object.hasOwn(PAYMENT_MESSAGES, code) ? PAYMENT_MESSAGES[code] : undefined
  const status = EXACT[code] ?? FAMILIES[code.charAt(0)]
  if (!message || !status) throw unknownCode(code)
  return { status, response: { code, message } }
}

export function refundResult(code: string): Result<RefundStatus> {
  const known = Object.hasOwn(REFUNDS, code) ? REFUNDS[code] : undefined
  if (!known) throw unknownCode(code)
  return { status: known.status, response: { code, message: known.message } }
}

function unknownCode(code: string): AppError {
  return new AppError('invalid', 'sandbox.response_code', `${code} is not a response code of Tap.`, { code })
}
