import { type Actor, isStaff, requireUser, system } from '../../platform/actor.js'
import type { Db, Trx } from '../../platform/database.js'
import { AppError, notFound } from '../../platform/errors.js'
import { type VerifiedChain, verifyChains } from './chain-verification.js'
import { createDocumentWriting } from './document-writing.js'
import { Invoice } from './invoice.js'
import { createIssuing, type IssuingDeps } from './invoice-issuing.js'
import { countChained, type Lacking, lackingDocuments } from './invoice-queries.js'
import { SealedDocument } from './tax-document.js'

export type IssuedBetween = { since?: Date | undefined; until?: Date | undefined }
export type InvoiceService = ReturnType<typeof createInvoiceService>

export function createInvoiceService({ db, ...deps }: IssuingDeps & { db: Db }) {
  const { orders, sellers, clock, units } = deps
  const issuing = createIssuing(deps)
  const writing = createDocumentWriting({ clock })

  const service = {
    /** The document of a paid order: a tax invoice, or a bill where the seller is not registered for VAT. Once an order. */
    async issueForOrder(orderId: string): Promise<Invoice> {
      await readyFor(orderId)
      return db.transaction(trx => issuing.original(trx, orderId))
    },

    /**
     * The credit note of a refund, once an order. Money that came twice or too late goes back without one:
     * the order it was for still stands, or was never invoiced.
     */
    async issueCreditNote({
      refundId,
      orderId,
    }: {
      refundId: string
      orderId: string
    }): Promise<Invoice | undefined> {
      await readyFor(orderId)
      return db.transaction(async trx => {
        const order = await orders.withItems(trx, orderId)
        if (order.status !== 'REFUNDED') return undefined
        const invoice = await issuing.original(trx, orderId)
        const existing = await Invoice.query(trx).findOne({ order_id: orderId, kind: 'CREDIT_NOTE' })
        return existing ?? issuing.reverse(trx, order, invoice, refundId)
      })
    },

    /** Documents that should be there and are not, in the order in which to write them; of one order on request. */
    lacking: (orderId?: string): Promise<Lacking[]> =>
      lackingDocuments(db, { orderId, isAutomatic: units.isAutomatic }),

    /** Writes one of them. Undefined where there is nothing to write any more. */
    async generate({ orderId, refundId, invoiceId }: Lacking): Promise<Invoice | undefined> {
      await readyFor(orderId)
      if (invoiceId) return db.transaction(trx => tell(trx, invoiceId))
      return refundId ? service.issueCreditNote({ refundId, orderId }) : service.issueForOrder(orderId)
    },

    async get(id: string, actor: Actor): Promise<Invoice> {
      return seen(await Invoice.query(db).findById(id).withGraphFetched('document'), id, actor)
    },

    /** By its number or its id. */
    async named(reference: string, actor: Actor): Promise<Invoice> {
      const by = /^[A-Z]+-/.test(reference) ? { number: reference } : { id: reference }
      return seen(await Invoice.query(db).findOne(by).withGraphFetched('document'), reference, actor)
    },

    /** The XML as it was written, byte for byte. A bill has none, nor has what was issued before its seller had an address. */
    async xmlOf(id: string, actor: Actor): Promise<string> {
      const invoice = await service.get(id, actor)
      const document = await SealedDocument.query(db).findById(invoice.id)
      if (document) return document.xml
      throw new AppError('not_found', 'invoices.no_xml', `There is no XML of ${invoice.number}.`, {
        number: invoice.number,
      })
    },

    /** The documents of an order, in the order of their issue. */
    async ofOrder(orderId: string, actor: Actor): Promise<Invoice[]> {
      if (!isStaff(actor)) requireUser(actor)
      const order = await orders.get(orderId, actor)
      return Invoice.query(db)
        .where({ order_id: order.id })
        .orderBy(['issued_at', 'id'])
        .withGraphFetched('document')
    },

    /** How many documents stand in the chains of a seller, or of all. */
    chained: (sellerId?: string): Promise<number> => countChained(db, sellerId),

    /** Recomputes the chains of a seller, or of all, from the bytes that are stored. Each ends at its first break. */
    verifyChains(options: {
      sellerId?: string | undefined
      onDocument?: () => void
    }): AsyncGenerator<VerifiedChain> {
      return verifyChains(db, units, options)
    },

    /** A page of all documents issued in a time, for exports. `after` is the id and time of the last one seen. */
    async issuedAfter(
      after: { issuedAt: Date; id: string } | undefined,
      limit: number,
      { since, until }: IssuedBetween,
    ): Promise<Invoice[]> {
      const query = Invoice.query(db).orderBy(['issued_at', 'id']).limit(limit)
      if (since) query.where('issued_at', '>=', since)
      if (until) query.where('issued_at', '<', until)
      if (after) query.whereRaw('(issued_at, id) > (?::timestamptz, ?::uuid)', [after.issuedAt, after.id])
      return query
    },
  }
  return service

  async function seen(invoice: Invoice | undefined, reference: string, actor: Actor): Promise<Invoice> {
    if (!invoice) throw notFound('invoice', reference)
    await orders.get(invoice.orderId, actor).catch(error => {
      throw error instanceof AppError && error.kind === 'not_found' ? notFound('invoice', reference) : error
    })
    return invoice
  }

  /** Before the transaction: a unit that is still to be made asks for its certificate, elsewhere. */
  async function readyFor(orderId: string): Promise<void> {
    if (units.isAutomatic) await units.ready((await orders.get(orderId, system('invoices'))).sellerId)
  }

  /** The XML of an invoice that was issued before its seller had told the address. */
  async function tell(trx: Trx, invoiceId: string): Promise<Invoice | undefined> {
    const invoice = await Invoice.query(trx).findById(invoiceId)
    // the seller's row is the lock: one at a time, and the address stays as it is
    const seller = invoice && (await sellers.held(trx, invoice.sellerId))
    if (!invoice || !seller?.address || (await SealedDocument.query(trx).findById(invoiceId)))
      return undefined
    const original = invoice.originalId ? await Invoice.query(trx).findById(invoice.originalId) : undefined
    const unit = await units.atWork(trx, invoice.sellerId)
    if (!unit) return undefined
    const told = Object.assign(invoice, { sellerAddress: invoice.sellerAddress ?? seller.address })
    writing.assertRulesKept(told, unit, original?.number)
    await writing.store(trx, told, await writing.seal(trx, told, unit, original?.number))
    return invoice
  }
}
