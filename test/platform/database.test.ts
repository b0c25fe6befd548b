import { expect } from 'chai'
import { createDatabase, type DatabaseOptions, type Db } from '../../api/platform/database.js'
import { toAppError } from '../../api/platform/driver-errors.js'
import { useContext } from '../support/context.js'
import { openGate } from '../support/gate.js'
import { recordingLogger } from '../support/logger.js'
import { type SecondApi, startSecondApi } from '../support/second-api.js'

const errorOf = (work: PromiseLike<unknown>): Promise<Error> =>
  Promise.resolve(work).then(
    () => expect.fail('it succeeded'),
    error => error,
  )

describe('the database', () => {
  const t = useContext()
  const opened: Db[] = []
  const open = (over: Partial<DatabaseOptions> = {}): Db => {
    const db = createDatabase({ url: t.databaseUrl, application: 'test', poolMin: 0, poolMax: 2, ...over })
    opened.push(db)
    return db
  }
  after(() => Promise.all(opened.map(db => db.destroy())))

  describe('whole numbers', () => {
    const read = async (text: string) => (await open().raw(`select ${text}::bigint as n`)).rows[0].n

    it('are numbers as far as numbers are exact', async () => {
      for (const n of [0, 1, -1, 23_000, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER])
        expect(await read(`'${n}'`)).to.equal(n)
      expect((await open().raw('select count(*) as n from users')).rows[0].n).to.equal(0)
    })

    for (const text of ['9007199254740992', '-9007199254740992', '9223372036854775807'])
      it(`are refused beyond that: ${text}`, async () => {
        const db = open({ poolMax: 1 })
        const error = await errorOf(db.raw(`select '${text}'::bigint as n`))
        expect(error.message).to.include('beyond what a number keeps exactly')
        expect(toAppError(error).kind).to.equal('internal')
        expect((await db.raw('select 1 as n')).rows[0].n).to.equal(1)
      })

    it('stay null where they are null', async () => expect(await read('null')).to.equal(null))
  })

  describe('a session', () => {
    it('has its limits and says whose it is', async () => {
      const db = open({ application: 'cargoparts-api' })
      const show = async (name: string) => (await db.raw(`show ${name}`)).rows[0][name]
      expect(await show('application_name')).to.equal('cargoparts-api')
      expect(await show('statement_timeout')).to.equal('5s')
      expect(await show('idle_in_transaction_session_timeout')).to.equal('30s')
    })

    it('ends a statement that takes too long, and is good for the next', async () => {
      const db = open({ statementMs: 50, poolMax: 1 })
      const error = toAppError(await errorOf(db.raw('select pg_sleep(30)')))
      expect(error).to.include({ kind: 'unavailable', code: 'database.unavailable' })
      expect((await db.raw('select 1 as n')).rows[0].n).to.equal(1)
    })
  })

  describe('a connection whose line went dead', () => {
    it('fails one query and is replaced, without being asked twice', async () => {
      const gate = await openGate(t.databaseUrl)
      const db = open({ url: gate.through(t.databaseUrl), statementMs: 20, poolMax: 1 })
      await db.raw('select 1')
      expect(gate.strand()).to.equal(1)
      const error = toAppError(await errorOf(db.raw('select 2')))
      expect(error).to.include({ kind: 'unavailable', code: 'database.unavailable' })
      expect((await db.raw('select 3 as n')).rows[0].n).to.equal(3)
      await gate.close()
    })
  })

  describe('a full pool', () => {
    it('is told to the caller instead of kept from him', async () => {
      const db = open({ poolMax: 1, acquireMs: 50 })
      const holder = await db.transaction()
      const error = toAppError(await errorOf(db.raw('select 1')))
      await holder.rollback()
      expect(error).to.include({ kind: 'unavailable', code: 'database.unavailable' })
      expect((await db.raw('select 1 as n')).rows[0].n).to.equal(1)
    })

    it('holds no more connections than it may', async () => {
      const db = open({ poolMax: 2, acquireMs: 5_000, application: 'test-crowd' })
      await Promise.all(Array.from({ length: 12 }, () => db.raw('select 1')))
      const { rows } = await t.owner.raw(
        "select count(*) as n from pg_stat_activity where application_name = 'test-crowd'",
      )
      expect(rows[0].n).to.be.within(1, 2)
    })
  })

  describe('a slow query', () => {
    it('is logged by its shape, without its values', async () => {
      const logger = recordingLogger()
      const db = open({ logger, slowMs: 1 })
      await db.raw('select pg_sleep(0.02), ?::text', ['sara@example.sa'])
      await db('users').where({ email: 'omar@example.sa' }).select(db.raw('pg_sleep(0.02)'))
      const lines = logger.of('db_slow_query')
      expect(lines.map(line => line.fields.shape)).to.include('select pg_sleep(0.02), $1::text')
      expect(lines[0]?.level).to.equal('warn')
      expect(lines[0]?.fields.ms).to.be.a('number')
      expect(JSON.stringify(logger.lines)).to.not.include('example.sa')
    })

    it('is logged when it fails, and inside a transaction', async () => {
      const logger = recordingLogger()
      const db = open({ logger, slowMs: 1, statementMs: 20 })
      await errorOf(db.raw('select pg_sleep(30), ?::text', ['value-of-a-field']))
      const other = open({ logger, slowMs: 1 })
      await other.transaction(trx => trx.raw('select pg_sleep(0.02), 2'))
      const shapes = logger.of('db_slow_query').map(line => line.fields.shape)
      expect(shapes).to.include('select pg_sleep(30), $1::text').and.include('select pg_sleep(0.02), 2')
      expect(JSON.stringify(logger.lines)).to.not.include('value-of-a-field')
    })

    it('is none while it is quick', async () => {
      const logger = recordingLogger()
      await open({ logger, slowMs: 60_000 }).raw('select 1')
      expect(logger.lines).to.be.empty
    })
  })

  it('names no value in an error', async () => {
    const error = await errorOf(open()('no_such_table').where({ email: 'sara@example.sa' }))
    expect(error.message).to.include('no_such_table').and.not.include('sara@example.sa')
    expect(String(error.stack)).to.not.include('sara@example.sa')
  })
})

describe('a request that finds the pool full', () => {
  const t = useContext()
  let api: SecondApi
  before(async () => {
    api = await startSecondApi({ ...t.env, DATABASE_POOL_MAX: '1' })
  })
  after(() => api.close())

  it('is told to try again, and can', async () => {
    const holder = await api.context.db.transaction()
    const answer = await api.send('/api/v1/makes')
    await holder.rollback()
    expect(answer.status).to.equal(503)
    expect(answer.body.code).to.equal('database.unavailable')
    expect(answer.headers.get('retry-after')).to.equal('2')
    expect(answer.text).to.not.match(/pool|knex|transacting/i)
    expect((await api.send('/api/v1/makes')).status).to.equal(200)
  })
})
