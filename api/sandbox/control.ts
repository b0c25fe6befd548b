import { notFound } from '../platform/errors.js'
import type { MessageBox } from './messages/message-box.js'
import type { EventBox } from './mixpanel/event-box.js'
import type { Delivery } from './tap/delivery-log.js'
import type { Fault, Faults } from './tap/faults.js'
import type { Payments } from './tap/payments.js'
import type { Refunds } from './tap/refunds.js'
import type { Store } from './tap/store.js'
import type { TapObject, TapPayment, TapRefund } from './tap/types.js'
import type { Views } from './tap/views.js'
import type { Webhooks } from './tap/webhooks.js'

export type SandboxControl = ReturnType<typeof createControl>
type Deps = {
  store: Store
  payments: Payments
  refunds: Refunds
  webhooks: Webhooks
  faults: Faults
  views: Views
  messages: MessageBox
  analytics: EventBox
}

/** The hand of the tester: plays the customer and the bank, and makes the provider misbehave. */
export function createControl({
  store,
  payments,
  refunds,
  webhooks,
  faults,
  views,
  messages,
  analytics,
}: Deps) {
  function object(id: string): TapObject {
    const found = payments.find(id) ?? store.get('refund', id)
    if (!found) throw notFound('payment', id)
    return found
  }

  return {
    /** Charges and authorisations alike, by their id. */
    payments: {
      approve(id: string, cardNumber?: string): TapPayment {
        return payments.decide(id, id.startsWith('auth_') ? '001' : '000', cardNumber)
      },
      decline: (id: string, code = '501'): TapPayment => payments.decide(id, code),
      cancel: (id: string): TapPayment => payments.decide(id, '302'),
      /** As if its time were over: 304, or 301 for a customer who walked away. */
      expire: (id: string, code: '301' | '304' = '304'): TapPayment => payments.decide(id, code),
      /** The true state, whatever `show` makes of it. */
      get: (id: string): TapPayment | undefined => payments.find(id),
      /** Newest first. */
      list: (): TapPayment[] =>
        [...store.newest('charge'), ...store.newest('authorize')].map(payments.current),
    },
    refunds: {
      hold: (held = true): void => refunds.hold(held),
      settle: (id: string, code = '000'): TapRefund => refunds.settle(id, code),
      list: (): TapRefund[] => store.newest('refund'),
    },
    webhooks: {
      deliveries: (objectId?: string): readonly Delivery[] =>
        webhooks.deliveries().filter(delivery => objectId === undefined || delivery.objectId === objectId),
      hold: webhooks.hold,
      release: webhooks.release,
      discard: webhooks.discard,
      repeat: webhooks.repeat,
      resend: (id: string): void => webhooks.resend(object(id)),
      idle: webhooks.idle,
    },
    faults: {
      add: (fault: Fault): void => faults.add(fault),
      list: faults.list,
      clear: faults.clear,
    },
    /** What was sent to people by e-mail and SMS, newest first. */
    messages: { list: messages.list },
    /** What was told to Mixpanel, and in how many requests. */
    mixpanel: { events: analytics.list, requests: analytics.requests },
    /** What reading this object answers from now on, merged over the truth. */
    show(id: string, change: Record<string, unknown>): void {
      views.show(object(id).id, change)
    },
    showTruth: views.showTruth,
    /** Forgets all objects, deliveries and faults. */
    async reset(): Promise<void> {
      await webhooks.stop()
      for (const part of [store, faults, views, messages, analytics]) part.clear()
      refunds.hold(false)
    },
  }
}
