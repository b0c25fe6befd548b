import type { z } from 'zod'
import { iso } from '../../http/fields.js'
import { money } from '../../platform/money.js'
import type { Payment } from './payment.js'
import type { PaymentView } from './payment-schemas.js'
import { OPEN } from './payment-states.js'

export function presentPayment(payment: Payment): z.infer<typeof PaymentView> {
  return {
    id: payment.id,
    checkoutId: payment.checkoutId,
    provider: payment.provider,
    method: payment.method,
    status: payment.status,
    authorizeFirst: payment.authorizeFirst,
    amount: money(payment.amountHalalas),
    refunded: money(payment.refundedHalalas),
    redirectUrl: OPEN.includes(payment.status) ? payment.redirectUrl : null,
    failureCode: payment.failureCode,
    expiresAt: payment.expiresAt.toISOString(),
    capturedAt: iso(payment.capturedAt),
    createdAt: payment.createdAt.toISOString(),
  }
}
