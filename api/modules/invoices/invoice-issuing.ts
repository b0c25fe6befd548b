import { system } from '../../platform/actor.js'
import { type Clock, riyadhLocal } from '../../platform/clock.js'
import type { Trx } from '../../platform/database.js'
import { newId } from '../../platform/ids.js'
import { halalas, toSar } from '../../platform/money.js'
import type { AuditService } from '../audit/audit-service.js'
import type { AuthService } from '../auth/auth-service.js'
import type { Company } from '../companies/company.js'
import type { CompanyService } from '../companies/company-service.js'
import type { NotificationService } from '../notifications/notification-service.js'
import type { Order } from '../orders/order.js'
import type { OrderService } from '../orders/order-service.js'
import type { SellerService } from '../sellers/seller-service.js'
import { createDocumentWriting } from './document-writing.js'
import { type BuyerCompany, Invoice, type InvoiceKind } from './invoice.js'
import { isTold } from './invoice-document.js'
import type { UnitService } from './units/unit-service.js'
import { qrText } from './zatca/signing/qr-code.js'

const PREFIX: Record<InvoiceKind, string> = { TAX_INVOICE: 'INV', BILL: 'BILL', CREDIT_NOTE: 'CN' }

type Content = Pick<
  Invoice,
  | ('kind' | 'form' | 'sellerName' | 'sellerCr' | 'sellerVat' | 'sellerAddress')
  | ('buyerName' | 'buyerCompany' | 'lines')
  | ('netHalalas' | 'vatHalalas' | 'roundingHalalas' | 'totalHalalas')
> &
  Partial<Pick<Invoice, 'refundId' | 'originalId'>>

export type IssuingDeps = {
  clock: Clock
  audit: AuditService
  auth: AuthService
  orders: OrderService
  sellers: SellerService
  companies: CompanyService
  notifications: NotificationService
  units: UnitService
}

/** Writing documents, inside a transaction of the caller. */
export function createIssuing(deps: IssuingDeps) {
  const { clock, audit, auth, orders, sellers, companies, notifications, units } = deps
  const writing = createDocumentWriting({ clock })
  return {
    /** The document of a paid order; the one that is there, where it is. */
    async original(trx: Trx, orderId: string): Promise<Invoice> {
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
      const company = isTaxed ? firm(await companies.ofBuyer(order.buyerId, trx), seller.vatNumber) : null
      const { netHalalas, vatHalalas, roundingHalalas, totalHalalas } = order
      return write(trx, order, seller.series, {
        kind: isTaxed ? 'TAX_INVOICE' : 'BILL',
        form: isTaxed ? (company ? 'TAX' : 'SIMPLIFIED') : null,
        sellerName: seller.legalName,
        sellerCr: seller.crNumber,
        sellerVat: isTaxed ? seller.vatNumber : null,
        sellerAddress: seller.address,
        buyerName: buyer.name,
        buyerCompany: company,
        lines: (order.items ?? []).map(
          ({ id: _id, orderId: _order, position: _position, listingId: _listing, ...line }) => line,
        ),
        netHalalas,
        vatHalalas,
        roundingHalalas,
        totalHalalas,
      })
    },

    /** Says of the sale what the original said, whatever the seller is called today. */
    async reverse(trx: Trx, order: Order, original: Invoice, refundId: string): Promise<Invoice> {
      const { form, sellerName, sellerCr, sellerVat, buyerName, buyerCompany, lines } = original
      const { netHalalas, vatHalalas, roundingHalalas, totalHalalas } = original
      const seller = await sellers.get(order.sellerId, trx)
      return write(
        trx,
        order,
        seller.series,
        {
          kind: 'CREDIT_NOTE',
          refundId,
          originalId: original.id,
          // an original of before there were addresses has none
          sellerAddress: original.sellerAddress ?? seller.address,
          ...{ form, sellerName, sellerCr, sellerVat, buyerName, buyerCompany, lines },
          ...{ netHalalas, vatHalalas, roundingHalalas, totalHalalas },
        },
        original.number,
      )
    },
  }

  async function write(
    trx: Trx,
    order: Order,
    series: number,
    content: Content,
    originalNumber?: string,
  ): Promise<Invoice> {
    const prefix = PREFIX[content.kind]
    const facts = { ...content, id: newId(), orderNumber: order.number, issuedAt: wholeSecond(clock.now()) }
    const phaseOne = qrOf(facts)
    const unit = isTold(facts) ? await units.atWork(trx, order.sellerId) : undefined
    // of the right length, and given to nobody
    if (unit) writing.assertRulesKept({ ...facts, number: numberOf(prefix, series, 0) }, unit, originalNumber)

    const number = numberOf(prefix, series, await nextOf(trx, order.sellerId, prefix))
    const sealed = unit && (await writing.seal(trx, { ...facts, number }, unit, originalNumber))
    const invoice = await Invoice.query(trx)
      .insert({
        ...facts,
        number,
        sellerId: order.sellerId,
        orderId: order.id,
        qr: sealed?.qr ?? phaseOne,
      })
      .returning('*')
    if (sealed) await writing.store(trx, invoice, sealed)
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

/** Who buys from itself is no other taxable person: ZATCA refuses a tax invoice between the two. */
function firm(company: Company | undefined, sellerVat: string | null): BuyerCompany | null {
  if (!company || company.vatNumber === sellerVat) return null
  const { name, vatNumber, idScheme, idValue, address } = company
  const id = idScheme && idValue ? { scheme: idScheme, value: idValue } : null
  return { name, vatNumber, id, address }
}

/** Only a document that states VAT carries the code. Its total is BT-112: with VAT, before rounding. That of a signed one proves more. */
function qrOf({
  sellerName,
  sellerVat,
  netHalalas,
  vatHalalas,
  issuedAt,
}: Content & { issuedAt: Date }): string | null {
  if (sellerVat === null) return null
  return qrText({
    sellerName,
    vatNumber: sellerVat,
    issuedAt: riyadhLocal(issuedAt),
    total: toSar(halalas(netHalalas + vatHalalas)),
    vat: toSar(vatHalalas),
  })
}

const numberOf = (prefix: string, series: number, count: number): string =>
  `${prefix}-${series}-${String(count).padStart(6, '0')}`

/** The next of a series, its row locked until the document it is for commits: a rollback gives the number back. */
async function nextOf(trx: Trx, sellerId: string, prefix: string): Promise<number> {
  const { rows } = await trx.raw<{ rows: [{ last: number }] }>(
    `insert into invoice_counters as c (seller_id, prefix, last) values (?, ?, 1)
     on conflict (seller_id, prefix) do update set last = c.last + 1 returning last`,
    [sellerId, prefix],
  )
  return rows[0].last
}

/** A document states seconds: what is stored and what is printed are the same instant. */
const wholeSecond = (at: Date): Date => new Date(Math.floor(at.getTime() / 1000) * 1000)
