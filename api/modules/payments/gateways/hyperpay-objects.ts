import { fromSar } from '../../../platform/money.js'
import type { ProviderPayment, ProviderRefund, ProviderStatus } from './gateway.js'
import { classOf, isTestSuccess, type ResultClass } from './hyperpay-results.js'
import { asObject } from './tap-hash.js'

/** One operation HyperPay did: DB debit, PA reserve, CP capture, RV reverse, RF refund. */
export type Operation = {
  id: string
  type: string
  code: string
  result: ResultClass
  amount: string
  currency: string
  reference: string | undefined
}

export function readOperation(body: unknown): Operation {
  const object = asObject(body)
  const code = codeOf(object)
  return {
    id: textOr(object.id) ?? '',
    type: textOr(object.paymentType) ?? '',
    code,
    result: classOf(code),
    amount: textOr(object.amount) ?? '',
    currency: textOr(object.currency) ?? '',
    reference: textOr(object.merchantTransactionId),
  }
}

export const codeOf = (body: unknown): string => textOr(asObject(asObject(body).result).code) ?? ''
export const describe = (body: unknown): string =>
  textOr(asObject(asObject(body).result).description) ?? 'no reason given'

const SUCCEEDED: ReadonlySet<ResultClass> = new Set(['succeeded', 'succeeded_for_review'])
const PENDING: ReadonlySet<ResultClass> = new Set(['pending', 'pending_for_days'])
/** An operation that came to nothing. What remains decides nothing: it is asked about again. */
const FAILED: ReadonlySet<ResultClass> = new Set(['declined', 'risk', 'cancelled', 'our_mistake'])

/**
 * A payment as all that was tried under its reference: a checkout may see a card declined and another accepted.
 * "Succeeded" is said of an operation, so the kind of operation decides what it means for the money. Where several took
 * it, the `known` one is told, and the rest beside it: a second sum must not pass unseen.
 */
export function readAttempts(
  externalId: string,
  operations: readonly Operation[],
  isLive: boolean,
  known: string | null = null,
): ProviderPayment {
  const done = (...types: string[]) =>
    operations.filter(({ type, result }) => types.includes(type) && SUCCEEDED.has(result))
  const asked = operations.filter(({ type }) => ['DB', 'PA', 'CP', 'RV'].includes(type))
  const [[reversed], captures, [authorized]] = [done('RV'), done('DB', 'CP'), done('PA')]
  const captured = captures.find(({ id }) => id === known) ?? captures[0]
  const deciding = reversed ?? captured ?? authorized ?? undecided(asked) ?? asked[0]
  const status: ProviderStatus = reversed
    ? 'VOIDED'
    : captured
      ? 'CAPTURED'
      : authorized
        ? 'AUTHORIZED'
        : statusOf(deciding)
  return {
    externalId,
    captureId: status === 'CAPTURED' ? captured?.id : undefined,
    status,
    amount: fromSar(deciding?.amount ?? ''),
    currency: deciding?.currency ?? '',
    reference: deciding?.reference,
    redirectUrl: undefined,
    failureCode: status === 'FAILED' ? deciding?.code : undefined,
    isLive: isLive && !isTestSuccess(deciding?.code ?? ''),
    needsReview: deciding?.result === 'succeeded_for_review',
    unheardOf: unheardOf(deciding),
    others:
      status === 'CAPTURED'
        ? captures.filter(each => each !== captured).map(each => readAttempts(externalId, [each], isLive))
        : [],
  }
}

/** As long as one of several attempts has no end, the payment has none. */
const undecided = (operations: readonly Operation[]) =>
  operations.find(({ result }) => PENDING.has(result)) ??
  operations.find(({ result }) => !FAILED.has(result) && !SUCCEEDED.has(result))

function statusOf(operation: Operation | undefined): ProviderStatus {
  if (!operation) return 'INITIATED'
  if (PENDING.has(operation.result)) return 'PENDING'
  return FAILED.has(operation.result) ? 'FAILED' : 'UNKNOWN'
}

/** A refund is an operation of its own, with the payment it belongs to named by `referencedId` or by us. */
export function readRefundOperation(operation: Operation, chargeId: string): ProviderRefund {
  const isRefund = operation.type === 'RF'
  const status: ProviderRefund['status'] = !isRefund
    ? 'UNKNOWN'
    : SUCCEEDED.has(operation.result)
      ? 'REFUNDED'
      : PENDING.has(operation.result)
        ? 'PENDING'
        : FAILED.has(operation.result)
          ? 'FAILED'
          : 'UNKNOWN'
  return {
    externalId: operation.id,
    chargeId,
    status,
    amount: fromSar(operation.amount),
    reference: operation.reference,
    failureCode: status === 'FAILED' ? operation.code : undefined,
    unheardOf: unheardOf(operation),
  }
}

const unheardOf = (operation: Operation | undefined): string | undefined =>
  operation?.result === 'unheard_of' && operation.code !== '' ? operation.code.slice(0, 20) : undefined

/** `CB 000.100.220`: the bank sided with its customer. */
export const isChargeback = (claimedStatus: string): boolean =>
  claimedStatus.startsWith('CB ') || classOf(claimedStatus.split(' ').at(-1) ?? '') === 'chargeback'

/** Whether an event that claims this (`DB 000.100.110`) says that it is over. */
export function isFinal(claimedStatus: string): boolean {
  const result = classOf(claimedStatus.split(' ').at(-1) ?? '')
  return SUCCEEDED.has(result) || FAILED.has(result)
}

export const claimsCapture = (claimedStatus: string): boolean =>
  /^(DB|CP) /.test(claimedStatus) && SUCCEEDED.has(classOf(claimedStatus.split(' ').at(-1) ?? ''))

const textOr = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined
