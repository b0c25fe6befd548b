import { expect } from 'chai'
import { freePort } from '../../api/embedded/loopback.js'
import { User } from '../../api/modules/auth/user.js'
import { createDatabase } from '../../api/platform/database.js'
import { isForeignKeyViolation, isUniqueViolation, toAppError } from '../../api/platform/driver-errors.js'
import { AppError } from '../../api/platform/errors.js'
import { createRedis } from '../../api/platform/redis.js'
import { useContext } from '../support/context.js'
import { redisUrl } from '../support/database.js'
import { recordingLogger } from '../support/logger.js'

const errorOf = (work: PromiseLike<unknown>): Promise<Error> =>
  Promise.resolve(work).then(
    () => expect.fail('it succeeded'),
    error => error,
  )
const kindOf = (error: unknown) => {
  const { kind, code } = toAppError(error)
  return `${kind} ${code}`
}
const LOST_RACE = 'conflict request.lost_race'
const GONE = 'unavailable database.unavailable'

describe('what the database refuses', () => {
  const t = useContext()
  const person = (email: string) => ({
    email,
    name: 'Sara',
    phone: null,
    locale: 'ar' as const,
    passwordHash: 'x',
    consentVersion: '1',
  })

  it('is a duplicate, of the constraint that is named', async () => {
    await User.query(t.db).insert(person('same@example.sa'))
    const error = await errorOf(User.query(t.db).insert(person('same@example.sa')))
    expect(isUniqueViolation(error)).to.equal(true)
    expect(isUniqueViolation(error, 'users_email_key')).to.equal(true)
    expect(isUniqueViolation(error, 'users_pkey')).to.equal(false)
    expect(isForeignKeyViolation(error)).to.equal(false)
    expect(kindOf(error)).to.equal('internal internal')
  })

  it('is a row that names another which is not there', async () => {
    const error = await errorOf(
      t.owner('sessions').insert({
        id: crypto.randomUUID(),
        user_id: crypto.randomUUID(),
        refresh_hash: Buffer.alloc(1),
        last_used_at: new Date(),
        expires_at: new Date(),
      }),
    )
    expect(isForeignKeyViolation(error)).to.equal(true)
    expect(isUniqueViolation(error)).to.equal(false)
  })

  it('is a race that was lost: a deadlock', async () => {
    const [a, b] = await Promise.all([t.owner.transaction(), t.owner.transaction()])
    const lock = (trx: typeof a, id: string) => trx('makes').where({ id }).forUpdate().first()
    const [one, two] = (await t.owner('makes').orderBy('id').limit(2).pluck('id')) as [string, string]
    await lock(a, one)
    await lock(b, two)
    const outcomes = await Promise.allSettled([lock(a, two), lock(b, one)])
    await Promise.all([a.rollback(), b.rollback()])
    const failed = outcomes.flatMap(outcome => (outcome.status === 'rejected' ? [outcome.reason] : []))
    expect(failed.map(kindOf)).to.deep.equal([LOST_RACE])
  })

  it('is a race that was lost: a lock that is held', async () => {
    const holder = await t.owner.transaction()
    await holder('makes').forUpdate().first()
    const error = await errorOf(t.owner.raw('select * from makes for update nowait'))
    await holder.rollback()
    expect(kindOf(error)).to.equal(LOST_RACE)
  })

  it('is a race that was lost: serialization', async () => {
    const slow = await t.owner.transaction({ isolationLevel: 'repeatable read' })
    const { id } = await slow('makes').first()
    await t.owner('makes').where({ id }).update({ name_en: 'Changed meanwhile' })
    const error = await errorOf(slow('makes').where({ id }).update({ name_en: 'Changed too late' }))
    await slow.rollback()
    expect(kindOf(error)).to.equal(LOST_RACE)
  })

  it('is a bug of ours, where it is a wrong statement', async () => {
    for (const sql of ['select nothing', 'selec 1', "select 'x'::uuid", 'select 1/0'])
      expect(kindOf(await errorOf(t.db.raw(sql))), sql).to.equal('internal internal')
  })
})

describe('a database that is gone', () => {
  const t = useContext()
  const open = (url = t.databaseUrl) =>
    createDatabase({ url, application: 'test-victim', poolMin: 0, poolMax: 1 })

  it('refuses connections', async () => {
    const url = new URL(t.databaseUrl)
    url.port = String(await freePort())
    const db = open(url.href)
    const error = await errorOf(db.raw('select 1'))
    await db.destroy()
    expect(kindOf(error)).to.equal(GONE)
  })

  it('throws us out in the middle of a query, and lets us in again', async () => {
    const [db, other] = [open(), open()]
    const { rows } = await db.raw('select pg_backend_pid() as pid')
    const [{ pid }] = rows
    const ended = errorOf(db.raw('select pg_sleep(30)'))
    const asleep = "select pid from pg_stat_activity where pid = ? and wait_event = 'PgSleep'"
    while ((await other.raw(asleep, [pid])).rows.length === 0);
    await other.raw('select pg_terminate_backend(?)', [pid])
    expect(kindOf(await ended)).to.equal(GONE)
    expect((await db.raw('select 1 as n')).rows[0].n).to.equal(1)
    await Promise.all([db.destroy(), other.destroy()])
  })

  for (const [what, error] of [
    ['a socket that was reset', Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })],
    ['a host that is unknown', Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' })],
    ['a network without a way', Object.assign(new Error('connect'), { code: 'EHOSTUNREACH' })],
    ['both addresses refused', new AggregateError([Object.assign(new Error(''), { code: 'ECONNREFUSED' })])],
    ['too many clients', Object.assign(new Error('sorry, too many clients already'), { code: '53300' })],
    [
      'a server that starts up',
      Object.assign(new Error('the database system is starting up'), { code: '57P03' }),
    ],
    ['a line that closed', new Error('select 1 - Connection terminated unexpectedly')],
    ['an answer that never came', new Error('select 1 - Query read timeout')],
    ['a wait for a new connection', new Error('timeout expired')],
  ] as const) {
    it(`is ${what}`, () => expect(kindOf(error)).to.equal(GONE))
  }
})

describe('a Redis that is gone', () => {
  const isUnavailable = (error: Error) =>
    expect(toAppError(error)).to.include({ kind: 'unavailable', code: 'redis.unavailable' })

  it('is unavailable after a few tries, with one line in the log for all of them', async () => {
    const log = recordingLogger()
    const redis = createRedis(`redis://127.0.0.1:${await freePort()}`, log, 'test')
    const error = await errorOf(redis.ping())
    redis.disconnect()
    isUnavailable(error)
    expect(log.of('redis_unreachable')).to.have.length(1)
  })

  it('is unavailable once we have left it', async () => {
    const redis = createRedis(redisUrl(), recordingLogger(), 'test')
    await redis.ping()
    const ended = new Promise(resolve => redis.once('end', resolve))
    redis.disconnect()
    await ended
    isUnavailable(await errorOf(redis.ping()))
  })
})

describe('anything else that is thrown', () => {
  for (const thrown of [
    undefined,
    null,
    'text',
    7,
    {},
    { code: 'ECONNREFUSED' },
    new TypeError('x is not a function'),
  ])
    it(`is a bug of ours: ${String(thrown)}`, () => {
      expect(kindOf(thrown)).to.equal('internal internal')
      expect(toAppError(thrown).message).to.equal('Something went wrong on our side.')
      expect(toAppError(thrown).cause).to.equal(thrown)
    })

  it('is left alone where it is an error of the application', () => {
    const error = new AppError('conflict', 'orders.wrong_state', 'x')
    expect(toAppError(error)).to.equal(error)
  })
})
