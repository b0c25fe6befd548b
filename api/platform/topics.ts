import type { Lane } from './queue-rules.js'

/** What can follow a commit, and what each row carries: ids only, the handler reads the rest. */
export type Topics = {
  webhook_received: { eventId: string; cause?: 'delivery' | 'retry' }
  order_paid: { orderId: string }
  order_cancelled: { orderId: string }
  capture_due: { paymentId: string }
  void_due: { paymentId: string }
  refund_requested: { refundId: string }
  // not `refund_requested`: a worker of the release before would send back the payment's first money
  second_capture_due: { refundId: string }
  refund_completed: { refundId: string }
  password_reset_asked: { email: string }
  alert_due: { alertId: string; channel: string }
  kyc_checks_due: { sellerId: string }
  file_removed: { fileId: string }
  photo_removed: { sellerId: string; content: string }
  message_due: MessageDue
  sms_due: MessageDue
  code_due: MessageDue
  business_event: { event: string; objectType: string; objectId: string; count: number; at: string }
  recurring_due: { name: string; slot: string }
}
type MessageDue = { template: string; userId: string; challengeId: string | null }
export type Topic = keyof Topics

/** Which queue does the work of which topic. */
export const LANE_OF: Readonly<Record<Topic, Lane>> = {
  webhook_received: 'orders',
  order_paid: 'orders',
  order_cancelled: 'orders',
  capture_due: 'orders',
  void_due: 'orders',
  refund_requested: 'orders',
  second_capture_due: 'orders',
  refund_completed: 'orders',
  password_reset_asked: 'email',
  alert_due: 'orders', // not 'email': a receiver that is away for an hour still has to hear of it
  kyc_checks_due: 'orders',
  file_removed: 'orders',
  photo_removed: 'orders',
  message_due: 'email',
  sms_due: 'sms',
  code_due: 'sms-otp',
  business_event: 'analytics',
  recurring_due: 'scheduled',
}

/**
 * Does the work of one topic. It may be called twice for the same `id`, and must do it once. `signal` fires when its
 * time is over: what it waits for must end with it.
 */
export type TopicHandler<T extends Topic> = (
  payload: Topics[T],
  signal: AbortSignal,
  id: string,
) => Promise<void>

/** Each module says in its `*-jobs.ts` what it does for which topic; api/jobs.ts joins them. */
export type TopicHandlers = { [T in Topic]: TopicHandler<T> }

export const isTopic = (name: string): name is Topic => Object.hasOwn(LANE_OF, name)
