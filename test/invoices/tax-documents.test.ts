import { createHash } from 'node:crypto'
import { expect } from 'chai'
import { readXml, textOf } from '../../api/modules/invoices/zatca/rules/xml-tree.js'
import { FIRST_PREVIOUS_HASH } from '../../api/modules/invoices/zatca/sealing.js'
import { findingsIn } from '../../api/modules/invoices/zatca/validate.js'
import { halalas } from '../../api/platform/money.js'
import { NATIONAL_ADDRESS, type Who } from '../support/accounts.js'
import { useContext } from '../support/context.js'
import { atOnce } from '../support/ordering.js'
import { buy, place } from '../support/shopping.js'
import { decodeTlv } from '../support/tlv.js'

const FIRM = {
  name: 'مؤسسة ورش الشرق',
  vatNumber: '310284756100003',
  otherId: { scheme: 'CRN', value: '2050173964' },
  address: { ...NATIONAL_ADDRESS, city: 'الدمام', postalCode: '32221' },
}

describe('the e-invoice of an order', () => {
  const t = useContext()
  const documentsOf = async (orderId: string, as: Who = 'buyer') =>
    (await t.get(`/api/v1/invoices?orderId=${orderId}`, { as })).body.items
  const xmlOf = async (id: string, as: Who = 'buyer') => {
    const answer = await t.get(`/api/v1/invoices/${id}/xml`, { as })
    expect(answer.status, answer.text).to.equal(200)
    return answer.text
  }
  const texts = (xml: string, name: string) => readXml(xml).named(name).map(textOf)
  const buyOne = async (who: Who = 'seller', price = 11_500, as: Who = 'buyer') => {
    const listing = await t.accounts.listing({ priceHalalas: halalas(price) }, who)
    return (await buy(t, [{ listingId: listing.id, quantity: 1 }], as)).orderId
  }

  it('is simplified, in the name of the seller, and says what the invoice says', async () => {
    const listing = await t.accounts.listing({ priceHalalas: halalas(410), titleAr: 'لمبة <H7> & أكثر' })
    const other = await t.accounts.listing({ priceHalalas: halalas(190) })
    const lines = [
      { listingId: listing.id, quantity: 3 },
      { listingId: other.id, quantity: 1 },
    ]
    const { orderId } = await buy(t, lines)
    const [invoice] = await documentsOf(orderId)
    expect(invoice).to.include({ kind: 'TAX_INVOICE', form: 'SIMPLIFIED', buyerCompany: null })
    const answer = await t.get(`/api/v1/invoices/${invoice.id}/xml`, { as: 'buyer' })
    expect(answer.headers.get('content-type')).to.equal('application/xml')
    const xml = answer.text
    expect(findingsIn(xml, t.clock.now())).to.deep.equal([])

    expect(readXml(xml).named('cbc:InvoiceTypeCode')[0]?.attributes.name).to.equal('0210000')
    expect(texts(xml, 'cbc:UUID')[0]).to.equal(invoice.id)
    expect(texts(xml, 'cbc:RegistrationName')).to.deep.equal(['شركة قطع الاختبار المحدودة'])
    expect(texts(xml, 'cbc:Name')).to.include('لمبة <H7> & أكثر | Front brake pads')
    expect(texts(xml, 'cbc:PayableAmount')).to.deep.equal(['14.20'])
    const [net = '', vat = ''] = [texts(xml, 'cbc:TaxExclusiveAmount')[0], texts(xml, 'cbc:TaxAmount')[0]]
    expect([net, vat].map(text => Math.round(Number(text) * 100))).to.deep.equal([
      invoice.net.amount,
      invoice.vat.amount,
    ])
  })

  it("carries the invoice's QR code, whose total is the one before rounding", async () => {
    const orderId = await buyOne('seller', 50)
    const [invoice] = await documentsOf(orderId)
    const xml = await xmlOf(invoice.id)
    expect(invoice).to.deep.include({
      net: { amount: 43, currency: 'SAR' },
      vat: { amount: 6, currency: 'SAR' },
      rounding: { amount: 1, currency: 'SAR' },
    })
    expect(texts(xml, 'cbc:EmbeddedDocumentBinaryObject')[1]).to.equal(invoice.qr)
    expect(texts(xml, 'cbc:PayableRoundingAmount')).to.deep.equal(['0.01'])
    const [date, time] = [texts(xml, 'cbc:IssueDate')[0], texts(xml, 'cbc:IssueTime')[0]]
    expect(decodeTlv(invoice.qr).slice(2, 5)).to.deep.equal([
      [3, `${date}T${time}`],
      [4, texts(xml, 'cbc:TaxInclusiveAmount')[0]],
      [5, texts(xml, 'cbc:TaxAmount')[0]],
    ])
  })

  it('is a tax invoice in the name of the firm the buyer keeps, and so is its credit note', async () => {
    expect(
      (await t.request('PUT', '/api/v1/account/company', { as: 'buyer:firm', body: FIRM })).status,
    ).to.equal(200)
    const orderId = await buyOne('seller', 11_500, 'buyer:firm')
    const [invoice] = await documentsOf(orderId, 'buyer:firm')
    expect(invoice).to.deep.include({ form: 'TAX', buyerCompany: FIRM })
    const xml = await xmlOf(invoice.id, 'buyer:firm')
    expect(readXml(xml).named('cbc:InvoiceTypeCode')[0]?.attributes.name).to.equal('0110000')
    expect(texts(xml, 'cbc:CompanyID')[1]).to.equal(FIRM.vatNumber)
    expect(findingsIn(xml, t.clock.now())).to.deep.equal([])

    // what the firm is called later changes nothing that was issued
    await t.request('PUT', '/api/v1/account/company', {
      as: 'buyer:firm',
      body: { ...FIRM, name: 'Another' },
    })
    await t.post(`/api/v1/orders/${orderId}/cancel`, { as: 'buyer:firm', key: crypto.randomUUID() })
    await t.settle()
    const [, note] = await documentsOf(orderId, 'buyer:firm')
    expect(note).to.deep.include({ kind: 'CREDIT_NOTE', form: 'TAX', buyerCompany: FIRM })
    const credit = await xmlOf(note.id, 'buyer:firm')
    expect(texts(credit, 'cbc:InvoiceTypeCode')).to.deep.equal(['381'])
    expect(readXml(credit).named('cac:InvoiceDocumentReference').map(textOf)).to.deep.equal([invoice.number])
    expect(findingsIn(credit, t.clock.now())).to.deep.equal([])
  })

  it('is simplified again after the profile is removed, and where a firm buys from itself', async () => {
    await t.request('PUT', '/api/v1/account/company', { as: 'buyer:gone', body: FIRM })
    await t.request('DELETE', '/api/v1/account/company', { as: 'buyer:gone' })
    const [first] = await documentsOf(await buyOne('seller', 11_500, 'buyer:gone'), 'buyer:gone')
    expect(first.form).to.equal('SIMPLIFIED')

    const { vatNumber } = await t.accounts.shop('seller:self')
    await t.request('PUT', '/api/v1/account/company', { as: 'buyer:self', body: { ...FIRM, vatNumber } })
    const [second] = await documentsOf(await buyOne('seller:self', 11_500, 'buyer:self'), 'buyer:self')
    expect(second.form).to.equal('SIMPLIFIED')
  })

  it('is chained to the one before, without a gap, whatever is issued at once', async () => {
    const listing = await t.accounts.listing({ stock: 8 }, 'seller:chain')
    const ids: string[] = []
    for (let made = 0; made < 8; made++)
      ids.push((await place(t, [{ listingId: listing.id, quantity: 1 }])).orders[0]?.id as string)
    await t.owner('orders').whereIn('id', ids).update({ status: 'PAID', paid_at: new Date() })
    await atOnce(8, index => t.services.invoices.issueForOrder(ids[index] as string))

    const shop = await t.accounts.shop('seller:chain')
    const rows = await t.db('tax_documents').where({ seller_id: shop.id }).orderBy('counter')
    expect(rows.map(row => row.counter)).to.deep.equal(Array.from({ length: 8 }, (_, index) => index + 1))
    let previous = FIRST_PREVIOUS_HASH
    for (const row of rows) {
      expect(row.previous_hash).to.equal(previous)
      const [counter, hash] = [
        texts(row.xml, 'cbc:UUID')[1],
        texts(row.xml, 'cbc:EmbeddedDocumentBinaryObject')[0],
      ]
      expect([counter, hash]).to.deep.equal([String(row.counter), previous])
      const hashed = row.xml
        .replace(/^<\?xml[^>]*>\n/, '')
        .replace(/<ext:UBLExtensions>.*<\/ext:UBLExtensions>/s, '')
        .replace(/<cac:AdditionalDocumentReference><cbc:ID>QR<.*?<\/cac:AdditionalDocumentReference>/s, '')
        .replace(/<cac:Signature>.*<\/cac:Signature>/s, '')
      expect(createHash('sha256').update(hashed).digest('base64')).to.equal(row.hash)
      previous = row.hash
    }
  })

  it('can neither fork its chain in the database nor leave a gap in it', async () => {
    const shop = await t.accounts.shop('seller:chain')
    const { before_counter, before_hash, ...row } = await t
      .db('tax_documents')
      .where({ seller_id: shop.id, counter: 8 })
      .first()
    // the end of another chain: nothing stands on it
    const { id: other } = await t.accounts.shop('seller:self')
    const { invoice_id } = await t
      .db('tax_documents')
      .where({ seller_id: other })
      .orderBy('counter', 'desc')
      .first()
    const store = (over: object) =>
      t.owner.transaction(async trx => {
        await trx('tax_documents').where({ invoice_id: row.invoice_id }).delete()
        await trx('tax_documents').where({ invoice_id }).delete()
        await trx('tax_documents').insert(row)
        await trx('tax_documents').insert({ ...row, invoice_id, hash: 'other', ...over })
      })
    const refusal = async (over: object) => (await store(over).catch(error => error)).constraint
    expect(await refusal({})).to.equal('tax_documents_one_a_place')
    expect(await refusal({ counter: 9 })).to.equal('tax_documents_no_fork')
    expect(await refusal({ counter: 9, previous_hash: 'of nobody' })).to.equal('tax_documents_no_gap')
    expect(await refusal({ counter: 10, previous_hash: row.hash })).to.equal('tax_documents_no_gap')
  })

  it('is beyond the reach of the application once it is written, like the key that signed it', async () => {
    for (const table of ['tax_documents', 'signing_keys'])
      for (const change of [`delete from ${table}`, `update ${table} set created_at = now()`])
        expect((await t.db.raw(change).catch((error: unknown) => error)) as object, change).to.have.property(
          'code',
          '42501',
        )
  })

  it('is not issued, and costs no number, where a rule is broken', async () => {
    const shop = await t.accounts.shop('seller:bad')
    const listing = await t.accounts.listing({ stock: 2 }, 'seller:bad')
    const { orders } = await place(t, [{ listingId: listing.id, quantity: 1 }])
    const orderId = orders[0]?.id as string
    await t.owner('orders').where({ id: orderId }).update({ status: 'PAID', paid_at: new Date() })
    await t.owner('sellers').where({ id: shop.id }).update({ cr_number: '1012345678' })
    const refusal = await t.services.invoices.issueForOrder(orderId).catch(error => error)
    expect(refusal).to.include({ kind: 'invalid', code: 'invoices.rules_broken' })
    expect(refusal.details.findings[0]).to.include({
      id: 'BR-KSA-F-13',
      severity: 'warning',
      place: '/Invoice/cac:AccountingSupplierParty',
    })
    expect(await t.db('invoice_counters').where({ seller_id: shop.id })).to.be.empty
    expect(
      (await t.db('egs_units').where({ seller_id: shop.id })).map(unit => unit.last_counter),
    ).to.deep.equal([0])

    await t.owner('sellers').where({ id: shop.id }).update({ cr_number: shop.crNumber })
    expect((await t.services.invoices.issueForOrder(orderId)).number).to.match(/-000001$/)
  })

  it('is not issued over sums that are not those of its lines', async () => {
    const listing = await t.accounts.listing({}, 'seller:sums')
    const { orders } = await place(t, [{ listingId: listing.id, quantity: 1 }])
    const orderId = orders[0]?.id as string
    await t
      .owner('orders')
      .where({ id: orderId })
      .update({ status: 'PAID', paid_at: new Date(), net_halalas: 10_001, rounding_halalas: -1 })
    const refusal = await t.services.invoices.issueForOrder(orderId).catch(error => error)
    expect(refusal.message).to.include('are not those of its lines')
    expect(await t.db('invoices').where({ order_id: orderId })).to.be.empty
  })

  it('is not there for a bill, nor for strangers', async () => {
    await t.accounts.shop('seller:small', { vatNumber: null })
    const [bill] = await documentsOf(await buyOne('seller:small'))
    const none = await t.get(`/api/v1/invoices/${bill.id}/xml`, { as: 'buyer' })
    expect([none.status, none.body.code]).to.deep.equal([404, 'invoices.no_xml'])

    const [invoice] = await documentsOf(await buyOne())
    const stranger = await t.get(`/api/v1/invoices/${invoice.id}/xml`, { as: 'buyer:stranger' })
    expect([stranger.status, stranger.body.code]).to.deep.equal([404, 'invoices.not_found'])
    expect((await t.get(`/api/v1/invoices/${invoice.id}/xml`)).status).to.equal(401)
  })

  it('and its credit note are found missing, and written in their order', async () => {
    const listing = await t.accounts.listing({ stock: 3 }, 'seller:missing')
    const { payment } = await buy(t, [{ listingId: listing.id, quantity: 1 }])
    const { orders } = await place(t, [{ listingId: listing.id, quantity: 1 }])
    const orderId = orders[0]?.id as string
    await t.owner('orders').where({ id: orderId }).update({ status: 'PAID', paid_at: new Date() })
    await t.owner('orders').where({ id: orderId }).update({ status: 'CANCELLED' })
    await t.owner('orders').where({ id: orderId }).update({ status: 'REFUNDED' })
    await t.owner('refunds').insert({
      ...{ id: orderId, payment_id: payment.id, order_id: orderId, amount_halalas: 11_500, reason: 'x' },
      status: 'REFUNDED',
    })
    const lacking = await t.services.invoices.lacking(orderId)
    expect(lacking.map(({ refundId }) => refundId)).to.deep.equal([null, orderId])
    for (const each of lacking) await t.services.invoices.generate(each)
    const [invoice, note] = await documentsOf(orderId)
    expect([invoice.kind, note.kind]).to.deep.equal(['TAX_INVOICE', 'CREDIT_NOTE'])
    expect(await t.services.invoices.lacking(orderId)).to.be.empty
  })

  it('comes later where the seller had told no address', async () => {
    const shop = await t.accounts.shop('seller:late')
    await t.owner('sellers').where({ id: shop.id }).update({ address: null })
    const orderId = await buyOne('seller:late')
    await t.post(`/api/v1/orders/${orderId}/cancel`, { as: 'buyer', key: crypto.randomUUID() })
    await t.settle()
    const [invoice, note] = await documentsOf(orderId)
    expect(invoice.qr).to.be.a('string')
    expect((await t.get(`/api/v1/invoices/${invoice.id}/xml`, { as: 'buyer' })).status).to.equal(404)
    expect(await t.services.invoices.lacking(orderId)).to.be.empty

    const told = await t.request('PUT', '/api/v1/sellers/me/address', {
      as: 'seller:late',
      body: NATIONAL_ADDRESS,
    })
    expect([told.status, told.body]).to.deep.equal([200, { address: NATIONAL_ADDRESS }])
    const lacking = await t.services.invoices.lacking(orderId)
    expect(lacking.map(each => each.invoiceId)).to.have.members([invoice.id, note.id])
    for (const each of lacking) await atOnce(3, () => t.services.invoices.generate(each))
    expect(await t.services.invoices.lacking(orderId)).to.be.empty
    for (const { id } of [invoice, note]) expect(findingsIn(await xmlOf(id), t.clock.now())).to.deep.equal([])
    expect(await t.db('tax_documents').where({ seller_id: shop.id })).to.have.length(2)
  })
})
