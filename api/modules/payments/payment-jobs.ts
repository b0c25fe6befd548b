import type { TopicHandlers } from '../../platform/topics.js'
import type { PaymentService } from './payment-service.js'

export const paymentHandlers = ({ payments }: { payments: PaymentService }) =>
  ({
    order_cancelled: ({ orderId }) => payments.refundCancelled(orderId),
    capture_due: ({ paymentId }) => payments.performCapture(paymentId),
    void_due: ({ paymentId }) => payments.performVoid(paymentId),
    refund_requested: ({ refundId }) => payments.performRefund(refundId),
    second_capture_due: ({ refundId }) => payments.performRefund(refundId),
  }) satisfies Partial<TopicHandlers>
