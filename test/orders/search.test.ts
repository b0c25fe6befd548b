import { expect } from 'chai'
import { ordersFound } from '../../api/modules/orders/order-queries.js'
import type { Seller } from '../../api/modules/sellers/seller.js'
import { useContext } from '../support/context.js'
import { superuserUrl } from '../support/database.js'
import { explainedReads } from '../support/plans.js'
import { place } from '../support/shopping.js'

type Card = { id: string; number: string; createdAt: string }

describe('finding an order', () => {
  const t = useContext()
  const orders: Card[] = []
  let seller: Seller

  before(async () => {
    seller = await t.accounts.shop('seller')
    const [a, b] = [await t.accounts.listing(), await t.accounts.listing({}, 'seller:2')]
    for (const [listing, who] of [
      [a, 'buyer'],
      [b, 'buyer'],
      [a, 'buyer:2'],
      [a, 'buyer'],
    ] as const) {
      const { orders: made } = await place(t, [{ listingId: listing.id, quantity: 1 }], who)
      orders.push(made[0] as unknown as Card)
    }
    // the last second of a day in Riyadh, the first of the next, and two in the same microsecond
    for (const [n, at] of [
      [0, '2026-03-01T20:59:59.999999Z'],
      [1, '2026-03-01T21:00:00.000000Z'],
      [2, '2026-03-02T09:00:00.123456Z'],
      [3, '2026-03-02T09:00:00.123456Z'],
    ] as const)
      await t.owner.raw('update orders set created_at = ?::timestamptz where id = ?', [
        at,
        orders[n]?.id as string,
      ])
  })

  const search = (query: string) => t.get(`/api/v1/orders/search${query}`, { as: 'officer' })
  /** Which of the four, in the order of the answer. */
  const found = async (query: string): Promise<number[]> => {
    const { status, body, text } = await search(query)
    expect(status, text).to.equal(200)
    return body.items.map(({ id }: Card) => orders.findIndex(order => order.id === id))
  }

  it('is by its number, however it is written', async () => {
    const number = orders[1]?.number as string
    const digits = number.slice(3)
    const arabic = digits.replace(/\d/g, digit => '٠١٢٣٤٥٦٧٨٩'[Number(digit)] as string)
    for (const written of [number, number.toLowerCase(), digits, arabic])
      expect(await found(`?number=${encodeURIComponent(written)}`), written).to.deep.equal([1])
    expect(await found('?number=CP-999999999')).to.deep.equal([])
  })

  it('is by buyer, seller and state, together or alone', async () => {
    const { id, email } = await t.accounts.account('buyer:2')
    for (const buyer of [id, email, email.toUpperCase()])
      expect(await found(`?buyer=${buyer}`)).to.deep.equal([2])
    for (const by of [seller.id, seller.crNumber])
      expect(await found(`?seller=${by}`)).to.have.members([0, 2, 3])
    expect(await found(`?seller=${seller.id}&buyer=${id}`)).to.deep.equal([2])
    expect(await found('?buyer=nobody@example.sa')).to.deep.equal([])
    await t.post(`/api/v1/orders/${orders[1]?.id}/cancel`, { as: 'buyer', key: crypto.randomUUID() })
    expect(await found('?status=CANCELLED')).to.deep.equal([1])
    expect(await found(`?status=CANCELLED&seller=${seller.id}`)).to.deep.equal([])
  })

  it('is by days as they are in Riyadh, both ends included', async () => {
    expect(await found('?from=2026-03-01&to=2026-03-01')).to.deep.equal([0])
    expect(await found('?from=2026-03-02&to=2026-03-02')).to.have.members([1, 2, 3])
    expect(await found('?to=2026-03-01')).to.deep.equal([0])
    expect(await found('?from=2026-03-03')).to.deep.equal([])
  })

  for (const limit of [1, 2, 3])
    it(`goes page by page, each order once, the newest first, in pages of ${limit}`, async () => {
      const seen: number[] = []
      let cursor: string | null = ''
      while (cursor !== null) {
        const query: string = `?from=2026-03-01&limit=${limit}${cursor && `&cursor=${cursor}`}`
        seen.push(...(await found(query)))
        cursor = (await search(query)).body.nextCursor
      }
      expect(seen).to.deep.equal([3, 2, 1, 0])
    })

  it('shows who, whom and how much, and nobody’s address', async () => {
    const { id } = await t.accounts.account('buyer')
    const { body, text } = await search(`?number=${orders[0]?.number}`)
    expect(body.items[0]).to.deep.include({
      buyer: { id, name: 'Test buyer' },
      seller: { id: seller.id, tradeName: seller.tradeName },
      total: { amount: 11_500, currency: 'SAR' },
      createdAt: '2026-03-01T20:59:59.999Z',
    })
    expect(text).to.not.include('العليا').and.not.include('+966').and.not.include('@')
  })

  it('refuses what cannot be meant, and a cursor of another search', async () => {
    for (const query of [
      '?number=INV-1',
      '?buyer=somebody',
      '?seller=12',
      '?status=LOST',
      '?from=2026-02-30',
      '?from=yesterday',
      '?from=2026-03-02&to=2026-03-01',
      '?q=1',
    ])
      expect((await search(query)).status, query).to.equal(422)
    const { nextCursor } = (await search('?limit=1')).body
    expect((await search(`?limit=1&status=PAID&cursor=${nextCursor}`)).body.code).to.equal(
      'request.bad_cursor',
    )
  })

  it('is for staff', async () => {
    for (const as of ['buyer', 'seller'] as const)
      expect((await t.get('/api/v1/orders/search', { as })).status).to.equal(403)
    for (const as of ['finance', 'admin'] as const)
      expect((await t.get('/api/v1/orders/search', { as })).status).to.equal(200)
  })

  it('reads one page by an index, however many orders there are', async function () {
    this.timeout(60_000)
    const [{ id: other }, { id: buyer }] = [
      await t.accounts.shop('seller:2'),
      await t.accounts.account('buyer:2'),
    ]
    await t.owner.raw(
      `with made as (
         insert into checkouts (id, buyer_id, idempotency_id, total_halalas, delivery_address, created_at)
         select gen_random_uuid(), buyer_id, gen_random_uuid(), 100, '{}', now() - n * interval '1 minute'
         from (select buyer_id from checkouts limit 1) b, generate_series(1, 20000) n returning id, buyer_id, created_at)
       insert into orders (id, checkout_id, buyer_id, seller_id, status, net_halalas, vat_halalas, rounding_halalas,
         total_halalas, hold_expires_at, created_at)
       select gen_random_uuid(), id, buyer_id, ?, 'EXPIRED', 100, 0, 0, 100, now(), created_at from made`,
      [other],
    )
    await t.owner.raw('analyze orders')
    const url = new URL(superuserUrl())
    url.pathname = new URL(t.ownerUrl).pathname
    const explained = await explainedReads(url.href)
    try {
      for (const [filters, indexes] of [
        [{}, ['idx_orders_created_at_desc']],
        [{ status: 'EXPIRED' }, ['idx_orders_status_created', 'idx_orders_created_at_desc']],
        [{ status: 'PENDING' }, ['idx_orders_status_created', 'idx_orders_hold']],
        [{ seller: other }, ['idx_orders_seller_created', 'idx_orders_created_at_desc']],
        [{ buyer }, ['idx_orders_buyer_id', 'idx_orders_buyer_status_created']],
        [{ number: orders[0]?.number }, ['orders_number_key']],
        [
          { from: new Date('2026-03-01T00:00:00Z'), until: new Date('2026-03-02T00:00:00Z') },
          ['idx_orders_created_at_desc'],
        ],
      ] as const) {
        const { statement, values } = ordersFound({ ...filters }, { after: orders[3]?.id, limit: 21 })
        await explained.reads(statement, values)
        const plans = explained.plans()
        const what = JSON.stringify(filters)
        expect([...plans.seqScans], what).to.not.include('orders')
        expect(
          [...plans.indexes].filter(name => (indexes as readonly string[]).includes(name)),
          what,
        ).to.not.be.empty
      }
    } finally {
      await explained.close()
    }
  })
})
