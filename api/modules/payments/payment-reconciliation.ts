import { type Actor, system } from '../../platform/actor.js'
import { after, type Clock, days } from '../../platform/clock.js'
import type { Db } from '../../platform/database.js'
import { AppError } from '../../platform/errors.js'
import type { AlertService } from '../alerts/alert-service.js'
import type { AuditService } from '../audit/audit-service.js'
import type { Gateway, ProviderPayment } from './gateways/gateway.js'
import { Payment, Refund } from './payment.js'
import { refundHandle } from './payment-errands.js'
import { OPEN, type PaymentStatus } from './payment-states.js'
import type { createUpkeep } from './payment-upkeep.js'

/** One thing that our books and a provider's tell differently. `repaired`: what it came to. */
export type Difference = {
  kind: 'payment' | 'refund' | 'unknown_charge' | 'not_answered'
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
    for (const provider of gateways()) differences.push(...(await unknownTo(provider, since)))
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
      if (isSame(ours, told)) return undefined
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

  /** Money that a provider took under no payment of ours: nobody here can repair that. */
  async function unknownTo(provider: Gateway, since: Date): Promise<Difference[]> {
    if (!provider.captured) return []
    const unknown: Difference[] = []
    for await (const told of provider.captured(since, clock.now())) {
      const known = await Payment.query(db)
        .where({ provider: provider.name })
        .where(id => id.where({ external_id: told.externalId }).orWhere({ capture_id: told.externalId }))
        .resultSize()
      // one whose answer we lost is a payment of ours, and was compared by its reference
      const isOurs = known > 0 || (await isReference(told.reference))
      if (!isOurs)
        unknown.push({
          kind: 'unknown_charge',
          id: told.externalId,
          provider: provider.name,
          externalId: told.externalId,
          ours: 'nothing',
          theirs: told.status,
        })
    }
    return unknown
  }

  async function isReference(reference: string | undefined): Promise<boolean> {
    if (reference === undefined || !UUID.test(reference)) return false
    return (await Payment.query(db).findById(reference)) !== undefined
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
