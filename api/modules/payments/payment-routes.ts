import { z } from 'zod'
import { ById, id } from '../../http/fields.js'
import { type Operation, operation, SIGNED_IN } from '../../http/operation.js'
import { presentPayment } from './payment-presenter.js'
import { CreatePayment, PaymentList, PaymentView } from './payment-schemas.js'
import type { PaymentService } from './payment-service.js'

const tag = 'Payments'

export function paymentOperations(payments: PaymentService): Operation[] {
  return [
    operation({
      id: 'createPayment',
      method: 'post',
      path: '/payments',
      tag,
      access: ['buyer', 'seller'],
      limit: 'payments:create',
      status: 201,
      idempotent: true,
      summary: 'Open a payment page for what is due on a checkout',
      body: CreatePayment,
      response: PaymentView,
      errors: {
        'payments.nothing_due': 'conflict',
        'payments.already_open': 'conflict',
        'payments.under_review': 'conflict',
        'payments.foreign_return_url': 'invalid',
        'payments.method_not_offered': 'invalid',
        'payments.cannot_authorize': 'invalid',
        'payments.refused_by_provider': 'conflict',
      },
      handle: async ({ body, actor, idempotencyId }) =>
        presentPayment(await payments.create(body, actor, idempotencyId)),
    }),
    operation({
      id: 'listPayments',
      method: 'get',
      path: '/payments',
      tag,
      access: SIGNED_IN,
      summary: 'The payments of a checkout, newest first',
      query: z.strictObject({ checkoutId: id }),
      response: PaymentList,
      handle: async ({ query, actor }) => ({
        items: (await payments.ofCheckout(query.checkoutId, actor)).map(presentPayment),
      }),
    }),
    operation({
      id: 'getPayment',
      method: 'get',
      path: '/payments/:id',
      tag,
      access: SIGNED_IN,
      summary: 'A payment',
      params: ById,
      response: PaymentView,
      handle: async ({ params, actor }) => presentPayment(await payments.get(params.id, actor)),
    }),
  ]
}
