import type { ChildProcess } from 'node:child_process'
import { expect } from 'chai'
import { useScratch } from '../embedded/scratch.js'
import { reap } from '../support/api-process.js'
import { useContext } from '../support/context.js'
import {
  begunTwice,
  endLeasesOf,
  kill,
  makeEffectTables,
  startEffectsWorker,
  tallyOf,
} from '../support/effects.js'
import { type RestartableRedis, restartableRedis } from '../support/restartable-redis.js'
import { addWork, eventually } from '../support/worker.js'

/** The long form, with twenty blows of every kind, is `npm run survive`: see docs/jobs.md. */
describe('work in the background survives', function () {
  this.timeout(240_000)
  const t = useContext()
  const scratch = useScratch()
  const workers: ChildProcess[] = []
  let redis: RestartableRedis

  const start = async () => {
    const worker = await startEffectsWorker({ ...t.env, REDIS_URL: redis.url })
    workers.push(worker)
    return worker
  }
  const done = async () => (await tallyOf(t.db)).done
  const expectAllOnce = async () => {
    const { jobs, done, effects, total } = await tallyOf(t.db)
    expect({ done, effects, total }).to.deep.equal({ done: jobs, effects: jobs, total: jobs })
  }
  // of a killed one's work each job waits out its stall, and a busy machine takes its time
  const allDone = () =>
    eventually(
      'all of it done',
      async () => {
        const { jobs, done } = await tallyOf(t.db)
        return done === jobs
      },
      90_000,
    )

  before(async () => {
    redis = await restartableRedis(scratch.path('redis'))
    await makeEffectTables(t.owner, 'test_app')
  })
  beforeEach(async () => {
    for (const table of ['outbox', 'attempts', 'effects']) await t.owner(table).delete()
    await t.owner('totals').update({ effects: 0, slots: 0 })
  })
  afterEach(async () => {
    for (const worker of workers.splice(0)) await reap(worker)
  })
  after(() => redis?.remove())

  it('kill -9 of its worker, batch by batch', async () => {
    let worker = await start()
    for (let batch = 0; batch < 3; batch++) {
      const before = await done()
      await addWork(t.context, 150)
      await eventually('it is at work', async () => (await done()) > before)
      await kill(worker)
      await endLeasesOf(t.owner, worker.pid as number)
      worker = await start()
    }
    await allDone()
    await expectAllOnce()
    // what was in the killed one's hands may have been begun twice, and nothing else
    expect(await begunTwice(t.db)).to.be.at.most(3 * 16)
    expect(await kill(worker, 'SIGTERM')).to.equal(0)
  })

  it('a Redis that restarts with its data, that restarts without, and that is flushed; nothing is even begun twice', async () => {
    await Promise.all([start(), start()])
    const inTheMiddle = async (then: () => Promise<void>) => {
      const before = await done()
      await addWork(t.context, 300)
      await eventually('it is at work', async () => (await done()) > before)
      await then()
    }
    await inTheMiddle(async () => {
      await redis.kill()
      await redis.start()
    })
    await inTheMiddle(async () => {
      await redis.kill()
      redis.loseData()
      await redis.start()
    })
    await inTheMiddle(() => redis.flush())
    await allDone()
    await expectAllOnce()
    expect(await begunTwice(t.db)).to.equal(0)
  })
})
