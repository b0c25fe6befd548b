import { AppError } from '../../../platform/errors.js'
import type { Halalas } from '../../../platform/money.js'

export const METHODS = ['card', 'mada', 'apple_pay', 'stc_pay'] as const
export type Method = (typeof METHODS)[number]

/** What a provider says of a payment, in our words. UNKNOWN is neither paid nor failed: ask again. */
export type ProviderStatus =
  | 'INITIATED'
  | 'PENDING'
  | 'AUTHORIZED'
  | 'CAPTURED'
  | 'FAILED'
  | 'VOIDED'
  | 'UNKNOWN'

export type ProviderPayment = {
  externalId: string
  status: ProviderStatus
  /** Undefined where the provider's amount does not read as SAR with two decimals. */
  amount: Halalas | undefined
  currency: string
  /** The id of our payment, as we gave it to the provider. */
  reference: string | undefined
  redirectUrl: string | undefined
  failureCode: string | undefined
  isLive: boolean
}

export type ProviderRefund = {
  externalId: string
  chargeId: string
  status: 'PENDING' | 'REFUNDED' | 'FAILED' | 'UNKNOWN'
  amount: Halalas | undefined
  reference: string | undefined
  failureCode: string | undefined
}

export type NewPayment = {
  /** Our payment's id: the provider's idempotency key too, so that asking again makes nothing new. */
  reference: string
  amount: Halalas
  method: Method
  /** What the buyer knows it by. */
  orderNumbers: readonly string[]
  customer: { name: string; email: string; phone: string | null }
  /** Whole minutes the payment page stays open. */
  minutes: number
  returnUrl: string
  webhookUrl: string
}

export type NewRefund = {
  reference: string
  chargeId: string
  amount: Halalas
  reason: string
  webhookUrl: string
}

/** One delivery, proven to be the provider's. `eventKey` is the same for every copy of the same event. */
export type ProviderEvent = {
  eventKey: string
  object: 'payment' | 'refund'
  objectId: string
  claimedStatus: string
  /** What may be kept: no customer, no card beyond its last four digits. */
  payload: Record<string, unknown>
}

/** A payment provider. One file each; context.ts lists them. */
export type Gateway = {
  name: string
  methods: readonly Method[]
  isLive: boolean
  createPayment(request: NewPayment): Promise<ProviderPayment>
  getPayment(externalId: string): Promise<ProviderPayment>
  refund(request: NewRefund): Promise<ProviderRefund>
  getRefund(externalId: string): Promise<ProviderRefund>
  /** Whether an event that claims this status says that the thing is over. */
  isFinal(claimedStatus: string): boolean
  /** The event, or undefined where the proof is missing or wrong. Never throws over what a stranger sent. */
  verifyWebhook(rawBody: Buffer, header: (name: string) => string): ProviderEvent | undefined
}

/** The provider understood and said no: repeating will not help. */
export function refusedByProvider(provider: string, providerCode: string, message: string): AppError {
  return new AppError('conflict', 'payments.refused_by_provider', `${provider} refused: ${message}`, {
    provider,
    providerCode,
  })
}

/** No answer, or none to rely on: what happened is not known until it is asked again. */
export function providerUnavailable(provider: string, cause: unknown): AppError {
  return new AppError(
    'unavailable',
    'provider.unavailable',
    `${provider} did not answer.`,
    { provider },
    { cause },
  )
}
