import { z } from 'zod'
import { id, instant, Money } from '../../http/fields.js'
import { METHODS } from './gateways/gateway.js'
import { PAYMENT_STATUSES } from './payment-states.js'

export const CreatePayment = z.strictObject({
  checkoutId: id,
  provider: z
    .string()
    .regex(/^[a-z]{2,20}$/)
    .default('tap'),
  method: z.enum(METHODS).default('card'),
  authorizeFirst: z
    .boolean()
    .default(false)
    .describe('reserve the amount, and take it once the orders are certain to get it: card and apple_pay'),
  returnUrl: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .optional()
    .describe('where the buyer goes after paying: on APP_URL or an origin of CORS_ORIGINS'),
})

export const PaymentView = z.object({
  id: z.uuid(),
  checkoutId: z.uuid(),
  provider: z.string(),
  method: z.enum(METHODS),
  status: z.enum(PAYMENT_STATUSES),
  authorizeFirst: z.boolean(),
  amount: Money,
  refunded: Money,
  redirectUrl: z.string().nullable().describe("the provider's payment page: send the buyer there"),
  failureCode: z.string().nullable(),
  expiresAt: z.iso.datetime(),
  capturedAt: instant,
  createdAt: z.iso.datetime(),
})
export const PaymentList = z.object({ items: z.array(PaymentView) })
