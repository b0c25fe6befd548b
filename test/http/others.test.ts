import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { operationsOf } from '../../api/app.js'
import type { Operation } from '../../api/http/operation.js'
import { isStaffRole, SCOPES } from '../../api/platform/actor.js'
import type { Who } from '../support/accounts.js'
import { useContext } from '../support/context.js'
import { type Answer, request } from '../support/request.js'
import { ADDRESS, buy } from '../support/shopping.js'
import { makeKey } from '../support/signing.js'

/** Where a test puts the id: into the path (as a rule), the query or the body. */
type Case = {
  /** Ids that are somebody else's. */
  theirs: () => string[]
  query?: (id: string) => string
  body?: (id: string) => object
  /** Bytes in place of a body, and their type. */
  raw?: readonly [string, string]
}
type Asker = Who | 'anonymous' | 'API key'

const UNKNOWN = '019a0000-0000-7000-8000-000000000000'
/** Below one that is asked for. */
const ALSO_UNKNOWN = '019a0000-0000-7000-8000-000000000001'
const UNKNOWN_NUMBER = 'CP-9999999'
/** What anybody may see of anybody, or what a token or signature of its own opens. */
const PUBLIC = ['getSeller', 'receiveWebhook', 'openFile']
/** Documents of a verification: test/kyc looks at those. */
const WITH_KYC = ['linkDocument', 'attachDocument']

describe("other people's things", () => {
  const t = useContext()
  const theirs = { listings: [] as string[], checkouts: [] as string[], orders: [] as string[] }
  const also = {
    payments: [] as string[],
    invoices: [] as string[],
    sessions: [] as string[],
    keys: [] as string[],
    notifications: [] as string[],
  }
  let draft: string

  before(async () => {
    const sold = await t.accounts.listing()
    draft = (await t.accounts.listing({ status: 'DRAFT' })).id
    theirs.listings = [sold.id, draft, (await t.accounts.listing({ status: 'PAUSED' })).id]
    // one in each state that a state's own rule might answer for first
    for (const step of [[], ['confirm'], ['confirm', 'ship'], ['cancel']]) {
      const { checkout, payment, orderId } = await buy(t, [{ listingId: sold.id, quantity: 1 }])
      for (const verb of step) {
        const body = verb === 'ship' ? { carrier: 'SMSA', trackingNumber: '1' } : {}
        const answer = await t.post(`/api/v1/orders/${orderId}/${verb}`, {
          as: verb === 'cancel' ? 'buyer' : 'seller',
          key: randomUUID(),
          body,
        })
        expect(answer.status, answer.text).to.equal(200)
      }
      await t.settle()
      theirs.checkouts.push(checkout.id)
      theirs.orders.push(orderId)
      also.payments.push(payment.id)
      const { body } = await t.get(`/api/v1/invoices?orderId=${orderId}`, { as: 'buyer' })
      also.invoices.push(...body.items.map((invoice: { id: string }) => invoice.id))
    }
    also.notifications.push(...(await t.db('notifications').pluck('id')))
    for (const who of ['buyer', 'seller'] as const)
      also.sessions.push((await t.accounts.account(who)).actor.sessionId as string)
    const seller = await t.accounts.account('seller')
    for (const status of ['ACTIVE', 'REVOKED']) {
      const { body } = await makeKey(t, seller, { name: status, scopes: ['orders:read'] })
      also.keys.push(body.id)
    }
    await request(t.baseUrl, `/api/v1/api-keys/${also.keys[1]}`, { method: 'DELETE', token: seller.token })
    await t.accounts.shop('seller:other')
  })

  const numbers = async () => t.db('orders').whereIn('id', theirs.orders).pluck('number')
  const cases: Record<string, Case> = {
    revokeSession: { theirs: () => also.sessions },
    markNotificationRead: { theirs: () => also.notifications.slice(0, 4) },
    markNotificationsRead: { theirs: () => also.notifications.slice(0, 4), body: upTo => ({ upTo }) },
    revokeApiKey: { theirs: () => also.keys },
    getListing: { theirs: () => theirs.listings.slice(1) },
    addPhoto: { theirs: () => theirs.listings, raw: ['no picture', 'image/png'] },
    arrangePhotos: { theirs: () => theirs.listings, body: () => ({ ids: [] }) },
    removePhoto: { theirs: () => theirs.listings },
    editListing: { theirs: () => theirs.listings, body: () => ({ stock: 1 }) },
    getCheckout: { theirs: () => theirs.checkouts },
    getOrder: { theirs: () => theirs.orders },
    cancelOrder: { theirs: () => theirs.orders },
    confirmOrder: { theirs: () => theirs.orders },
    shipOrder: { theirs: () => theirs.orders, body: () => ({ carrier: 'SMSA', trackingNumber: '1' }) },
    deliverOrder: { theirs: () => theirs.orders },
    getPayment: { theirs: () => also.payments },
    getInvoice: { theirs: () => also.invoices },
    getInvoiceXml: { theirs: () => also.invoices },
    listInvoices: { theirs: () => theirs.orders, query: id => `?orderId=${id}` },
    listPayments: { theirs: () => theirs.checkouts, query: id => `?checkoutId=${id}` },
    createPayment: { theirs: () => theirs.checkouts, body: checkoutId => ({ checkoutId }) },
    placeOrder: {
      theirs: () => theirs.listings.slice(1),
      body: listingId => ({ lines: [{ listingId, quantity: 1 }], deliveryAddress: ADDRESS }),
    },
  }

  /** Whom no role turns away, and whose the things are not. */
  const askersOf = ({ access, scope }: Operation): Asker[] =>
    access === 'anyone'
      ? ['anonymous', 'buyer:other', 'seller:other', 'API key']
      : [
          ...(access.includes('buyer') ? ['buyer:other' as const] : []),
          ...(access.includes('seller') ? ['seller:other' as const] : []),
          ...(scope ? ['API key' as const] : []),
        ]

  const ask = async (op: Operation, asker: Asker, id: string): Promise<Answer> => {
    const { query, body, raw } = cases[op.id] as Case
    const path = op.path.replace(':id', id).replace(/:\w+/g, ALSO_UNKNOWN)
    const key = asker === 'API key' ? await t.accounts.apiKey([...SCOPES], 'seller:other') : ''
    return request(t.baseUrl, `/api/v1${path}${query?.(id) ?? ''}`, {
      method: op.method.toUpperCase(),
      ...(body ? { body: body(id) } : {}),
      ...(raw ? { raw: raw[0] } : {}),
      ...(op.idempotent ? { key: randomUUID() } : {}),
      ...(asker === 'API key' || asker === 'anonymous' ? {} : { token: await t.accounts.token(asker) }),
      headers: {
        'x-request-id': 'the-same-for-all',
        ...(raw ? { 'content-type': raw[1] } : {}),
        ...(key ? { 'x-api-key': key } : {}),
      },
    })
  }

  /** Everything that reaches the caller, but for the id they sent themselves and the time. */
  const seenOf = ({ status, headers, text }: Answer, id: string) => ({
    status,
    headers: [...headers].filter(([name]) => name !== 'date' && !name.startsWith('ratelimit')),
    text: text.replaceAll(id, '<id>'),
  })

  it('are asked for below, by every operation that takes an id', async () => {
    const { body: document } = await t.get('/openapi.json')
    const takesId = (op: Operation): boolean => {
      const described = document.paths[`/api/v1${op.path.replace(/:(\w+)/g, '{$1}')}`][op.method]
      const named = JSON.stringify([described.parameters, described.requestBody ?? {}])
      return op.path.includes(':') || /"format":"uuid"/.test(named)
    }
    const isForStaff = ({ access }: Operation) => access !== 'anyone' && access.every(isStaffRole)
    const wanted = operationsOf(t.services)
      .filter(op => takesId(op) && !isForStaff(op) && !PUBLIC.includes(op.id) && !WITH_KYC.includes(op.id))
      .map(op => op.id)
      // a filter of what anybody may see
      .filter(id => id !== 'searchListings')
    expect(Object.keys(cases)).to.have.members(wanted)
  })

  for (const id of Object.keys(cases))
    it(`are as unknown to ${id} as those that do not exist, to the byte`, async () => {
      const op = operationsOf(t.services).find(each => each.id === id) as Operation
      const { theirs: ids } = cases[id] as Case
      expect(ids()).to.not.be.empty
      for (const asker of askersOf(op)) {
        const unknown = seenOf(await ask(op, asker, UNKNOWN), UNKNOWN)
        expect(unknown.status, unknown.text).to.be.oneOf([404, 409])
        for (const foreign of ids())
          expect(seenOf(await ask(op, asker, foreign), foreign), asker).to.deep.equal(unknown)
      }
    })

  it('are as unknown by number', async () => {
    const op = operationsOf(t.services).find(each => each.id === 'getOrder') as Operation
    for (const asker of askersOf(op)) {
      const unknown = seenOf(await ask(op, asker, UNKNOWN_NUMBER), UNKNOWN_NUMBER)
      expect(unknown.status).to.equal(404)
      for (const number of await numbers())
        expect(seenOf(await ask(op, asker, number), number), asker).to.deep.equal(unknown)
    }
  })

  it('are untouched by all that', async () => {
    const rows = async () => ({
      orders: await t.db('orders').whereIn('id', theirs.orders).orderBy('id').pluck('status'),
      keys: await t.db('api_keys').where({ id: also.keys[0] }).pluck('revoked_at'),
      sessions: await t.db('sessions').whereIn('id', also.sessions).pluck('revoked_at'),
      stock: await t.db('listings').where({ id: draft }).pluck('stock'),
      payments: await t.db('payments').whereIn('checkout_id', theirs.checkouts).count(),
    })
    expect(await rows()).to.deep.equal({
      orders: ['PAID', 'PROCESSING', 'SHIPPED', 'REFUNDED'],
      keys: [null],
      sessions: [null, null],
      stock: [10],
      payments: [{ count: 4 }],
    })
  })

  it("are in nobody else's lists", async () => {
    for (const path of ['/orders', '/orders/sales', '/listings/mine', '/api-keys']) {
      const { body } = await t.get(`/api/v1${path}`, { as: 'seller:other' })
      expect(
        body.items.filter((item: { name?: string }) => item.name !== 'seller:other'),
        path,
      ).to.deep.equal([])
    }
    const sessions = await t.get('/api/v1/auth/sessions', { as: 'seller:other' })
    const ids = sessions.body.items.map((item: { id: string }) => item.id)
    expect(ids).to.have.length(1).and.not.include.members(also.sessions)
  })

  it('are as unknown where they hang on something of the own', async () => {
    const photo = { id: randomUUID(), content: 'a'.repeat(64), width: 1, height: 1 }
    await t
      .owner('listings')
      .where({ id: draft })
      .update({ photos: JSON.stringify([photo]) })
    const { id: own } = await t.accounts.listing({}, 'seller:other')
    const token = await t.accounts.token('seller:other')
    const headers = { 'x-request-id': 'the-same-for-all' }
    const remove = async (id: string) =>
      seenOf(
        await request(t.baseUrl, `/api/v1/listings/${own}/photos/${id}`, {
          method: 'DELETE',
          token,
          headers,
        }),
        id,
      )
    expect(await remove(photo.id)).to.deep.equal(await remove(UNKNOWN))
    expect(await t.db('listings').where({ id: draft }).first('photos')).to.deep.equal({ photos: [photo] })
  })

  it("are not a key's, where they are what its owner bought", async () => {
    const listing = await t.accounts.listing({}, 'seller:third')
    const { orderId } = await buy(t, [{ listingId: listing.id, quantity: 1 }], 'seller')
    const invoices = await t.get(`/api/v1/invoices?orderId=${orderId}`, { as: 'seller' })
    const headers = { 'x-api-key': await t.accounts.apiKey([...SCOPES]) }
    for (const path of [
      `/orders/${orderId}`,
      `/invoices?orderId=${orderId}`,
      `/invoices/${invoices.body.items[0].id}`,
    ]) {
      expect((await t.get(`/api/v1${path}`, { as: 'seller' })).status, path).to.equal(200)
      expect((await t.get(`/api/v1${path}`, { headers })).status, path).to.equal(404)
    }
    // what was sold is
    expect((await t.get(`/api/v1/orders/${theirs.orders[0]}`, { headers })).status).to.equal(200)
  })
})
