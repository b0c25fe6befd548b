import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { riyadhLocal } from '../../api/platform/clock.js'
import { halalas } from '../../api/platform/money.js'
import type { Who } from '../support/accounts.js'
import { putByHand } from '../support/by-hand.js'
import { useContext } from '../support/context.js'
import { atOnce } from '../support/ordering.js'
import { buy, place } from '../support/shopping.js'
import { decodeTlv } from '../support/tlv.js'

describe('invoice numbers', () => {
  const t = useContext()
  /** Orders that are paid while no document is written yet. */
  async function paidOrders(count: number, who: Who = 'seller'): Promise<string[]> {
    const listing = await t.accounts.listing({ stock: count }, who)
    const ids: string[] = []
    for (let made = 0; made < count; made++)
      ids.push((await place(t, [{ listingId: listing.id, quantity: 1 }])).orders[0]?.id as string)
    await putByHand(t, 'orders', { id: ids }, { status: 'PAID', paid_at: new Date() })
    return ids
  }
  const numbersOf = async (who: Who, kind = 'TAX_INVOICE'): Promise<string[]> => {
    const { id } = await t.accounts.shop(who)
    return t.db('invoices').where({ seller_id: id, kind }).orderBy('number').pluck('number')
  }
  const series = async (who: Who, count: number) => {
    const shop = await t.accounts.shop(who)
    return Array.from(
      { length: count },
      (_, index) => `INV-${shop.series}-${String(index + 1).padStart(6, '0')}`,
    )
  }

  it('have no gap and no double, issued twenty at once and each asked for twice', async () => {
    const ids = await paidOrders(20, 'seller:busy')
    for (const half of [ids.slice(0, 10), ids.slice(10)]) {
      await atOnce(10, index => t.services.invoices.issueForOrder(half[index] as string))
      await atOnce(10, index => t.services.invoices.issueForOrder(half[index] as string))
    }
    expect(await numbersOf('seller:busy')).to.deep.equal(await series('seller:busy', 20))
  })

  it('are given once for an order that is invoiced by several workers at once', async () => {
    const [id] = await paidOrders(1, 'seller:one')
    const issued = await atOnce(8, () => t.services.invoices.issueForOrder(id as string))
    expect(new Set(issued.map(invoice => invoice.id)).size).to.equal(1)
    expect(await numbersOf('seller:one')).to.deep.equal(await series('seller:one', 1))
  })

  it('are given back when the transaction they were for is rolled back', async () => {
    const ids = await paidOrders(9, 'seller:unlucky')
    const doomed = ids.filter((_, index) => index % 3 === 1)
    await t.owner.raw(`
      create function refuse_some() returns trigger language plpgsql as $$
      begin
        if new.kind = 'invoice_issued' and new.data ->> 'orderId' = any ('{${doomed.join()}}') then
          raise exception 'injected';
        end if;
        return new;
      end $$;
      create trigger refuse_some before insert on notifications for each row execute function refuse_some()`)
    const outcomes = await Promise.allSettled(ids.map(id => t.services.invoices.issueForOrder(id)))
    expect(outcomes.filter(({ status }) => status === 'rejected')).to.have.length(3)
    expect(await numbersOf('seller:unlucky')).to.deep.equal(await series('seller:unlucky', 6))

    await t.owner.raw('drop trigger refuse_some on notifications; drop function refuse_some')
    for (const id of doomed) await t.services.invoices.issueForOrder(id)
    expect(await numbersOf('seller:unlucky')).to.deep.equal(await series('seller:unlucky', 9))
  })

  it('run apart for every seller', async () => {
    for (const who of ['seller:x', 'seller:y'] as const) {
      const [id] = await paidOrders(1, who)
      await t.services.invoices.issueForOrder(id as string)
      expect(await numbersOf(who)).to.deep.equal(await series(who, 1))
    }
  })

  it('are for orders that are paid', async () => {
    const listing = await t.accounts.listing()
    const { orders } = await place(t, [{ listingId: listing.id, quantity: 1 }])
    const refusal = await t.services.invoices.issueForOrder(orders[0]?.id as string).catch(error => error)
    expect(refusal).to.be.an('error').with.property('message').that.includes('is not paid')
  })
})

describe('the document of an order', () => {
  const t = useContext()
  const documentsOf = async (orderId: string, as: Who = 'buyer') =>
    (await t.get(`/api/v1/invoices?orderId=${orderId}`, { as })).body.items

  it('states what was sold as it was sold', async () => {
    const listing = await t.accounts.listing({ priceHalalas: halalas(410), titleEn: 'Bulb' })
    const other = await t.accounts.listing({ priceHalalas: halalas(190) })
    const { orderId } = await buy(t, [
      { listingId: listing.id, quantity: 2 },
      { listingId: other.id, quantity: 1 },
    ])
    const shop = await t.accounts.shop()
    const [invoice] = await documentsOf(orderId)
    expect(invoice).to.deep.include({
      kind: 'TAX_INVOICE',
      orderId,
      originalId: null,
      seller: {
        id: shop.id,
        legalName: 'شركة قطع الاختبار المحدودة',
        crNumber: shop.crNumber,
        vatNumber: shop.vatNumber,
      },
      buyerName: 'Test buyer',
    })
    const { net, vat, rounding, total, lines } = invoice
    expect(total.amount).to.equal(1_010)
    expect(net.amount + vat.amount + rounding.amount).to.equal(1_010)
    expect(lines.map((line: { net: { amount: number } }) => line.net.amount)).to.have.length(2)
    const netOfLines = lines.reduce(
      (all: number, line: { net: { amount: number } }) => all + line.net.amount,
      0,
    )
    expect(netOfLines).to.equal(net.amount)
    expect(lines[0]).to.deep.include({
      title: { ar: 'فحمات أمامية', en: 'Bulb' },
      quantity: 2,
      unitPrice: { amount: 410, currency: 'SAR' },
      vatBasisPoints: 1500,
    })
  })

  it("carries a QR code with the document's own figures and the time of its issue in Riyadh", async () => {
    const listing = await t.accounts.listing()
    const { orderId } = await buy(t, [{ listingId: listing.id, quantity: 1 }])
    const shop = await t.accounts.shop()
    const [invoice] = await documentsOf(orderId)
    const issuedAt = new Date(invoice.issuedAt)
    expect(issuedAt.getMilliseconds()).to.equal(0)
    const inRiyadh = new Date(issuedAt.getTime() + 3 * 3_600_000).toISOString().slice(0, 19)
    expect(riyadhLocal(issuedAt)).to.equal(inRiyadh)
    expect(decodeTlv(invoice.qr).slice(0, 5)).to.deep.equal([
      [1, 'شركة قطع الاختبار المحدودة'],
      [2, shop.vatNumber],
      [3, inRiyadh],
      [4, '115.00'],
      [5, '15.00'],
    ])
  })

  it('is a bill without VAT and QR code where the seller is not registered', async () => {
    await t.accounts.shop('seller:small', { vatNumber: null })
    const listing = await t.accounts.listing({}, 'seller:small')
    const { orderId } = await buy(t, [{ listingId: listing.id, quantity: 1 }])
    const [bill] = await documentsOf(orderId)
    expect(bill).to.deep.include({ kind: 'BILL', qr: null, vat: { amount: 0, currency: 'SAR' } })
    expect(bill.number).to.match(/^BILL-\d+-000001$/)
    expect(bill.seller.vatNumber).to.equal(null)

    await t.post(`/api/v1/orders/${orderId}/cancel`, { as: 'buyer', key: randomUUID() })
    await t.settle()
    const [, note] = await documentsOf(orderId)
    expect(note).to.include({ kind: 'CREDIT_NOTE', originalId: bill.id, qr: null })
  })

  it('is followed by a credit note over the same amounts when it is refunded, once', async () => {
    const listing = await t.accounts.listing({ priceHalalas: halalas(50) })
    const { orderId } = await buy(t, [{ listingId: listing.id, quantity: 1 }])
    await t.post(`/api/v1/orders/${orderId}/cancel`, { as: 'buyer', key: randomUUID() })
    await t.settle()
    const [invoice, note] = await documentsOf(orderId)
    expect(note).to.deep.include({
      kind: 'CREDIT_NOTE',
      originalId: invoice.id,
      net: invoice.net,
      vat: invoice.vat,
      rounding: invoice.rounding,
      total: invoice.total,
      lines: invoice.lines,
    })
    const refund = await t.db('refunds').where({ order_id: orderId }).first('id')
    const again = await atOnce(5, () => t.services.invoices.issueCreditNote({ refundId: refund.id, orderId }))
    expect(new Set(again.map(each => each?.id))).to.deep.equal(new Set([note.id]))
    expect(await documentsOf(orderId)).to.have.length(2)
  })

  it('is there before its credit note though the order was cancelled at once', async () => {
    const listing = await t.accounts.listing()
    const { orders } = await place(t, [{ listingId: listing.id, quantity: 1 }])
    const orderId = orders[0]?.id as string
    await putByHand(t, 'orders', { id: orderId }, { status: 'REFUNDED', paid_at: new Date() })
    const other = await buy(t, [{ listingId: listing.id, quantity: 1 }])
    const payment_id = other.payment.id
    const [{ id: refundId }] = await t
      .owner('refunds')
      .insert({ id: orderId, payment_id, order_id: orderId, amount_halalas: 1, reason: 'x' })
      .returning('id')
    await t.services.invoices.issueCreditNote({ refundId, orderId })
    const kinds = (await documentsOf(orderId)).map((each: { kind: string }) => each.kind)
    expect(kinds).to.have.members(['TAX_INVOICE', 'CREDIT_NOTE'])
  })

  it('is seen by its buyer, its seller and staff; to others it does not exist', async () => {
    const listing = await t.accounts.listing()
    await t.accounts.shop('seller:2')
    const { orderId } = await buy(t, [{ listingId: listing.id, quantity: 1 }])
    const [{ id }] = await documentsOf(orderId)
    for (const as of ['buyer', 'seller', 'officer', 'finance', 'admin'] as const) {
      expect((await t.get(`/api/v1/invoices/${id}`, { as })).body.id, as).to.equal(id)
      expect(await documentsOf(orderId, as), as).to.have.length(1)
    }
    for (const as of ['buyer:2', 'seller:2'] as const) {
      const one = await t.get(`/api/v1/invoices/${id}`, { as })
      expect([one.status, one.body.code], as).to.deep.equal([404, 'invoices.not_found'])
      expect((await t.get(`/api/v1/invoices?orderId=${orderId}`, { as })).status, as).to.equal(404)
    }
    expect((await t.get(`/api/v1/invoices/${id}`)).status).to.equal(401)
    expect((await t.get('/api/v1/invoices', { as: 'buyer' })).status).to.equal(422)
  })
})

describe('history', () => {
  const t = useContext()
  before(async () => {
    const listing = await t.accounts.listing()
    await buy(t, [{ listingId: listing.id, quantity: 1 }])
  })
  const attempt = (sql: string) => t.db.raw(sql).catch((error: unknown) => error)

  for (const table of ['invoices', 'audit_log']) {
    for (const sql of [
      `update ${table} set id = id`,
      `delete from ${table}`,
      `delete from ${table} where false`,
      `truncate ${table}`,
      `alter table ${table} add column more text`,
      `drop table ${table}`,
      `select * from ${table} for update`,
      `create rule hide as on insert to ${table} do instead nothing`,
    ])
      it(`cannot be rewritten by the serving role: ${sql}`, async () => {
        expect(await attempt(sql))
          .to.be.an('error')
          .with.property('code', '42501')
      })

    it(`of ${table} is still there, and can be read and added to`, async () => {
      expect(await t.db(table)).not.to.be.empty
      const { rows } = await t.db.raw(
        `select has_table_privilege('${table}', 'insert') as may_add, has_table_privilege('${table}', 'update') as may_change`,
      )
      expect(rows).to.deep.equal([{ may_add: true, may_change: false }])
    })
  }

  it('cannot be opened by the serving role itself', async () => {
    for (const sql of ['set role test_owner', 'alter table invoices owner to current_user'])
      expect(await attempt(sql), sql)
        .to.be.an('error')
        .with.property('code', '42501')
    // PostgreSQL answers this with a warning only
    await attempt('grant update, delete on invoices to current_user')
    expect(await attempt('delete from invoices'))
      .to.be.an('error')
      .with.property('code', '42501')
  })

  it('holds one document an order, whose amounts add up', async () => {
    const [row] = await t.db('invoices')
    const copy = (over: object) => {
      const { lines, ...rest } = row
      const id = '01970000-0000-7000-8000-000000000009'
      return t
        .db('invoices')
        .insert({ ...rest, id, number: 'INV-1-1', lines: JSON.stringify(lines), ...over })
        .catch((error: unknown) => error)
    }
    expect(await copy({})).to.include({ code: '23505', constraint: 'invoices_one_per_order' })
    expect(await copy({ number: row.number, kind: 'CREDIT_NOTE', original_id: row.id })).to.include({
      code: '23505',
      constraint: 'invoices_number_key',
    })
    for (const over of [{ total_halalas: 1 }, { seller_vat: null }, { qr: null }, { kind: 'CREDIT_NOTE' }])
      expect(await copy(over), JSON.stringify(over)).to.have.property('code', '23514')
  })
})
