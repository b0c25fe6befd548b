import { type Actor, isStaff, requireUser, system } from '../../platform/actor.js'
import { type Clock, riyadhLocal } from '../../platform/clock.js'
import type { Db, Trx } from '../../platform/database.js'
import { AppError, notFound } from '../../platform/errors.js'
import type { AuditService } from '../audit/audit-service.js'
import type { AuthService } from '../auth/auth-service.js'
import type { NotificationService } from '../notifications/notification-service.js'
import type { Order } from '../orders/order.js'
import type { OrderService } from '../orders/order-service.js'
import type { SellerService } from '../sellers/seller-service.js'
import { Invoice, type InvoiceKind } from './invoice.js'
import { phaseOneQr } from './qr.js'

const PREFIX: Record<InvoiceKind, string> = { TAX_INVOICE: 'INV', BILL: 'BILL', CREDIT_NOTE: 'CN' }

type Content = Pick<
  Invoice,
  | 'kind'
  | 'sellerName'
  | 'sellerCr'
  | 'sellerVat'
  | 'buyerName'
  | 'lines'
  | 'netHalalas'
  | 'vatHalalas'
  | 'roundingHalalas'
  | 'totalHalalas'
> &
  Partial<Pick<Invoice, 'refundId' | 'originalId'>>

export type IssuedBetween = { since?: Date | undefined; until?: Date | undefined }

type Deps = {
  db: Db
  clock: Clock
  audit: AuditService
  auth: AuthService
  orders: OrderService
  sellers: SellerService
  notifications: NotificationService
}
export type InvoiceService = ReturnType<typeof createInvoiceService>

export function createInvoiceService({ db, clock, audit, auth, orders, sellers, notifications }: Deps) {
  return {
    /** The document of a paid order: a tax invoice, or a bill where the seller is not registered for VAT. Once an order. */
    async issueForOrder(orderId: string): Promise<Invoice> {
      return db.transaction(trx => original(trx, orderId))
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
      return db.transaction(async trx => {
        const order = await orders.withItems(trx, orderId)
        if (order.status !== 'REFUNDED') return undefined
        const invoice = await original(trx, orderId)
        const existing = await Invoice.query(trx).findOne({ order_id: orderId, kind: 'CREDIT_NOTE' })
        return existing ?? reverse(trx, order, invoice, refundId)
      })
    },

    async get(id: string, actor: Actor): Promise<Invoice> {
      const invoice = await Invoice.query(db).findById(id)
      if (!invoice) throw notFound('invoice', id)
      await orders.get(invoice.orderId, actor).catch(error => {
        throw error instanceof AppError && error.kind === 'not_found' ? notFound('invoice', id) : error
      })
      return invoice
    },

    /** The documents of an order, in the order of their issue. */
    async ofOrder(orderId: string, actor: Actor): Promise<Invoice[]> {
      if (!isStaff(actor)) requireUser(actor)
      const order = await orders.get(orderId, actor)
      return Invoice.query(db).where({ order_id: order.id }).orderBy(['issued_at', 'id'])
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

  async function original(trx: Trx, orderId: string): Promise<Invoice> {
    // locks the order, so that two jobs for it do not both find nothing
    const order = await orders.withItems(trx, orderId)
    const existing = await Invoice.query(trx)
      .where({ order_id: orderId })
      .whereNot({ kind: 'CREDIT_NOTE' })
      .first()
    if (existing) return existing
    if (order.paidAt === null) throw new Error(`order ${orderId} is not paid`)
    const seller = await sellers.get(order.sellerId, trx)
    const buyer = await auth.findUser(order.buyerId, trx)
    // as the order was priced: what the seller registered for since does not change what was charged
    const isTaxed = (order.items ?? []).some(item => item.vatBasisPoints > 0)
    const { netHalalas, vatHalalas, roundingHalalas, totalHalalas } = order
    return write(trx, order, seller.series, {
      kind: isTaxed ? 'TAX_INVOICE' : 'BILL',
      sellerName: seller.legalName,
      sellerCr: seller.crNumber,
      sellerVat: isTaxed ? seller.vatNumber : null,
      buyerName: buyer.name,
      lines: (order.items ?? []).map(
        ({ id: _id, orderId: _order, position: _position, listingId: _listing, ...line }) => line,
      ),
      netHalalas,
      vatHalalas,
      roundingHalalas,
      totalHalalas,
    })
  }

  /** Says of the sale what the original said, whatever the seller is called today. */
  async function reverse(trx: Trx, order: Order, original: Invoice, refundId: string): Promise<Invoice> {
    const { sellerName, sellerCr, sellerVat, buyerName, lines } = original
    const { netHalalas, vatHalalas, roundingHalalas, totalHalalas } = original
    const { series } = await sellers.get(order.sellerId, trx)
    return write(trx, order, series, {
      kind: 'CREDIT_NOTE',
      refundId,
      originalId: original.id,
      ...{ sellerName, sellerCr, sellerVat, buyerName, lines },
      ...{ netHalalas, vatHalalas, roundingHalalas, totalHalalas },
    })
  }

  async function write(trx: Trx, order: Order, series: number, content: Content): Promise<Invoice> {
    const issuedAt = wholeSecond(clock.now())
    const invoice = await Invoice.query(trx)
      .insert({
        ...content,
        number: await nextNumber(trx, { sellerId: order.sellerId, series, prefix: PREFIX[content.kind] }),
        sellerId: order.sellerId,
        orderId: order.id,
        orderNumber: order.number,
        qr: qrOf(content, issuedAt),
        issuedAt,
      })
      .returning('*')
    await audit.record(
      trx,
      system('invoices'),
      'invoice_issued',
      { type: 'invoice', id: invoice.id, orderId: order.id },
      { number: invoice.number },
    )
    await notifications.add(trx, order.buyerId, 'invoice_issued', {
      orderId: order.id,
      invoiceId: invoice.id,
      number: invoice.number,
    })
    return invoice
  }
}

/** Only a document that states VAT carries the code. */
function qrOf({ sellerName, sellerVat, totalHalalas, vatHalalas }: Content, issuedAt: Date): string | null {
  if (sellerVat === null) return null
  return phaseOneQr({
    sellerName,
    vatNumber: sellerVat,
    issuedAt: riyadhLocal(issuedAt),
    totalHalalas,
    vatHalalas,
  })
}

type Series = { sellerId: string; series: number; prefix: string }

/** The next of a series, its row locked until the document it is for commits: a rollback gives the number back. */
async function nextNumber(trx: Trx, { sellerId, series, prefix }: Series): Promise<string> {
  const { rows } = await trx.raw<{ rows: { last: number }[] }>(
    `insert into invoice_counters as c (seller_id, prefix, last) values (?, ?, 1)
     on conflict (seller_id, prefix) do update set last = c.last + 1 returning last`,
    [sellerId, prefix],
  )
  return `${prefix}-${series}-${String(rows[0]?.last).padStart(6, '0')}`
}

/** A document states seconds: what is stored and what is printed are the same instant. */
const wholeSecond = (at: Date): Date => new Date(Math.floor(at.getTime() / 1000) * 1000)
