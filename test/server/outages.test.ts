import { expect } from 'chai'
import { freePort } from '../../api/embedded/loopback.js'
import { type EmbeddedPostgres, removePostgres, startPostgres } from '../../api/embedded/postgres.js'
import { signalProcess } from '../../api/embedded/process.js'
import { useScratch } from '../embedded/scratch.js'
import { type ApiProcess, reap, startApi } from '../support/api-process.js'
import { useContext } from '../support/context.js'
import { testEnvironment } from '../support/environment.js'
import { request } from '../support/request.js'
import { type RestartableRedis, restartableRedis } from '../support/restartable-redis.js'
import { place } from '../support/shopping.js'
import { APP, prepareTemplate, TEMPLATE, urlFor } from '../support/template.js'
import { eventually } from '../support/worker.js'

describe('the API and a PostgreSQL that comes and goes', function () {
  this.timeout(120_000)
  const scratch = useScratch(() => removePostgres(scratch.path('postgres')))
  let postgres: EmbeddedPostgres
  let port: number
  let api: ApiProcess

  const start = () => startPostgres({ dataDir: scratch.path('postgres'), port, ephemeral: true })
  const listings = () => request(api.url, '/api/v1/listings')
  const isServing = async () => (await listings()).status === 200
  const many = () => Promise.all(Array.from({ length: 30 }, listings))

  before(async () => {
    port = await freePort()
    postgres = await start()
    await prepareTemplate(postgres.superuserUrl)
    const url = urlFor(postgres.superuserUrl, TEMPLATE, APP)
    api = await startApi(testEnvironment({ DATABASE_URL: url, REDIS_URL: 'redis://127.0.0.1:1' }))
  })
  after(async () => {
    await reap(api?.child)
    await postgres?.stop()
  })

  it('serves while it is there', async () => {
    expect((await listings()).status).to.equal(200)
  })

  it('answers 503 to everybody while it is stopped, and serves again by itself', async () => {
    await postgres.stop()
    for (const answer of await many()) {
      expect(answer.status, answer.text).to.equal(503)
      expect(answer.body).to.include({ code: 'database.unavailable', status: 503 })
      expect(answer.headers.get('content-type')).to.include('application/problem+json')
    }
    expect((await request(api.url, '/api/v1/health')).body.checks).to.include({ app: true, database: false })
    expect((await request(api.url, '/api/v1/health/ready')).status).to.equal(503)
    expect((await request(api.url, '/api/v1/health/live')).status).to.equal(200)

    postgres = await start()
    await eventually('it serves', isServing)
    for (const answer of await many()) expect(answer.status, answer.text).to.equal(200)
    expect(api.child.exitCode).to.equal(null)
  })

  it('answers 503 to everybody while it hangs, and serves again when it goes on', async () => {
    signalProcess(postgres.who.pid, 'SIGSTOP')
    const backends = await backendsOf(postgres)
    for (const pid of backends) signalProcess(pid, 'SIGSTOP')
    try {
      for (const answer of await many()) expect(answer.status, answer.text).to.equal(503)
      expect((await request(api.url, '/api/v1/health/live')).status).to.equal(200)
    } finally {
      for (const pid of [postgres.who.pid, ...backends]) signalProcess(pid, 'SIGCONT')
    }
    await eventually('it serves', isServing)
    for (const answer of await many()) expect(answer.status, answer.text).to.equal(200)
  })

  it('starts while it is away, and serves when it comes', async () => {
    await postgres.stop()
    await reap(api.child)
    const url = urlFor(postgres.superuserUrl, TEMPLATE, APP)
    api = await startApi(testEnvironment({ DATABASE_URL: url, REDIS_URL: 'redis://127.0.0.1:1' }))
    expect((await listings()).status).to.equal(503)
    postgres = await start()
    await eventually('it serves', isServing)
  })

  it('stops while it is away', async () => {
    await postgres.stop()
    expect((await listings()).status).to.equal(503)
    expect((await api.stop()).code).to.equal(0)
  })
})

describe('the API and a Redis that comes and goes', function () {
  this.timeout(60_000)
  const t = useContext()
  const scratch = useScratch()
  let redis: RestartableRedis
  let api: ApiProcess

  const health = () => request(api.url, '/api/v1/health')
  before(async () => {
    redis = await restartableRedis(scratch.path('redis'))
    api = await startApi({ ...t.env, REDIS_URL: redis.url })
  })
  after(async () => {
    await reap(api?.child)
    await redis?.remove()
  })

  /** What must go on without Redis: reading, and an order with its work in the outbox. */
  async function expectOrders(): Promise<void> {
    const listing = await t.accounts.listing()
    const { orders } = await place({ ...t, post: postTo(api.url) }, [{ listingId: listing.id, quantity: 1 }])
    const read = await request(api.url, `/api/v1/orders/${orders[0]?.id}`, {
      token: await t.accounts.token('buyer'),
    })
    expect(read.status, read.text).to.equal(200)
  }
  const postTo =
    (url: string): typeof t.post =>
    async (path, { as, ...send } = {}) =>
      request(url, path, { ...send, method: 'POST', ...(as ? { token: await t.accounts.token(as) } : {}) })

  it('is healthy while it is there', async () => {
    await eventually('healthy', async () => (await health()).status === 200)
    await expectOrders()
  })

  it('says so while it is gone, and takes orders all the same', async () => {
    await redis.kill()
    const answer = await health()
    expect(answer.status).to.equal(503)
    expect(answer.body.checks).to.include({ app: true, database: true, redis: false })
    expect((await request(api.url, '/api/v1/health/ready')).status).to.equal(200)
    await expectOrders()
    await redis.start()
    await eventually('healthy', async () => (await health()).status === 200)
  })

  it('says so while it hangs, and takes orders all the same', async () => {
    redis.freeze()
    try {
      expect((await health()).body.checks).to.include({ database: true, redis: false })
      await expectOrders()
    } finally {
      redis.thaw()
    }
    await eventually('healthy', async () => (await health()).status === 200)
  })

  it('stops while it is gone', async () => {
    await redis.kill()
    expect((await health()).status).to.equal(503)
    expect((await api.stop()).code).to.equal(0)
  })
})

/** The processes of a PostgreSQL that answer queries: its postmaster's children. */
async function backendsOf(postgres: EmbeddedPostgres): Promise<number[]> {
  const { readdirSync, readFileSync } = await import('node:fs')
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(Number)
    .filter(pid => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
        return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === postgres.who.pid
      } catch {
        return false // gone since it was listed
      }
    })
}
