import { expect } from 'chai'
import { useContext } from '../support/context.js'
import { atOnce } from '../support/ordering.js'
import { place } from '../support/shopping.js'

/** `npm run test:chain` has ten thousand. */
const ORDERS = Number(process.env.CHAIN_ORDERS ?? 60)
const AT_ONCE = 4

describe(`a chain over ${ORDERS} orders`, function () {
  this.timeout(60_000 + ORDERS * 100)
  const t = useContext()
  let sellerId: string

  const verified = async () => {
    for await (const chain of t.services.invoices.verifyChains({ sellerId })) return chain
    throw new Error('there is no chain')
  }

  before(async () => {
    sellerId = (await t.accounts.shop()).id
    const left = await paidOrders()
    await atOnce(AT_ONCE, async () => {
      for (let id = left.pop(); id !== undefined; id = left.pop()) await t.services.invoices.issueForOrder(id)
    })
  })

  it('holds from the first to the last', async () => {
    expect(await verified()).to.deep.include({ documents: ORDERS, break: null })
  })

  it('breaks where one character of one document is another', async () => {
    const at = Math.ceil(ORDERS / 2)
    const row = { seller_id: sellerId, counter: at }
    const { xml } = await t.owner('tax_documents').where(row).first('xml')
    await t
      .owner('tax_documents')
      .where(row)
      .update({ xml: xml.replace('>115.00</cbc:PayableAmount>', '>115.01</cbc:PayableAmount>') })
    try {
      expect((await verified()).break).to.include({ counter: at })
    } finally {
      await t.owner('tax_documents').where(row).update({ xml })
    }
  })

  /** One was placed; the others are like it, each in a checkout of its own. */
  async function paidOrders(): Promise<string[]> {
    const listing = await t.accounts.listing({ stock: 1 })
    const { id: checkout, orders } = await place(t, [{ listingId: listing.id, quantity: 1 }])
    const first = orders[0]?.id as string
    await t.owner('orders').where({ id: first }).update({ status: 'PAID', paid_at: t.clock.now() })
    await t.owner.raw(
      `with copies as (select gen_random_uuid() as id, gen_random_uuid() as checkout from generate_series(2, :count)),
       checked as (
         insert into checkouts (id, buyer_id, idempotency_id, total_halalas, delivery_address)
         select c.checkout, s.buyer_id, gen_random_uuid(), s.total_halalas, s.delivery_address
         from copies c, checkouts s where s.id = :checkout returning id),
       placed as (
         insert into orders (id, checkout_id, buyer_id, seller_id, status, net_halalas, vat_halalas, rounding_halalas,
           total_halalas, hold_expires_at, paid_at, created_at)
         select c.id, c.checkout, o.buyer_id, o.seller_id, 'PAID', o.net_halalas, o.vat_halalas, o.rounding_halalas,
           o.total_halalas, o.hold_expires_at, o.paid_at, o.created_at
         from copies c, orders o where o.id = :first and exists (select from checked) returning id)
       insert into order_items (id, order_id, position, listing_id, title_ar, title_en, part_number, quantity,
         unit_price_halalas, total_halalas, net_halalas, vat_basis_points)
       select gen_random_uuid(), c.id, i.position, i.listing_id, i.title_ar, i.title_en, i.part_number, i.quantity,
         i.unit_price_halalas, i.total_halalas, i.net_halalas, i.vat_basis_points
       from copies c, order_items i where i.order_id = :first and exists (select from placed)`,
      { count: ORDERS, checkout, first },
    )
    return t.owner('orders').where({ seller_id: sellerId }).pluck('id')
  }
})
