import { expect } from 'chai'
import { viewKeys } from '../../api/modules/analytics/view-counter.js'
import { newId } from '../../api/platform/ids.js'
import { useScratch } from '../embedded/scratch.js'
import { useContext } from '../support/context.js'
import { type RestartableRedis, restartableRedis } from '../support/restartable-redis.js'
import { type SecondApi, startSecondApi } from '../support/second-api.js'
import { eventually } from '../support/worker.js'

const unfenced = { fence: async () => undefined }

describe('views', function () {
  this.timeout(30_000)
  const t = useContext()
  const redis = () => t.context.redis()
  const keys = () => viewKeys(t.env.REDIS_PREFIX as string)
  const { views, addViews } = {
    views: () => t.services.analytics.views,
    addViews: () => t.services.analytics.addViews(unfenced),
  }
  const total = async (sellerId: string) =>
    Number((await t.db('seller_analytics').where({ seller_id: sellerId }).sum('views as n'))[0]?.n ?? 0)
  /** Out of this process, as its timer does it once a second. */
  const flushed = async () => {
    await redis().ping()
    await views().flush()
  }

  it('are looks by somebody else, whoever it is', async () => {
    const listing = await t.accounts.listing()
    const shop = await t.accounts.shop()
    const look = (send: object = {}, method = 'GET') =>
      t.request(method, `/api/v1/listings/${listing.id}`, send)
    await look()
    await look({ as: 'buyer' })
    await look({ as: 'seller:rival' })
    // none of these
    await look({ as: 'seller' })
    await look({}, 'HEAD')
    await t.get(`/api/v1/listings/${newId()}`)
    await flushed()
    expect(await addViews()).to.equal(3)
    expect(await total(shop.id)).to.equal(3)
    expect((await t.get('/api/v1/sellers/me/analytics', { as: 'seller' })).body.totals.views).to.equal(3)
    expect(await addViews()).to.equal(0)
  })

  it('of two processes add up', async () => {
    const shop = await t.accounts.shop('seller:two')
    const second: SecondApi = await startSecondApi(t.env)
    await second.context.redis().ping()
    for (let n = 0; n < 5; n++) {
      views().seen(shop.id)
      second.context.services.analytics.views.seen(shop.id)
    }
    await flushed()
    // what a process has left goes out when it stops
    await second.close()
    await addViews()
    expect(await total(shop.id)).to.equal(10)
  })

  it('are in Redis a second later by themselves', async () => {
    const shop = await t.accounts.shop('seller:soon')
    views().seen(shop.id)
    await eventually('it there', async () => (await redis().hlen(keys()[0])) === 1)
    await addViews()
  })

  it('of a batch whose end was lost are not added twice, and not lost where it was not begun', async () => {
    const shop = await t.accounts.shop('seller:crash')
    const field = `${shop.id} 20500`
    // set aside, in the database, and the worker gone before Redis was told
    const batch = newId()
    await redis().hset(keys()[1], { [field]: 5, batch })
    await t.owner('view_batches').insert({ id: batch, added_at: new Date() })
    await redis().hset(keys()[0], { [field]: 2 })
    expect(await addViews()).to.equal(2)
    expect(await total(shop.id)).to.equal(2)
    // set aside, and the worker gone before the database was told
    await redis().hset(keys()[1], { [field]: 7, batch: newId() })
    expect(await addViews()).to.equal(7)
    expect(await total(shop.id)).to.equal(9)
    expect(await redis().exists(...keys())).to.equal(0)
    const [row] = await t.db('seller_analytics').where({ seller_id: shop.id }).select(t.db.raw('day::text'))
    expect(row.day).to.equal('2026-02-16')
  })

  it('stay where they are when the database refuses them', async () => {
    const shop = await t.accounts.shop('seller:refused')
    await redis().hset(keys()[0], { [`${shop.id} 20500`]: 3 })
    const lost = { fence: async () => Promise.reject(new Error('lost')) }
    await t.services.analytics.addViews(lost).then(
      () => expect.fail('it was not held'),
      error => expect(error.message).to.equal('lost'),
    )
    expect(await addViews()).to.equal(3)
    expect(await total(shop.id)).to.equal(3)
  })

  it('of what is no shop, and what is no view, are passed over', async () => {
    const shop = await t.accounts.shop('seller:odd')
    await redis().hset(keys()[0], {
      [`${newId()} 20500`]: 4,
      [`${shop.id} x`]: 1,
      rubbish: 1,
      [`${shop.id} 20501`]: 'many',
      [`${shop.id} 20500`]: 1,
    })
    await addViews()
    expect(await total(shop.id)).to.equal(1)
  })
})

describe('views while Redis is away', function () {
  this.timeout(60_000)
  const t = useContext()
  const scratch = useScratch()
  let own: RestartableRedis
  let api: SecondApi

  before(async () => {
    own = await restartableRedis(scratch.path('redis'))
    api = await startSecondApi({ ...t.env, REDIS_URL: own.url })
  })
  after(async () => {
    await api?.close()
    await own?.remove()
  })

  it('wait in the process, hurt no request, and are counted when it is back', async () => {
    const listing = await t.accounts.listing()
    const shop = await t.accounts.shop()
    const path = `/api/v1/listings/${listing.id}`
    const { analytics } = api.context.services
    await api.context.redis().ping()
    await own.kill()
    await eventually('it missed', () => api.context.redis().status !== 'ready')
    for (let n = 0; n < 20; n++) expect((await api.send(path)).status).to.equal(200)
    await analytics.views.flush()
    await own.start()
    await eventually('it back', () => api.context.redis().status === 'ready')
    await analytics.views.flush()
    expect(await analytics.addViews(unfenced)).to.equal(20)
    const [row] = await t.db('seller_analytics').where({ seller_id: shop.id })
    expect(row.views).to.equal(20)
  })
})
