import type { Services } from './context.js'
import { accountHandlers } from './modules/account/account-jobs.js'
import { alertHandlers } from './modules/alerts/alert-jobs.js'
import { businessEventHandlers } from './modules/business-events/business-event-jobs.js'
import { fileHandlers } from './modules/files/file-jobs.js'
import { invoiceHandlers } from './modules/invoices/invoice-jobs.js'
import { kycHandlers } from './modules/kyc/kyc-jobs.js'
import { photoHandlers } from './modules/listings/photos/photo-jobs.js'
import { messageHandlers } from './modules/messages/message-jobs.js'
import { paymentHandlers } from './modules/payments/payment-jobs.js'
import { webhookHandlers } from './modules/webhooks/webhook-jobs.js'
import type { RecurringJob } from './platform/recurring.js'
import type { TopicHandlers } from './platform/topics.js'

/** What is done for each thing that happened. The compiler asks for every topic. Each may run twice without harm. */
export function handlersOf(services: Services): HandlersOfModules {
  return {
    ...webhookHandlers(services),
    ...invoiceHandlers(services),
    ...paymentHandlers(services),
    ...accountHandlers(services),
    ...messageHandlers(services),
    ...alertHandlers(services),
    ...kycHandlers(services),
    ...fileHandlers(services),
    ...photoHandlers(services),
    ...businessEventHandlers(services),
  }
}

/** Of the topics, all but the one that calls recurring work: that is the scheduler's own. */
export type HandlersOfModules = Omit<TopicHandlers, 'recurring_due'>

/** What comes back by the clock (Riyadh): seconds, minutes, hours, day, month, weekday. */
export function recurringOf(services: Services): RecurringJob[] {
  const { analytics, activity, notifications, businessEvents } = services
  const { orders, payments, alerts, idempotency, challenges, operations, files, jobs } = services
  const { kycCalendar, kycPapers } = services
  return [
    {
      name: 'expire-holds',
      pattern: '*/10 * * * * *',
      missed: 'once',
      work: () => orders.expireHolds(),
    },
    {
      name: 'refresh-overdue-payments',
      pattern: '30 * * * * *',
      missed: 'once',
      work: () => payments.refreshOverdue(),
    },
    {
      name: 'refresh-refunds',
      pattern: '45 * * * * *',
      missed: 'once',
      work: () => payments.refreshRefunds(),
    },
    {
      name: 'reconcile-payments',
      pattern: '0 10 3 * * *',
      missed: 'once',
      work: () => payments.reconcileLately(),
    },
    {
      name: 'end-silent-alerts',
      pattern: '20 */5 * * * *',
      missed: 'skip',
      work: () => alerts.endSilent('provider_paused'),
    },
    {
      name: 'forget-idempotency-keys',
      pattern: '0 17 * * * *',
      missed: 'skip',
      work: () => idempotency.forgetExpired(),
    },
    {
      name: 'forget-challenges',
      pattern: '0 27 * * * *',
      missed: 'skip',
      work: () => challenges.forgetOld(),
    },
    {
      name: 'forget-operations',
      pattern: '0 37 * * * *',
      missed: 'skip',
      work: () => operations.forgetExpired(),
    },
    {
      name: 'expire-sellers',
      pattern: '0 5 0 * * *',
      missed: 'once',
      work: () => kycCalendar.expire(),
    },
    {
      name: 'remind-sellers',
      pattern: '0 0 9 * * *',
      missed: 'once',
      work: () => kycCalendar.remind(),
    },
    {
      name: 'recheck-sellers',
      pattern: '0 52 * * * *',
      missed: 'once',
      work: () => kycCalendar.recheck(),
    },
    {
      name: 'forget-papers',
      pattern: '0 57 * * * *',
      missed: 'once',
      work: () => kycPapers.forgetOld(),
    },
    {
      name: 'forget-files',
      pattern: '0 7 * * * *',
      missed: 'once',
      work: () => files.forgetExpired(),
    },
    {
      name: 'forget-jobs',
      pattern: '0 47 * * * *',
      missed: 'skip',
      work: ({ signal }) => jobs.forgetOld(signal),
    },
    {
      name: 'add-views',
      pattern: '5-55/10 * * * * *',
      missed: 'once',
      work: analytics.addViews,
    },
    {
      name: 'roll-up-sales',
      pattern: '15 * * * * *',
      missed: 'once',
      work: analytics.rollUp,
    },
    {
      name: 'recount-sales',
      pattern: '0 40 3 * * *',
      missed: 'once',
      work: analytics.recount,
    },
    {
      name: 'forget-activity',
      pattern: '0 10 4 * * *',
      missed: 'once',
      work: ({ signal }) => activity.forgetOld(signal),
    },
    {
      name: 'forget-notifications',
      pattern: '0 20 4 * * *',
      missed: 'once',
      work: ({ signal }) => notifications.forgetOld(signal),
    },
    {
      name: 'forget-business-events',
      pattern: '0 30 4 * * *',
      missed: 'once',
      work: () => businessEvents.forgetOld(),
    },
  ]
}
