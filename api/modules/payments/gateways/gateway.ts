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

/** How a payment is named: the provider's id (null until it answered), ours, and what decides where it is looked for. */
export type PaymentHandle = {
  externalId: string | null
  captureId: string | null
  reference: string
  method: Method
  createdAt: Date
}

export type ProviderPayment = {
  externalId: string
  /** The provider's id of the money that was taken: what a refund is asked of. */
  captureId?: string | undefined
  status: ProviderStatus
  /** Undefined where the provider's amount does not read as SAR with two decimals. */
  amount: Halalas | undefined
  currency: string
  /** The id of our payment, as we gave it to the provider. */
  reference: string | undefined
  redirectUrl: string | undefined
  /** For a provider without a page of its own: what ours loads. */
  fields?: HostedFields | undefined
  failureCode: string | undefined
  isLive: boolean
  /** The money is there, and the provider wants a person to look before anything is sent. */
  needsReview?: boolean
  /** The provider's own word for its state, where nobody here knows what it means. */
  unheardOf?: string | undefined
  /** More money that was taken under the same reference, as far as it shows in what was asked. */
  others?: readonly ProviderPayment[]
}

/** The provider's card fields inside a page of ours: its script, that script's hash, and the brands they take. */
export type HostedFields = { script: string; integrity: string | null; brands: string }

export type ProviderRefund = {
  externalId: string
  chargeId: string
  status: 'PENDING' | 'REFUNDED' | 'FAILED' | 'UNKNOWN'
  amount: Halalas | undefined
  reference: string | undefined
  failureCode: string | undefined
  unheardOf?: string | undefined
}

export type NewPayment = {
  /** Our payment's id: the provider's idempotency key too, where it has one. */
  reference: string
  amount: Halalas
  method: Method
  /** Reserve the amount only: `capture` takes it, `void` lets it go. */
  authorizeOnly: boolean
  /** What the buyer knows it by. */
  orderNumbers: readonly string[]
  customer: { name: string; email: string; phone: string | null }
  billing: { street: string; city: string; postalCode: string }
  /** Whole minutes the payment page stays open. */
  minutes: number
  /** Where a page of ours would show this payment. */
  pageUrl: string
  returnUrl: string
  webhookUrl: string
}

export type NewCapture = PaymentHandle & {
  amount: Halalas
  customer: NewPayment['customer']
  webhookUrl: string
}

export type NewRefund = {
  reference: string
  payment: PaymentHandle
  amount: Halalas
  reason: string
  webhookUrl: string
}

/** How a refund is named; `since` is when it was first asked for. */
export type RefundHandle = {
  reference: string
  externalId: string | null
  payment: PaymentHandle
  since: Date
}

/** A provider's delivery, proven to be the provider's. `eventKey` is the same for every copy of the same event. */
export type ProviderEvent = {
  eventKey: string
  /** `other`: nothing that payments or refunds follow from. */
  object: 'payment' | 'refund' | 'other'
  objectId: string
  /** Our id of the thing, only where the proof covers it. */
  reference?: string | undefined
  claimedStatus: string
  /** What may be kept: no customer, no card beyond its last four digits. */
  payload: Record<string, unknown>
}

/** One thing a delivery must have to be believed. */
export type Check = { check: string; passed: boolean; note?: string }
/** What a made-up delivery is about. */
export type SampleSubject = {
  objectId: string
  captureId: string
  reference: string
  amount: Halalas
  at: Date
}
export type Delivery = { headers: Record<string, string>; body: string }

/** What a provider can do beyond taking a payment and giving it back. */
export type Capabilities = {
  /** Methods whose amount can be reserved first. */
  authorize: readonly Method[]
  partialCapture: boolean
  partialRefund: boolean
  splitPayout: boolean
  savedCards: boolean
  /** Whether its own id is enough to ask about a thing. */
  readById: boolean
  /**
   * For how long a write that is sent again under its reference does nothing new. 0: never; there the outcome
   * is looked up before anything is repeated.
   */
  repeatableMs: number
}

/** A payment provider. One file each; context.ts lists them. */
export type Gateway = {
  name: string
  methods: readonly Method[]
  isLive: boolean
  can: Capabilities
  /** How an amount is written to it. */
  amountFormat: 'decimal number' | 'decimal text'
  /** What the provider is asked for when this much is due: the same, but where its test system takes no decimals. */
  asked(amount: Halalas): Halalas
  createPayment(request: NewPayment): Promise<ProviderPayment>
  getPayment(payment: PaymentHandle): Promise<ProviderPayment>
  /** What was taken under this id of the provider's, as it stands: nothing else that the payment came to. */
  getCapture(payment: PaymentHandle, captureId: string): Promise<ProviderPayment>
  /** By our id, where the provider's is not known. Undefined: it never heard of it. */
  findByReference(payment: PaymentHandle): Promise<ProviderPayment | undefined>
  capture(request: NewCapture): Promise<ProviderPayment>
  void(payment: PaymentHandle): Promise<ProviderPayment>
  refund(request: NewRefund): Promise<ProviderRefund>
  getRefund(refund: RefundHandle & { externalId: string }): Promise<ProviderRefund>
  findRefund(refund: RefundHandle): Promise<ProviderRefund | undefined>
  /** Whether an event that claims this status says that the thing is over. */
  isFinal(claimedStatus: string): boolean
  /** Whether an event that claims this says that money was taken under its object's id, which a reading of the payment must then show. */
  claimsCapture(claimedStatus: string): boolean
  /** Whether an event that claims this says that a bank took money back that was ours. */
  isChargeback(claimedStatus: string): boolean
  /** The event, or undefined where the proof is missing or wrong. Never throws over what a stranger sent. */
  verifyWebhook(rawBody: Buffer, header: (name: string) => string): ProviderEvent | undefined
  /** Every check of a delivery in its order, up to the first that fails. */
  explainWebhook(rawBody: Buffer, header: (name: string) => string): Check[]
  /** Deliveries that can be made up, by name, proven as the provider proves its own. */
  samples: Readonly<Record<string, (subject: SampleSubject) => Delivery>>
  /** Money the provider says it took in this time, where it can be asked for a list. */
  captured?(from: Date, to: Date): AsyncIterable<ProviderPayment>
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

/** It failed so often lately that it is not asked for a while: nothing was sent. */
export function providerPaused(provider: string): AppError {
  return new AppError(
    'unavailable',
    'provider.paused',
    `${provider} fails, and is left alone for a moment.`,
    { provider },
  )
}

export const isRefusal = (error: unknown): error is AppError =>
  error instanceof AppError && error.code === 'payments.refused_by_provider'
