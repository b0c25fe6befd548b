import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { Redis } from 'ioredis'
import { systemClock } from '../../api/platform/clock.js'
import { createLocks, LOCK_TTL_MS, type Lock } from '../../api/platform/lock.js'
import { createRedis } from '../../api/platform/redis.js'
import { reap } from '../support/api-process.js'
import { bareEnvironment } from '../support/command.js'
import { useContext } from '../support/context.js'
import { redisUrl } from '../support/database.js'
import { atOnce } from '../support/ordering.js'
import { eventually } from '../support/worker.js'

describe('a lock', () => {
  const t = useContext()
  let redis: Redis
  let serial = 0
  let name: string
  const key = () => `${t.env.REDIS_PREFIX}:lock:{${name}}`
  const locks = () => t.context.locks
  /** As its time running out does, without the wait. */
  const expire = () => redis.del(key())
  const codeOf = (attempt: Promise<unknown>) =>
    attempt.then(
      () => 'done',
      error => error.code,
    )
  /** A write under the lock, as work does it. */
  const write = (lock: Lock, by: string) =>
    codeOf(
      t.db.transaction(async trx => {
        await trx('protected').insert({ written_by: by })
        await lock.assertHeld(trx)
      }),
    )
  const written = () => t.db('protected').pluck('written_by')

  before(async () => {
    redis = new Redis(redisUrl())
    await t.owner.raw('create table protected (written_by text not null)')
    await t.owner.raw('grant all on protected to test_app')
  })
  beforeEach(async () => {
    name = `thing ${++serial}`
    await t.db('protected').delete()
  })
  after(() => redis?.disconnect())

  it('is got by one of many', async () => {
    const outcomes = await atOnce(12, () => codeOf(locks().acquire(name)))
    expect(outcomes.filter(outcome => outcome === 'done')).to.have.length(1)
    expect(outcomes.filter(outcome => outcome === 'locks.held')).to.have.length(11)
  })

  it('lasts thirty seconds, and belongs to a token nobody can guess', async () => {
    await locks().acquire(name)
    expect(await redis.pttl(key())).to.be.within(LOCK_TTL_MS - 5_000, LOCK_TTL_MS)
    expect(await redis.get(key())).to.match(/ [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  })

  it('says who holds it', async () => {
    await locks().acquire(name)
    const error = await locks()
      .acquire(name)
      .catch(thrown => thrown)
    expect(error).to.include({ kind: 'conflict', code: 'locks.held' })
    expect(error.message).to.include(`:${process.pid}`)
  })

  it('goes to the next when it is released, with a higher number', async () => {
    const first = await locks().acquire(name)
    const waiting = locks().acquire(name, { waitMs: 10_000 })
    await first.release()
    const second = await waiting
    expect(second.fence).to.be.above(first.fence)
  })

  it('that ran out is neither released nor extended by its first owner', async () => {
    const first = await locks().acquire(name)
    await expire()
    const second = await locks().acquire(name)
    await first.release()
    expect(await codeOf(locks().acquire(name)), 'still held').to.equal('locks.held')
    expect(await first.extend()).to.equal(false)
    expect(first.signal.aborted).to.equal(true)
    expect(await second.extend()).to.equal(true)
    expect(second.signal.aborted).to.equal(false)
  })

  it('is extended by its owner', async () => {
    const lock = await locks().acquire(name)
    await redis.pexpire(key(), 1_000)
    expect(await lock.extend()).to.equal(true)
    expect(await redis.pttl(key())).to.be.above(20_000)
  })

  it('is extended by itself while work goes on under it, and released at its end', async () => {
    await locks().with(name, { ttlMs: 300 }, async () => {
      // longer than it lasts: three times it was renewed before it had half its time left
      for (let renewals = 0, left = 300; renewals < 3; ) {
        const now = await redis.pttl(key())
        expect(now, 'held all the time').to.be.above(0)
        if (now > left) renewals += 1
        left = now
      }
    })
    expect(await redis.exists(key())).to.equal(0)
  })

  it('is released where the work failed', async () => {
    const failure = new Error('broken')
    expect(
      await locks()
        .with(name, {}, () => Promise.reject(failure))
        .catch(error => error),
    ).to.equal(failure)
    expect(await redis.exists(key())).to.equal(0)
  })

  it('that is lost ends the work under it', async () => {
    await locks().with(name, { ttlMs: 300 }, async lock => {
      await expire()
      await locks().acquire(name)
      await eventually('it noticed', () => lock.signal.aborted)
    })
    expect(await redis.exists(key()), 'the other’s stays').to.equal(1)
  })

  it('lets only the newest holder write', async () => {
    const first = await locks().acquire(name)
    expect(await write(first, 'first')).to.equal('done')
    await expire()
    const second = await locks().acquire(name)
    expect(await write(first, 'late')).to.equal('locks.lost')
    expect(await write(second, 'second')).to.equal('done')
    expect(await written()).to.deep.equal(['first', 'second'])
  })

  it('goes to nobody between a holder’s check and the end of its transaction', async () => {
    const first = await locks().acquire(name)
    let isTaken = false
    await t.db.transaction(async trx => {
      await first.assertHeld(trx)
      await expire()
      const taking = locks()
        .acquire(name)
        .then(() => {
          isTaken = true
        })
      taking.catch(() => undefined)
      await eventually('the other waits for the record', async () => (await waitingOn(t)) > 0)
      expect(isTaken).to.equal(false)
      await trx('protected').insert({ written_by: 'first' })
    })
    await eventually('the other has it', () => isTaken)
  })

  it('numbers its holders on, when Redis has forgotten all and its clock stands behind', async () => {
    const fence = 2 ** 52
    await t.owner('lock_fences').insert({ name, fence, holder: 'one before', taken_at: new Date() })
    const lock = await locks().acquire(name)
    expect(lock.fence).to.be.above(fence)
    expect(await write(lock, 'first')).to.equal('done')
  })

  it('cannot be had while Redis is away, and that is said', async () => {
    const nowhere = createRedis('redis://127.0.0.1:1', t.log, 'test')
    const away = createLocks({ redis: () => nowhere, db: t.db, clock: systemClock, prefix: 'x' })
    const error = await away.acquire(name).catch(thrown => thrown)
    expect(error).to.include({ kind: 'unavailable', code: 'redis.unavailable' })
    nowhere.disconnect()
  })

  it('of a process that was paused beyond its time protects what another wrote since', async () => {
    const script = fileURLToPath(new URL('lock-holder.js', import.meta.url))
    const child = spawn(process.execPath, [script, name, '400'], {
      env: bareEnvironment(t.env),
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    try {
      const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
      expect((await lines.next()).value).to.match(/^held \d+$/)
      child.kill('SIGSTOP')
      const lock = await locks().acquire(name, { waitMs: 10_000 })
      expect(await write(lock, 'awake')).to.equal('done')
      child.kill('SIGCONT')
      child.stdin.write('go on\n')
      expect((await lines.next()).value).to.equal('locks.lost')
      expect(await written()).to.deep.equal(['awake'])
      expect(await redis.exists(key()), 'nor did it release the other’s lock').to.equal(1)
      await lock.release()
    } finally {
      await reap(child as ChildProcess)
    }
  })
})

async function waitingOn({ owner }: { owner: ReturnType<typeof useContext>['owner'] }): Promise<number> {
  const { rows } = await owner.raw('select from pg_locks where not granted')
  return rows.length
}
