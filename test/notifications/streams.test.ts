import { expect } from 'chai'
import { createUnreadStreams } from '../../api/modules/notifications/unread-streams.js'
import { createBroadcast } from '../../api/platform/broadcast.js'
import { newId } from '../../api/platform/ids.js'
import type { Who } from '../support/accounts.js'
import { startApi } from '../support/api-process.js'
import { useContext } from '../support/context.js'
import { type EventStream, openEvents } from '../support/events.js'
import { recordingLogger } from '../support/logger.js'
import { request } from '../support/request.js'
import { type SecondApi, startSecondApi } from '../support/second-api.js'
import { eventually } from '../support/worker.js'

const PATH = '/api/v1/notifications/stream'

describe('the stream of unread notifications', function () {
  this.timeout(30_000)
  const t = useContext()
  let second: SecondApi
  const open: EventStream[] = []
  let serial = 0

  before(async () => {
    second = await startSecondApi(t.env)
  })
  after(() => second?.close())
  afterEach(() => {
    for (const stream of open.splice(0)) stream.close()
  })

  const watch = async (
    who: Who,
    { lastEventId, baseUrl = t.baseUrl }: { lastEventId?: string; baseUrl?: string } = {},
  ) => {
    const token = await t.accounts.token(who)
    const stream = await openEvents(`${baseUrl}${PATH}`, { token, ...(lastEventId ? { lastEventId } : {}) })
    open.push(stream)
    return stream
  }
  /** Something a person is told, as the marketplace does it: in a transaction. */
  const tell = async (who: Who, context = t.context) => {
    const { id } = await t.accounts.account(who)
    const number = `CP-${++serial}`
    await context.db.transaction(trx =>
      context.services.notifications.add(trx, id, 'order_shipped', { orderId: newId(), number }),
    )
  }
  const unreadIn = async (stream: EventStream) => {
    const event = await stream.next()
    return event && JSON.parse(event.data ?? '{}').unread
  }
  const newestOf = async (who: Who) => {
    const { items } = (await t.get('/api/v1/notifications', { as: who })).body
    return items[0].id as string
  }

  it('tells how many there are, and whenever that changes', async () => {
    await tell('buyer')
    const stream = await watch('buyer')
    expect(stream.status).to.equal(200)
    expect(stream.headers.get('content-type')).to.match(/^text\/event-stream/)
    expect(stream.headers.get('cache-control')).to.equal('no-store')
    expect(stream.headers.get('x-accel-buffering')).to.equal('no')
    expect(await stream.nextBlock()).to.deep.equal({ retry: '2000' })
    expect(await unreadIn(stream)).to.equal(1)
    await tell('buyer')
    expect(await unreadIn(stream)).to.equal(2)
    await t.post(`/api/v1/notifications/${await newestOf('buyer')}/read`, { as: 'buyer' })
    expect(await unreadIn(stream)).to.equal(1)
    await t.post('/api/v1/notifications/read', { as: 'buyer', body: {} })
    expect(await unreadIn(stream)).to.equal(0)
  })

  it('hears what another process did, and tells nobody else', async () => {
    const here = await watch('buyer:two')
    const there = await watch('buyer:two', { baseUrl: second.baseUrl })
    const other = await watch('buyer:three')
    for (const stream of [here, there, other]) expect(await unreadIn(stream)).to.equal(0)
    await tell('buyer:two', second.context)
    expect(await unreadIn(here)).to.equal(1)
    expect(await unreadIn(there)).to.equal(1)
    await tell('buyer:three')
    // the first that comes to this one is its own
    expect(await unreadIn(other)).to.equal(1)
  })

  it('says nothing twice to who comes back, and what changed meanwhile at once', async () => {
    await tell('buyer:back')
    const first = await watch('buyer:back')
    const { id: lastEventId = '' } = (await first.next()) ?? {}
    first.close()
    const same = await watch('buyer:back', { lastEventId })
    await tell('buyer:back')
    // what it knew already did not come again before it
    expect(await unreadIn(same)).to.equal(2)
    same.close()
    const late = await watch('buyer:back', { lastEventId })
    expect(await unreadIn(late)).to.equal(2)
  })

  it('is given to whoever sends an id that is none', async () => {
    await tell('buyer:odd')
    for (const lastEventId of ['x', '0:0', '"; drop table notifications', '9'.repeat(400)])
      expect(await unreadIn(await watch('buyer:odd', { lastEventId }))).to.equal(1)
  })

  it('rolls back what is rolled back: nobody hears of it', async () => {
    const { id } = await t.accounts.account('buyer:rolled')
    const stream = await watch('buyer:rolled')
    expect(await unreadIn(stream)).to.equal(0)
    await t.db
      .transaction(async trx => {
        await t.services.notifications.add(trx, id, 'order_paid', { orderId: newId(), number: 'CP-0' })
        throw new Error('no')
      })
      .catch(() => undefined)
    await tell('buyer:rolled')
    expect(await unreadIn(stream)).to.equal(1)
  })

  it('is open six times an account and no more, over all processes; a place that is free again is given', async () => {
    const streams: EventStream[] = []
    for (let n = 0; n < 6; n++)
      streams.push(await watch('buyer:many', { baseUrl: n % 2 ? second.baseUrl : t.baseUrl }))
    for (const baseUrl of [t.baseUrl, second.baseUrl]) {
      const seventh = await request(baseUrl, PATH, {
        token: await t.accounts.token('buyer:many'),
        headers: { 'accept-language': 'ar' },
      })
      expect(seventh.status, baseUrl).to.equal(429)
      expect(seventh.body).to.include({ code: 'notifications.too_many_streams' })
      expect(seventh.body.detail).to.include('6')
      expect(seventh.headers.get('retry-after')).to.equal('45')
    }
    expect((await watch('buyer:others')).status).to.equal(200)
    streams[0]?.close()
    await eventually('a place', async () => (await watch('buyer:many')).status === 200)
  })

  it('ends where the person signed out, at the next beat', async () => {
    const stream = await watch('buyer:out')
    expect(await unreadIn(stream)).to.equal(0)
    await t.services.unreadStreams.beat()
    expect(await stream.nextBlock()).to.deep.equal({ comment: 'beat' })
    await t.post('/api/v1/auth/logout', { as: 'buyer:out' })
    await t.services.unreadStreams.beat()
    expect(await stream.next()).to.equal(undefined)
  })

  it('finds at the next beat what no process was told of', async () => {
    const { id } = await t.accounts.account('buyer:missed')
    const stream = await watch('buyer:missed')
    expect(await unreadIn(stream)).to.equal(0)
    await t.owner('notifications').insert({
      ...{ id: newId(), user_id: id, kind: 'order_paid' },
      data: JSON.stringify({ number: 'CP-1' }),
    })
    await t.services.unreadStreams.beat()
    expect(await unreadIn(stream)).to.equal(1)
  })

  it('drops who takes nothing, and keeps who does', async () => {
    const states = async (ids: readonly string[]) => ids.map(userId => ({ userId, unread: 1, newest: null }))
    const places = { take: async () => true, renew: () => undefined, give: () => undefined }
    const changes = { tell: () => undefined, hear: () => undefined, close: async () => undefined }
    const streams = createUnreadStreams({
      states,
      places,
      changes,
      logger: recordingLogger(),
      beatMs: 3_600_000,
    })
    const watcher = { userId: newId(), lastEventId: '', isAllowed: async () => true }
    const [slow, quick] = [await streams.open(watcher), await streams.open(watcher)]
    quick.resume()
    await eventually('the quick one took it', () => quick.readableLength === 0)
    await streams.beat()
    expect(slow.destroyed).to.equal(true)
    expect(quick.destroyed).to.equal(false)
    expect(streams.size()).to.equal(1)
    streams.close()
  })

  it('goes on while Redis is away: each process for itself, found at the beat', async () => {
    const away = await startSecondApi({ ...t.env, REDIS_URL: 'redis://127.0.0.1:1' })
    try {
      const token = await t.accounts.token('buyer:away')
      const stream = await openEvents(`${away.baseUrl}${PATH}`, { token })
      open.push(stream)
      expect(stream.status).to.equal(200)
      expect(await unreadIn(stream)).to.equal(0)
      await tell('buyer:away', away.context)
      await away.context.services.unreadStreams.beat()
      expect(await unreadIn(stream)).to.equal(1)
    } finally {
      await away.close()
    }
  })

  it('ends when its process stops, which does not wait for it', async () => {
    const api = await startApi(t.env)
    const stream = await watch('buyer:drain', { baseUrl: api.url })
    expect(await unreadIn(stream)).to.equal(0)
    const stopped = api.stop()
    expect(await stream.next()).to.equal(undefined)
    expect((await stopped).code).to.equal(0)
  })
})

describe('a broadcast', () => {
  const t = useContext()

  it('is heard by all, and what is no message of ours is passed over', async () => {
    const { redis } = t.context
    const make = () =>
      createBroadcast({ redis, channel: `${t.env.REDIS_PREFIX}:test`, logger: recordingLogger() })
    const [one, two] = [make(), make()]
    const heard: string[] = []
    two.hear(names => heard.push(...names))
    await eventually('it listens', async () => {
      one.tell(['ready'])
      return heard.includes('ready')
    })
    for (const text of ['{', '7', '[1,"a"]']) await redis().publish(`${t.env.REDIS_PREFIX}:test`, text)
    one.tell(['b', 'b', 'c'])
    await eventually('all of it', () => heard.includes('c'))
    expect(heard.filter(name => name !== 'ready')).to.deep.equal(['a', 'b', 'c'])
    await one.close()
    await two.close()
  })
})
