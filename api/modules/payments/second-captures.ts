import { system } from '../../platform/actor.js'
import type { DbOrTrx, Trx } from '../../platform/database.js'
import { newId } from '../../platform/ids.js'
import type { AlertService } from '../alerts/alert-service.js'
import type { Gateway, ProviderPayment } from './gateways/gateway.js'
import { type Payment, Refund } from './payment.js'
import { captureOf, differencesOf } from './payment-comparison.js'
import type { Outcome, SettlementDeps } from './payment-settlement.js'
import {
  differs,
  type Fate,
  goesBack,
  leftToPeople,
  perhapsFirst,
  twiceAlert,
  twiceOf,
} from './second-capture-alert.js'

/**
 * Money that came twice under one payment: the second sum belongs to nothing that was sold, and goes back by itself,
 * once. Inside the caller's transaction, which holds the payment.
 */
export function createSecondCaptures({ clock, audit, outbox, alerts }: SettlementDeps) {
  return {
    /** The gravest of what it came to: held where one is not what was asked for, applied where one goes back now. */
    async sendBack(
      trx: Trx,
      gateway: Gateway,
      payment: Payment,
      all: readonly ProviderPayment[],
    ): Promise<Outcome['outcome']> {
      const came: Outcome['outcome'][] = []
      for (const told of all) came.push(await sendOneBack(trx, gateway, payment, told))
      return (
        came.find(each => each === 'held_for_review') ??
        came.find(each => each === 'applied') ??
        'ignored_stale'
      )
    },
  }

  async function sendOneBack(
    trx: Trx,
    gateway: Gateway,
    payment: Payment,
    told: ProviderPayment,
  ): Promise<Outcome['outcome']> {
    if ((await unnoted(trx, alerts, payment, told)).length === 0) return 'ignored_stale'
    const captureId = captureOf(told)
    const hold = async (fate: Fate): Promise<'held_for_review'> => {
      await alerts.raise(trx, twiceAlert(payment, captureId, fate))
      return 'held_for_review'
    }
    if (payment.captureId === null) return hold(perhapsFirst)
    const differences = differencesOf(payment, told, gateway)
    // another sum than we asked for is a person's to judge, as it is of a first capture
    if (differences.length > 0) return hold(differs(differences))
    // an alert without a refund told a person to send it back, who may be about to: it goes back once
    if (await alerts.isOpen(trx, twiceOf(payment.id, captureId))) return hold(leftToPeople)
    const refundId = await note(trx, payment, captureId)
    if (refundId === undefined) return 'ignored_stale'
    await alerts.raise(trx, twiceAlert(payment, captureId, goesBack(refundId)))
    await outbox.add(trx, 'second_capture_due', { refundId })
    return 'applied'
  }

  /** The row that makes it once; undefined where it was there. */
  async function note(trx: Trx, payment: Payment, captureId: string): Promise<string | undefined> {
    const { id: paymentId, amountHalalas } = payment
    const id = newId()
    const [added] = await trx('refunds')
      .insert({
        id,
        payment_id: paymentId,
        capture_id: captureId,
        amount_halalas: amountHalalas,
        reason: TWICE,
        created_at: clock.now(),
      })
      .onConflict(trx.raw('(payment_id, capture_id) where capture_id is not null'))
      .ignore()
      .returning('id')
    if (added === undefined) return undefined
    const details = { paymentId, captureId, amountHalalas, reason: TWICE }
    await audit.record(trx, self, 'refund_requested', { type: 'refund', id }, details)
    return id
  }
}

const self = system('payments')
const TWICE = 'It was paid a second time.'

/** Those that are not on their way back yet, and that nobody said to have dealt with. */
export async function unnoted(
  on: DbOrTrx,
  alerts: AlertService,
  payment: Payment,
  ...all: readonly ProviderPayment[]
): Promise<ProviderPayment[]> {
  if (all.length === 0) return []
  const noted = await Refund.query(on)
    .where({ payment_id: payment.id })
    .whereIn('capture_id', all.map(captureOf))
  const left = all.filter(each => !noted.some(({ captureId }) => captureId === captureOf(each)))
  const closed = await alerts.endedOf(
    on,
    left.map(each => twiceOf(payment.id, captureOf(each))),
  )
  return left.filter(each => !closed.includes(twiceOf(payment.id, captureOf(each))))
}
