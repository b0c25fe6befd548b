import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import type { Who } from '../support/accounts.js'
import { putByHand } from '../support/by-hand.js'
import { useContext } from '../support/context.js'
import { atOnce, order } from '../support/ordering.js'
import { buy, place } from '../support/shopping.js'

const STATES = ['PENDING', 'PAID', 'PROCESSING', 'SHIPPED', 'DELIVERED', 'CANCELLED', 'EXPIRED', 'REFUNDED']
const SHIPMENT = { carrier: 'SMSA', trackingNumber: '29012345' }
const STEPS = {
  confirm: { from: 'PAID', to: 'PROCESSING', body: undefined },
  ship: { from: 'PROCESSING', to: 'SHIPPED', body: SHIPMENT },
  deliver: { from: 'SHIPPED', to: 'DELIVERED', body: undefined },
} as const
type Step = keyof typeof STEPS

describe("a seller's steps", () => {
  const t = useContext()
  let orderId: string
  before(async () => {
    const listing = await t.accounts.listing()
    orderId = (await place(t, [{ listingId: listing.id, quantity: 1 }])).orders[0]?.id as string
  })
  const arrange = (status: string) =>
    putByHand(t, 'orders', { id: orderId }, { status, shipped_at: new Date() })
  const take = (step: Step, as: Who = 'seller') =>
    t.post(`/api/v1/orders/${orderId}/${step}`, { as, body: STEPS[step].body })

  for (const step of Object.keys(STEPS) as Step[]) {
    const { from, to } = STEPS[step]
    for (const status of STATES) {
      const isAllowed = status === from || status === to
      it(`${step} ${isAllowed ? 'takes' : 'does not take'} an order that is ${status}`, async () => {
        await arrange(status)
        const answer = await take(step)
        if (isAllowed) expect(answer.body).to.include({ status: to })
        else {
          expect(answer.status).to.equal(409)
          expect(answer.body).to.include({ code: 'orders.wrong_state', status: 409, orderStatus: status })
        }
        const now = await t.db('orders').where({ id: orderId }).first('status')
        expect(now.status).to.equal(isAllowed ? to : status)
      })
    }

    it(`${step} is for the seller of the order only`, async () => {
      await arrange(from)
      await t.accounts.shop('seller:2')
      expect((await take(step, 'seller:2')).status).to.equal(404)
      for (const as of ['buyer', 'officer', 'finance', 'admin'] as const)
        expect((await take(step, as)).status, as).to.equal(403)
      expect((await t.db('orders').where({ id: orderId }).first('status')).status).to.equal(from)
    })

    it(`${step} has one effect, asked for six times at once`, async () => {
      await arrange(from)
      const action = { confirm: 'order_confirmed', ship: 'order_shipped', deliver: 'order_delivered' }[step]
      const written = () => t.owner('audit_log').where({ action, order_id: orderId })
      const earlier = (await written()).length
      const answers = await atOnce(6, () => take(step))
      expect(answers.map(answer => answer.body.status)).to.deep.equal(Array(6).fill(to))
      expect((await written()).length - earlier).to.equal(1)
    })
  }

  it('keeps the first shipment when told of another', async () => {
    await arrange('PROCESSING')
    await take('ship')
    const second = { carrier: 'Aramex', trackingNumber: '2' }
    const { body } = await t.post(`/api/v1/orders/${orderId}/ship`, { as: 'seller', body: second })
    expect(body).to.include(SHIPMENT)
  })

  for (const body of [{}, { carrier: 'SMSA' }, { ...SHIPMENT, carrier: ' ' }, { ...SHIPMENT, more: 1 }])
    it(`ships nothing with ${JSON.stringify(body)}`, async () => {
      await arrange('PROCESSING')
      expect((await t.post(`/api/v1/orders/${orderId}/ship`, { as: 'seller', body })).status).to.equal(422)
    })
})

describe('who sees an order', () => {
  const t = useContext()
  let checkoutId: string
  let mine: string
  let number: string
  const status = async (path: string, as: Who) => (await t.get(path, { as })).status

  before(async () => {
    const one = await t.accounts.listing()
    const two = await t.accounts.listing({}, 'seller:2')
    const { checkout } = await buy(t, [
      { listingId: one.id, quantity: 1 },
      { listingId: two.id, quantity: 1 },
    ])
    checkoutId = checkout.id
    mine = checkout.orders[0]?.id as string
    number = checkout.orders[0]?.number as string
  })

  it('is its buyer, its seller and staff; to others it does not exist', async () => {
    for (const as of ['buyer', 'seller', 'officer', 'finance', 'admin'] as const)
      expect(await status(`/api/v1/orders/${mine}`, as), as).to.equal(200)
    for (const as of ['buyer:2', 'seller:2'] as const)
      expect(await status(`/api/v1/orders/${mine}`, as), as).to.equal(404)
    expect((await t.get(`/api/v1/orders/${mine}`)).status).to.equal(401)
  })

  it('finds it by number too, in either case', async () => {
    expect((await t.get(`/api/v1/orders/${number}`, { as: 'buyer' })).body.id).to.equal(mine)
    expect(await status(`/api/v1/orders/${number.toLowerCase()}`, 'seller')).to.equal(200)
    expect(await status(`/api/v1/orders/${number}`, 'buyer:2')).to.equal(404)
    expect(await status('/api/v1/orders/CP-999999999999', 'officer')).to.equal(404)
    for (const odd of ['CP-', 'CP-x', 'nonsense', `${mine}x`])
      expect(await status(`/api/v1/orders/${odd}`, 'officer'), odd).to.equal(422)
  })

  it('shows the whole checkout to its buyer and staff only', async () => {
    for (const as of ['buyer', 'officer', 'finance'] as const)
      expect(await status(`/api/v1/checkouts/${checkoutId}`, as), as).to.equal(200)
    for (const as of ['buyer:2', 'seller', 'seller:2'] as const)
      expect(await status(`/api/v1/checkouts/${checkoutId}`, as), as).to.equal(404)
  })
})

describe('lists of orders', () => {
  const t = useContext()
  const placed: string[] = []
  before(async () => {
    const one = await t.accounts.listing({ stock: 50 })
    const two = await t.accounts.listing({ stock: 50 }, 'seller:2')
    for (let count = 0; count < 7; count++) {
      const id = (await place(t, [{ listingId: one.id, quantity: 1 }])).orders[0]?.id
      placed.unshift(id as string)
    }
    await place(t, [{ listingId: two.id, quantity: 1 }], 'buyer:2')
  })

  async function walk(path: string, as: Who, limit: number): Promise<string[]> {
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const { status, body, text } = await t.get(`${path}limit=${limit}${cursor && `&cursor=${cursor}`}`, {
        as,
      })
      expect(status, text).to.equal(200)
      seen.push(...body.items.map((item: { id: string }) => item.id))
      cursor = body.nextCursor
    }
    return seen
  }

  for (const limit of [1, 3, 7, 100])
    it(`show a buyer's own, newest first, each once, in pages of ${limit}`, async () => {
      expect(await walk('/api/v1/orders?', 'buyer', limit)).to.deep.equal(placed)
    })

  it("show a seller's sales apart from what the seller bought", async () => {
    expect(await walk('/api/v1/orders/sales?', 'seller', 4)).to.deep.equal(placed)
    expect(await walk('/api/v1/orders?', 'seller', 4)).to.deep.equal([])
    expect(await walk('/api/v1/orders/sales?', 'seller:2', 4)).to.have.length(1)
  })

  it('show staff everything', async () => {
    expect(await walk('/api/v1/orders?', 'officer', 3)).to.have.length(8)
    expect((await t.get('/api/v1/orders/sales', { as: 'officer' })).status).to.equal(403)
  })

  it('show staff no addresses: whoever needs one opens the order', async () => {
    const { items } = (await t.get('/api/v1/orders', { as: 'officer' })).body
    for (const item of items) expect(item.deliveryAddress).to.equal(null)
    const { body } = await t.get(`/api/v1/orders/${placed[0]}`, { as: 'officer' })
    expect(body.deliveryAddress.city).to.equal('الرياض')
  })

  it('can be narrowed to a state', async () => {
    await t.post(`/api/v1/orders/${placed[0]}/cancel`, { as: 'buyer', key: randomUUID() })
    expect(await walk('/api/v1/orders?status=CANCELLED&', 'buyer', 2)).to.deep.equal(placed.slice(0, 1))
    expect(await walk('/api/v1/orders?status=PENDING&', 'buyer', 2)).to.deep.equal(placed.slice(1))
  })

  it('do not lose their place when an order is added meanwhile', async () => {
    const first = await t.get('/api/v1/orders?limit=3', { as: 'buyer' })
    const listing = await t.accounts.listing()
    await order(t, [{ listingId: listing.id, quantity: 1 }])
    const second = await t.get(`/api/v1/orders?limit=3&cursor=${first.body.nextCursor}`, { as: 'buyer' })
    expect([...first.body.items, ...second.body.items].map(item => item.id)).to.deep.equal(placed.slice(0, 6))
  })

  it("refuse a cursor of another list, of another's, or made up", async () => {
    const { nextCursor } = (await t.get('/api/v1/orders?limit=1', { as: 'buyer' })).body
    for (const [path, as] of [
      [`/api/v1/orders?cursor=${nextCursor}`, 'buyer:2'],
      [`/api/v1/orders?cursor=${nextCursor}`, 'officer'],
      [`/api/v1/orders?status=PENDING&cursor=${nextCursor}`, 'buyer'],
      ['/api/v1/orders?cursor=abc', 'buyer'],
    ] as const) {
      const { status, body } = await t.get(path, { as })
      expect(status, path).to.equal(400)
      expect(body.code).to.equal('request.bad_cursor')
    }
  })

  for (const query of ['limit=0', 'limit=101', 'limit=x', 'status=paid', 'status=constructor', 'more=1'])
    it(`refuse ${query}`, async () => {
      expect((await t.get(`/api/v1/orders?${query}`, { as: 'buyer' })).status).to.equal(422)
    })
})
