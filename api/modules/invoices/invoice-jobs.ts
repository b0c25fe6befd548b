import type { TopicHandlers } from '../../platform/topics.js'
import type { PaymentService } from '../payments/payment-service.js'
import type { InvoiceService } from './invoice-service.js'

type Deps = { invoices: InvoiceService; payments: PaymentService }

export const invoiceHandlers = ({ invoices, payments }: Deps) =>
  ({
    order_paid: async ({ orderId }) => void (await invoices.issueForOrder(orderId)),
    refund_completed: async ({ refundId }) => {
      await invoices.issueCreditNote(await payments.refundOf(refundId))
    },
  }) satisfies Partial<TopicHandlers>
