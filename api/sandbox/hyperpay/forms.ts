import { z } from 'zod'
import { HyperpayError, resultOf } from './results.js'

const amount = z.string().regex(/^\d{1,10}(\.\d{2})?$/)
const currency = z.string().regex(/^[A-Z]{3}$/)
const reference = z.string().min(8).max(255)
const entityId = z.string().min(1)

const Checkout = z.object({
  entityId,
  amount,
  currency,
  paymentType: z.enum(['DB', 'PA']),
  merchantTransactionId: reference,
  merchantInvoiceId: z.string().max(255).optional(),
  'customer.email': z.email().max(128),
  'billing.street1': z.string().min(1).max(100),
  'billing.city': z.string().min(1).max(80),
  'billing.country': z.string().regex(/^[A-Z]{2}$/),
  'billing.postcode': z.string().max(16).optional(),
  'customer.givenName': z.string().max(50).optional(),
  'customer.surname': z.string().max(50).optional(),
})

const Management = z
  .object({
    entityId,
    paymentType: z.enum(['CP', 'RF', 'RV']),
    amount: amount.optional(),
    currency: currency.optional(),
    merchantTransactionId: reference.optional(),
  })
  .refine(form => form.paymentType === 'RV' || (form.amount !== undefined && form.currency !== undefined))

export type CheckoutInput = ReturnType<typeof readCheckout>
export type ManagementInput = z.output<typeof Management>

export function readCheckout(form: URLSearchParams) {
  const fields = read(Checkout, form)
  const { amount: asked, paymentType, merchantTransactionId, merchantInvoiceId } = fields
  return {
    entityId: fields.entityId,
    amount: asked.includes('.') ? asked : `${asked}.00`,
    currency: fields.currency,
    paymentType,
    merchantTransactionId,
    ...(merchantInvoiceId === undefined ? {} : { merchantInvoiceId }),
    customer: { email: fields['customer.email'] },
  }
}

export const readManagement = (form: URLSearchParams): ManagementInput => read(Management, form)

function read<T>(schema: z.ZodType<T>, form: URLSearchParams): T {
  const result = schema.safeParse(Object.fromEntries(form))
  if (result.success) return result.data
  const wrong = [...new Set(result.error.issues.map(issue => issue.path.join('.')))]
  throw new HyperpayError(400, resultOf('200.300.404'), wrong)
}
