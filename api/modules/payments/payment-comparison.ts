import type { Gateway, ProviderPayment } from './gateways/gateway.js'
import type { Payment } from './payment.js'
import { PAID } from './payment-states.js'

/** The names of what the provider's object and our payment disagree on. */
export function differencesOf(
  payment: Payment,
  told: ProviderPayment,
  gateway: Gateway,
  accepted: 'accepted' | undefined = undefined,
): string[] {
  const checks = {
    amount: told.amount === gateway.asked(payment.amountHalalas),
    currency: told.currency === 'SAR',
    reference: told.reference === payment.id,
    mode: told.isLive === gateway.isLive,
    review: told.needsReview !== true || accepted === 'accepted',
  }
  return Object.entries(checks)
    .filter(([, agrees]) => !agrees)
    .map(([name]) => name)
}

/** Of a payment whose money is here: other money. Where nothing was kept of the first, that was the charge itself. */
export function isSecondCapture({ status, captureId, externalId }: Payment, told: ProviderPayment): boolean {
  return PAID.includes(status) && told.status === 'CAPTURED' && captureOf(told) !== (captureId ?? externalId)
}

/** All that a provider tells of at once. */
export const secondCapturesIn = (payment: Payment, told: ProviderPayment): ProviderPayment[] =>
  [told, ...(told.others ?? [])].filter(each => isSecondCapture(payment, each))

/** The provider's id of the money. */
export const captureOf = ({ captureId, externalId }: ProviderPayment): string => captureId ?? externalId
