import type { ProviderStatus } from './gateways/gateway.js'

export const PAYMENT_STATUSES = [
  'INITIATED',
  'PENDING',
  'AUTHORIZED',
  'CAPTURED',
  'FAILED',
  'VOIDED',
  'PARTIALLY_REFUNDED',
  'REFUNDED',
  'UNDER_REVIEW',
] as const
export type PaymentStatus = (typeof PAYMENT_STATUSES)[number]

/**
 * Every move a payment can make; the database refuses the rest. Money that arrives is never ignored: a payment
 * that failed, was voided or is under review can still turn out to be captured. Nothing leads back from CAPTURED
 * but refunds.
 */
const NEXT: Record<PaymentStatus, readonly PaymentStatus[]> = {
  INITIATED: ['PENDING', 'AUTHORIZED', 'CAPTURED', 'FAILED', 'VOIDED', 'UNDER_REVIEW'],
  PENDING: ['AUTHORIZED', 'CAPTURED', 'FAILED', 'VOIDED', 'UNDER_REVIEW'],
  AUTHORIZED: ['CAPTURED', 'FAILED', 'VOIDED', 'UNDER_REVIEW'],
  FAILED: ['CAPTURED', 'UNDER_REVIEW'],
  VOIDED: ['CAPTURED', 'UNDER_REVIEW'],
  UNDER_REVIEW: ['CAPTURED', 'FAILED', 'VOIDED'],
  CAPTURED: ['PARTIALLY_REFUNDED', 'REFUNDED'],
  PARTIALLY_REFUNDED: ['PARTIALLY_REFUNDED', 'REFUNDED'],
  REFUNDED: [],
}

export const canMove = (from: PaymentStatus, to: PaymentStatus): boolean => NEXT[from].includes(to)
export const OPEN: readonly PaymentStatus[] = ['INITIATED', 'PENDING', 'AUTHORIZED']
/** Not over: money may be on its way or here. Nobody may pay the same checkout again meanwhile. */
export const UNSETTLED: readonly PaymentStatus[] = [...OPEN, 'UNDER_REVIEW']
/** Its money came, whatever became of it since. */
export const PAID: readonly PaymentStatus[] = ['CAPTURED', 'PARTIALLY_REFUNDED', 'REFUNDED']

export const REFUND_STATUSES = ['REQUESTED', 'PENDING', 'REFUNDED', 'FAILED'] as const
export type RefundStatus = (typeof REFUND_STATUSES)[number]

/** A refund that was given up may turn out to have been made. Money that is back with its buyer stays there. */
const REFUND_NEXT: Record<RefundStatus, readonly RefundStatus[]> = {
  REQUESTED: ['PENDING', 'REFUNDED', 'FAILED'],
  PENDING: ['REFUNDED', 'FAILED'],
  FAILED: ['PENDING', 'REFUNDED'],
  REFUNDED: [],
}

export const canRefundMove = (from: RefundStatus, to: RefundStatus): boolean => REFUND_NEXT[from].includes(to)

/** The state a provider's word asks for; undefined where it asks for none. */
export function wantedBy(status: ProviderStatus): PaymentStatus | undefined {
  return status === 'UNKNOWN' ? undefined : status
}
