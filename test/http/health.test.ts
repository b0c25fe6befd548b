import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect } from 'chai'
import { type EmbeddedRedis, startRedis } from '../../api/embedded/redis.js'
import { useContext } from '../support/context.js'
import { redisUrl } from '../support/database.js'
import { type Gate, openGate } from '../support/gate.js'
import type { Answer } from '../support/request.js'
import { request } from '../support/request.js'
import { type SecondApi, startSecondApi } from '../support/second-api.js'

const HEALTH = '/api/v1/health'

/** Asks until the answer has this status; a test that never gets it ends by its own time-out. */
async function until(status: number, ask: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    const answer = await ask()
    if (answer.status === status) return answer
  }
}

describe('health', () => {
  const t = useContext()

  it('is the state of the application, the database and Redis, and the time', async () => {
    for (const path of [HEALTH, '/api/health']) {
      const { status, body } = await t.get(path)
      expect(status).to.equal(200)
      expect(body).to.have.all.keys('status', 'checks')
      expect(body.status).to.equal('healthy')
      expect(body.checks).to.include({ app: true, database: true, redis: true })
      expect(new Date(body.checks.timestamp).toISOString()).to.equal(body.checks.timestamp)
    }
  })

  it('tells officers and admins more', async () => {
    for (const as of ['officer', 'admin'] as const) {
      const { status, body } = await t.get(`${HEALTH}?detailed=true`, { as })
      expect(status).to.equal(200)
      expect(body.metrics).to.have.all.keys(
        'memory',
        'uptime',
        'version',
        'environment',
        'commit',
        'pool',
        'tables',
      )
      expect(body.metrics.environment).to.equal('test')
      expect(body.metrics.memory.rssBytes).to.be.above(1_000_000)
      expect(body.metrics.pool).to.have.all.keys('used', 'free', 'waiting')
      const tables = body.metrics.tables.map((table: { name: string }) => table.name)
      expect(tables).to.include.members(['users', 'orders'])
    }
  })

  it('tells nobody else', async () => {
    for (const as of ['buyer', 'seller', 'finance'] as const) {
      const answer = await t.get(`${HEALTH}?detailed=true`, { as })
      expect(answer.status, as).to.equal(403)
      expect(answer.text).to.not.include('metrics')
    }
    const answer = await t.get(`${HEALTH}?detailed=true`)
    expect(answer.status).to.equal(401)
    expect(answer.text).to.not.include('metrics')
    expect((await t.get(`${HEALTH}?detailed=false`)).body).to.not.have.property('metrics')
  })

  it('refuses what it does not know', async () => {
    expect((await t.get(`${HEALTH}?detailed=maybe`)).status).to.equal(422)
    expect((await t.get(`${HEALTH}?verbose=1`)).status).to.equal(422)
  })

  it('is ready, by the path and by HEAD', async () => {
    const ready = await t.get(`${HEALTH}/ready`)
    expect(ready.status).to.equal(200)
    expect(ready.body).to.deep.equal({ ready: true, reasons: [] })
    const head = await request(t.baseUrl, HEALTH, { method: 'HEAD' })
    expect(head.status).to.equal(200)
    expect(head.text).to.equal('')
  })

  it('is alive without asking anything of anybody', async () => {
    let queries = 0
    const count = () => {
      queries += 1
    }
    const token = await t.accounts.token('admin')
    t.db.on('query', count)
    for (const options of [{}, { token }, { token: 'ended' }]) {
      const answer = await t.get(`${HEALTH}/live`, options)
      expect(answer.status).to.equal(200)
      expect(answer.body).to.deep.equal({ alive: true })
    }
    t.db.removeListener('query', count)
    expect(queries).to.equal(0)
  })

  it('is not ready while a migration is pending, and healthy all the same', async () => {
    const last = await t.owner('knex_migrations').orderBy('id', 'desc').first()
    await t.owner('knex_migrations').where({ id: last.id }).delete()
    const ready = await t.get(`${HEALTH}/ready`)
    const head = await request(t.baseUrl, HEALTH, { method: 'HEAD' })
    const health = await t.get(HEALTH)
    await t.owner('knex_migrations').insert(last)
    expect(ready.status).to.equal(503)
    expect(ready.body).to.deep.equal({ ready: false, reasons: ['migrations_pending'] })
    expect(head.status).to.equal(503)
    expect(health.status).to.equal(200)
    expect((await t.get(`${HEALTH}/ready`)).status).to.equal(200)
  })

  it('is ready where a newer release has migrated further', async () => {
    const [added] = await t
      .owner('knex_migrations')
      .insert({ name: '29990101000000_later', batch: 99, migration_time: new Date() })
      .returning('id')
    const { status } = await t.get(`${HEALTH}/ready`)
    await t.owner('knex_migrations').where(added).delete()
    expect(status).to.equal(200)
  })

  describe('of a process that is about to stop', () => {
    let api: SecondApi
    before(async () => {
      api = await startSecondApi(t.env)
      api.context.services.health.drain()
    })
    after(() => api.close())

    it('is unhealthy and not ready, and alive', async () => {
      const health = await api.send(HEALTH)
      expect(health.status).to.equal(503)
      expect(health.body).to.deep.include({ status: 'unhealthy' })
      expect(health.body.checks).to.include({ app: false, database: true, redis: true })
      const ready = await api.send(`${HEALTH}/ready`)
      expect(ready.status).to.equal(503)
      expect(ready.body.reasons).to.deep.equal(['draining'])
      expect((await api.send(HEALTH, { method: 'HEAD' })).status).to.equal(503)
      expect((await api.send(`${HEALTH}/live`)).status).to.equal(200)
    })
  })
})

describe('health without a dependency', function () {
  this.timeout(60_000)
  const t = useContext()
  let api: SecondApi
  let database: Gate
  let redis: Gate
  const health = () => api.send(HEALTH)
  const ready = () => api.send(`${HEALTH}/ready`)

  before(async () => {
    database = await openGate(t.databaseUrl)
    redis = await openGate(redisUrl())
    api = await startSecondApi({
      ...t.env,
      DATABASE_URL: database.through(t.databaseUrl),
      REDIS_URL: redis.through(redisUrl()),
      DATABASE_POOL_MAX: '3',
    })
    await until(200, health)
  })
  after(async () => {
    await api?.close()
    await database?.close()
    await redis?.close()
  })

  const isUnhealthy = (answer: Answer, away: 'database' | 'redis') => {
    expect(answer.status, answer.text).to.equal(503)
    expect(answer.body).to.have.all.keys('status', 'checks')
    expect(answer.body.status).to.equal('unhealthy')
    const there = away === 'redis' ? 'database' : 'redis'
    expect(answer.body.checks).to.include({ app: true, [away]: false, [there]: true })
    expect(answer.text).to.not.match(/ECONN|error|127\.0\.0\.1|password/i)
  }

  it('says so when Redis is gone, stays ready, and recovers by itself', async () => {
    await redis.shut()
    isUnhealthy(await until(503, health), 'redis')
    expect((await ready()).status).to.equal(200)
    expect((await api.send('/api/v1/listings')).status).to.equal(200)
    await redis.open()
    expect((await until(200, health)).body.checks.redis).to.equal(true)
  })

  it('is not held up by a Redis that hangs', async () => {
    redis.freeze()
    isUnhealthy(await health(), 'redis')
    isUnhealthy(await health(), 'redis')
    expect((await ready()).status).to.equal(200)
    redis.thaw()
    await until(200, health)
  })

  it('says so when the database is gone, is not ready, and recovers by itself', async () => {
    await database.shut()
    isUnhealthy(await until(503, health), 'database')
    const answer = await ready()
    expect(answer.status).to.equal(503)
    expect(answer.body).to.deep.equal({ ready: false, reasons: ['database_unreachable'] })
    expect((await api.send(HEALTH, { method: 'HEAD' })).status).to.equal(503)
    expect((await api.send(`${HEALTH}/live`)).status).to.equal(200)
    const request = await api.send('/api/v1/listings')
    expect(request.status).to.equal(503)
    expect(request.body.code).to.equal('database.unavailable')
    expect(request.headers.get('retry-after')).to.equal('2')
    await database.open()
    await until(200, health)
    expect((await until(200, ready)).body.ready).to.equal(true)
  })

  it('is not held up by a database that hangs, and neither is the proof of life', async () => {
    database.freeze()
    isUnhealthy(await health(), 'database')
    expect((await ready()).body.reasons).to.deep.equal(['database_unreachable'])
    const token = await t.accounts.token('admin')
    expect((await api.send(`${HEALTH}/live`, { token })).status).to.equal(200)
    expect((await api.send('/api/v1/listings')).body.code).to.equal('database.unavailable')
    database.thaw()
    await until(200, health)
  })

  it('opens nothing to officers that the database would have to vouch for', async () => {
    const token = await t.accounts.token('officer')
    await database.shut()
    const answer = await api.send(`${HEALTH}?detailed=true`, { token })
    await database.open()
    expect(answer.status).to.equal(503)
    expect(answer.text).to.not.include('metrics')
    await until(200, health)
  })
})

describe('health beside a Redis process that is stopped', function () {
  this.timeout(60_000)
  const t = useContext()
  let dataDir: string
  let redis: EmbeddedRedis
  let api: SecondApi

  before(async () => {
    dataDir = mkdtempSync(path.join(tmpdir(), 'cargoparts-test-'))
    redis = await startRedis({ dataDir, ephemeral: true })
    api = await startSecondApi({ ...t.env, REDIS_URL: redis.url })
    await until(200, () => api.send(HEALTH))
  })
  after(async () => {
    await api?.close()
    process.kill(redis.who.pid, 'SIGCONT')
    await redis?.stop()
    rmSync(dataDir, { recursive: true, force: true })
  })

  it('answers, and goes on when the process does', async () => {
    process.kill(redis.who.pid, 'SIGSTOP')
    const answer = await api.send(HEALTH)
    expect(answer.status).to.equal(503)
    expect(answer.body.checks).to.include({ database: true, redis: false })
    process.kill(redis.who.pid, 'SIGCONT')
    await until(200, () => api.send(HEALTH))
  })
})
