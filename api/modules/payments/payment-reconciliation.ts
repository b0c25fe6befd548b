import { type Actor, system } from '../../platform/actor.js'
import { after, type Clock, days } from '../../platform/clock.js'
import type { Db } from '../../platform/database.js'
import { AppError } from '../../platform/errors.js'
import type { AlertService } from '../alerts/alert-service.js'
import type { AuditService } from '../audit/audit-service.js'
import type { Gateway, ProviderPayment } from './gateways/gateway.js'
import { Payment, Refund } from './payment.js'
import { captureOf, secondCapturesIn } from './payment-comparison.js'
import { refundHandle } from './payment-errands.js'
import { OPEN, PAID, type PaymentStatus } from './payment-states.js'
import type { createUpkeep } from './payment-upkeep.js'
import { unnoted } from './second-captures.js'

/** One thing that our books and a provider's tell differently. `repaired`: what it came to. */
export type Difference = {
  kind: 'payment' | 'refund' | 'second_capture' | 'unknown_charge' | 'not_answered'
  id: string
  provider: string
  externalId: string | null
  ours: string
  theirs: string
  repaired?: string
}
export type Reconciled = { looked: number; differences: Difference[] }
export type ReconcileOptions = {
  since: Date
  apply: boolean
  progress?: (looked: number, all: number) => void
}

type Deps = {
  db: Db
  clock: Clock
  audit: AuditService
  alerts: AlertService
  gateways: () => readonly Gateway[]
  gateway(name: string): Gateway
  upkeep: ReturnType<typeof createUpkeep>
}

/** Puts our books beside the providers', payment by payment and refund by refund. */
export function createReconciliation({ db, clock, audit, alerts, gateways, gateway, upkeep }: Deps) {
  return {
    reconcile,

    /** The nightly look at the last three days: what can be repaired is, what cannot is told to people. */
    async reconcileLately(): Promise<number> {
      const since = after(clock.now(), -days(3))
      const { differences } = await reconcile({ since, apply: true }, system('reconcile-payments'))
      const left = differences.filter(isLeft)
      if (left.length > 0)
        await alerts.raiseAlone({
          key: 'books_differ',
          kind: 'books_differ',
          severity: 'critical',
          summary: `${left.length} payments or refunds are told otherwise by their providers: webhooks:reconcile --since 3d lists them.`,
          details: { left: left.slice(0, 20) },
        })
      else await alerts.endAlone('books_differ')
      return differences.length
    },
  }
  /** What was begun since then. With `apply` the provider's word is brought in, by the same rules as an event's. */
  async function reconcile({ since, apply, progress }: ReconcileOptions, actor: Actor): Promise<Reconciled> {
    const payments = await Payment.query(db).where('created_at', '>=', since).orderBy('id')
    const refunds = await Refund.query(db).where('created_at', '>=', since).orderBy('id')
    const all = payments.length + refunds.length
    const differences: Difference[] = []
    let looked = 0
    const note = (found: Difference | undefined) => {
      if (found) differences.push(found)
      looked += 1
      progress?.(looked, all)
    }
    for (const payment of payments) note(await comparePayment(payment, apply))
    for (const refund of refunds) note(await compareRefund(refund, apply))
    for (const provider of gateways()) {
      // one whose own difference stands in the list is told of once
      const told = new Set(differences.map(({ id }) => id))
      for await (const found of chargesBeside(provider, since, apply))
        if (!told.has(found.id)) differences.push(found)
    }
    await db.transaction(trx =>
      audit.record(
        trx,
        actor,
        'payments_reconciled',
        { type: 'payments', id: since.toISOString() },
        { looked, differences: differences.length, apply },
      ),
    )
    return { looked, differences }
  }

  async function comparePayment(payment: Payment, apply: boolean): Promise<Difference | undefined> {
    const { id, provider, externalId, status: ours } = payment
    const about = { kind: 'payment', id, provider, externalId, ours } as const
    try {
      const told = await ask(gateway(provider), payment)
      if (isSame(ours, told)) return told && secondOf(payment, told, apply)
      const found = { ...about, theirs: told?.status ?? 'never heard of it' }
      if (!apply) return found
      const outcome = await upkeep.refresh(payment)
      return { ...found, repaired: outcome?.outcome ?? 'given_up' }
    } catch (error) {
      return notAnswered(about, error)
    }
  }

  async function compareRefund(refund: Refund, apply: boolean): Promise<Difference | undefined> {
    if (refund.status === 'REQUESTED' && refund.askedAt === null) return undefined
    const payment = (await Payment.query(db).findById(refund.paymentId)) as Payment
    const { provider } = payment
    const { id, externalId, status: ours } = refund
    const about = { kind: 'refund', id, provider, externalId, ours } as const
    try {
      const handle = refundHandle(refund, payment)
      const told =
        externalId === null
          ? await gateway(provider).findRefund(handle)
          : await gateway(provider).getRefund({ ...handle, externalId })
      if (!told || told.status === 'UNKNOWN' || told.status === ours) return undefined
      const found = { ...about, theirs: told.status }
      return apply
        ? { ...found, repaired: (await upkeep.refreshRefund(refund))?.outcome ?? 'nothing' }
        : found
    } catch (error) {
      return notAnswered(about, error)
    }
  }

  async function ask(provider: Gateway, payment: Payment): Promise<ProviderPayment | undefined> {
    return payment.externalId === null
      ? provider.findByReference(payment.handle)
      : provider.getPayment(payment.handle)
  }

  /** More than one sum under one payment. With `apply` all but the first go back. */
  async function secondOf(
    payment: Payment,
    told: ProviderPayment,
    apply: boolean,
  ): Promise<Difference | undefined> {
    const [second] = await unnoted(db, alerts, payment, ...secondCapturesIn(payment, told))
    if (!second) return undefined
    const { id, provider } = payment
    const found = { kind: 'second_capture', id, provider, ours: 'nothing', theirs: second.status } as const
    const named = { ...found, externalId: captureOf(second) }
    return apply ? { ...named, repaired: (await upkeep.bringIn(payment, told)).outcome } : named
  }

  /** What a provider took that none of our payments names: under our reference after all, or under none, which nobody here can repair. */
  async function* chargesBeside(provider: Gateway, since: Date, apply: boolean): AsyncGenerator<Difference> {
    for await (const told of provider.captured?.(since, clock.now()) ?? []) {
      const known = await Payment.query(db)
        .where({ provider: provider.name })
        .where(id => id.where({ external_id: told.externalId }).orWhere({ capture_id: told.externalId }))
        .resultSize()
      if (known > 0) continue
      const payment = await referredTo(provider, told.reference)
      // one whose answer we lost was compared by its reference
      if (payment?.externalId === null) continue
      const { externalId, status: theirs } = told
      const stranger = { provider: provider.name, externalId, ours: 'nothing', theirs } as const
      const found = payment
        ? await underReference(payment, told, apply)
        : ({ ...stranger, kind: 'unknown_charge', id: externalId } as const)
      if (found) yield found
    }
  }

  /** A charge that a payment does not name and that carries its reference: its first money, or a second sum. */
  async function underReference(
    payment: Payment,
    told: ProviderPayment,
    apply: boolean,
  ): Promise<Difference | undefined> {
    if (PAID.includes(payment.status)) return secondOf(payment, told, apply)
    const { id, provider, status: ours } = payment
    const { externalId, status: theirs } = told
    const found = { kind: 'payment', id, provider, externalId, ours, theirs } as const
    return apply ? { ...found, repaired: (await upkeep.bringIn(payment, told)).outcome } : found
  }

  async function referredTo({ name }: Gateway, reference: string | undefined): Promise<Payment | undefined> {
    if (reference === undefined || !UUID.test(reference)) return undefined
    return Payment.query(db).findById(reference).where({ provider: name })
  }
}

/** Whether it still stands after what was done about it. */
export const isLeft = ({ repaired }: Difference): boolean => repaired !== 'applied' && repaired !== 'given_up'

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** What a refund takes back was captured all the same; and a page that is open is open in whichever of the open states. */
function isSame(ours: PaymentStatus, told: ProviderPayment | undefined): boolean {
  if (!told) return ours === 'FAILED'
  if (told.status === 'UNKNOWN') return true
  if (told.status === 'CAPTURED') return ['CAPTURED', 'PARTIALLY_REFUNDED', 'REFUNDED'].includes(ours)
  if (told.status === 'INITIATED') return OPEN.includes(ours)
  return told.status === ours
}

/** A provider that does not answer for one may answer for the next: the rest is compared all the same. */
function notAnswered(about: Omit<Difference, 'theirs'>, error: unknown): Difference {
  if (!(error instanceof AppError)) throw error
  return { ...about, kind: 'not_answered', theirs: error.code }
}
