import { AppError, notFound } from '../platform/errors.js'
import type { Deliveries } from './deliveries.js'
import type { Delivery } from './delivery-log.js'
import type { Fault, Faults } from './faults.js'
import type { Hyperpay } from './hyperpay/index.js'
import { APPROVED, DECLINED } from './hyperpay/results.js'
import type { Operation } from './hyperpay/types.js'
import type { MessageBox } from './messages/message-box.js'
import type { EventBox } from './mixpanel/event-box.js'
import type { Firms } from './registries/firms.js'
import type { Payments } from './tap/payments.js'
import type { Refunds } from './tap/refunds.js'
import type { Store } from './tap/store.js'
import type { TapObject, TapPayment, TapRefund } from './tap/types.js'
import type { Webhooks } from './tap/webhooks.js'
import type { Views } from './views.js'

export type SandboxControl = ReturnType<typeof createControl>
type Deps = {
  store: Store
  payments: Payments
  refunds: Refunds
  webhooks: Webhooks
  deliveries: Deliveries
  hyperpay: Hyperpay | undefined
  faults: Faults
  views: Views
  messages: MessageBox
  firms: Firms
  analytics: EventBox
}

/** The hand of the tester: plays the customer and the bank, and makes the provider misbehave. */
export function createControl(deps: Deps) {
  const { store, payments, refunds, webhooks, deliveries, faults, views, messages, firms, analytics } = deps

  function object(id: string): TapObject {
    const found = payments.find(id) ?? store.get('refund', id)
    if (!found) throw notFound('payment', id)
    return found
  }

  function hyperpay(): Hyperpay {
    if (deps.hyperpay) return deps.hyperpay
    throw new AppError('conflict', 'sandbox.no_hyperpay', 'This sandbox was started without HyperPay.')
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
    /** HyperPay's side: checkouts by their id, what was done by an operation's. */
    hyperpay: {
      pay: (checkoutId: string, code = APPROVED, brand?: string): Operation =>
        hyperpay().checkouts.pay(checkoutId, { code, ...(brand === undefined ? {} : { brand }) }),
      decline: (checkoutId: string, code = DECLINED): Operation =>
        hyperpay().checkouts.pay(checkoutId, { code }),
      settle: (operationId: string, code = APPROVED): Operation =>
        hyperpay().checkouts.settle(operationId, code),
      /** What captures, refunds and reversals come to from now on. */
      answerWith: (code: string): void => hyperpay().management.answerWith(code),
      /** Newest first; of one reference, or all. */
      operations: (reference?: string): Operation[] =>
        hyperpay().ledger.operations(
          each => reference === undefined || each.merchantTransactionId === reference,
        ),
      checkouts: () => hyperpay().ledger.checkouts(),
    },
    webhooks: {
      deliveries: (objectId?: string): readonly Delivery[] =>
        deliveries.all().filter(delivery => objectId === undefined || delivery.objectId === objectId),
      hold: deliveries.hold,
      release: deliveries.release,
      discard: deliveries.discard,
      repeat: deliveries.repeat,
      resend(id: string): void {
        const operation = deps.hyperpay?.ledger.operation(id)
        if (operation) deps.hyperpay?.webhooks.resend(operation)
        else webhooks.resend(object(id))
      },
      idle: deliveries.idle,
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
    /** What the commercial register says of a number. */
    firms: { set: firms.set },
    /** What reading this object answers from now on, merged over the truth. */
    show(id: string, change: Record<string, unknown>): void {
      views.show(deps.hyperpay?.ledger.operation(id)?.id ?? object(id).id, change)
    },
    showTruth: views.showTruth,
    /** Forgets all objects, deliveries and faults. */
    async reset(): Promise<void> {
      await deliveries.stop()
      for (const part of [store, faults, views, messages, firms, analytics]) part.clear()
      refunds.hold(false)
      deps.hyperpay?.ledger.clear()
      deps.hyperpay?.management.answerWith(APPROVED)
    },
  }
}
