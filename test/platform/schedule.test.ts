import { expect } from 'chai'
import { Redis } from 'ioredis'
import { recurringOf } from '../../api/jobs.js'
import { days, minutes, seconds } from '../../api/platform/clock.js'
import { AppError } from '../../api/platform/errors.js'
import { NotYet } from '../../api/platform/not-yet.js'
import type { RecurringJob, Run } from '../../api/platform/recurring.js'
import { cronOf } from '../../api/platform/schedule.js'
import { startScheduler } from '../../api/platform/scheduler.js'
import { useContext } from '../support/context.js'
import { redisUrl } from '../support/database.js'
import { atOnce } from '../support/ordering.js'
import { aWorker, eventually } from '../support/worker.js'

describe('recurring work', () => {
  const t = useContext()
  const schedule = () => t.context.schedule
  const never = new AbortController().signal
  const aJob = (over: Partial<RecurringJob> = {}): RecurringJob => ({
    name: 'test-job',
    pattern: '0 * * * * *',
    missed: 'once',
    work: async () => 0,
    ...over,
  })
  const slots = async (): Promise<string[]> =>
    (await t.db('outbox').where({ topic: 'recurring_due' }).orderBy('id').pluck('payload')).map(
      payload => payload.slot,
    )
  /** Makes it known, and forgets what was given out for that. */
  const known = async (job: RecurringJob) => {
    await schedule().sweep([job])
    await t.db('outbox').delete()
  }
  const stateOf = async (job: RecurringJob) => (await schedule().list([job]))[0]
  const handle = (job: RecurringJob, slot = new Date()) =>
    schedule().handler([job])({ name: job.name, slot: slot.toISOString() }, never)

  beforeEach(async () => {
    await t.db('outbox').delete()
    await t.db('recurring_jobs').delete()
    t.log.lines.length = 0
  })
  afterEach(() => t.clock.reset())

  describe('slots', () => {
    it('begin with the one to come, for work that is new', async () => {
      expect(await schedule().sweep([aJob()])).to.equal(0)
      t.clock.advance(minutes(1))
      expect(await schedule().sweep([aJob()])).to.equal(1)
    })

    it('are given out once each, however many look at the clock', async () => {
      const job = aJob()
      await known(job)
      for (let minute = 0; minute < 5; minute++) {
        t.clock.advance(minutes(1))
        const given = await atOnce(8, () => schedule().sweep([job]))
        expect(given.reduce((sum, one) => sum + one, 0)).to.equal(1)
      }
      expect(new Set(await slots()).size).to.equal(5)
      expect(await slots()).to.have.length(5)
    })

    it('are in Riyadh time', async () => {
      const next = (await stateOf(aJob({ pattern: '0 0 2 * * *' })))?.nextAt
      expect(next?.toISOString()).to.match(/T23:00:00\.000Z$/)
    })

    it('that were missed are made up by one run', async () => {
      await known(aJob())
      t.clock.advance(minutes(30))
      expect(await schedule().sweep([aJob()])).to.equal(1)
      expect((await stateOf(aJob()))?.missedSlots).to.equal(29)
      expect(await schedule().sweep([aJob()])).to.equal(0)
    })

    it('that were missed are made up by a run each, in their order', async () => {
      const job = aJob({ missed: 'each' })
      await known(job)
      t.clock.advance(minutes(6))
      expect(await schedule().sweep([job])).to.equal(6)
      const given = await slots()
      expect(given)
        .to.deep.equal([...given].sort())
        .and.have.length(6)
    })

    it('that were missed are let go', async () => {
      const job = aJob({ missed: 'skip', pattern: '0 0 * * * *' })
      await known(job)
      // to a time in the middle between two slots
      const now = t.clock.now()
      t.clock.advance(days(1) + minutes(90) - ((now.getTime() % minutes(60)) + minutes(0)))
      expect(await schedule().sweep([job])).to.equal(0)
      expect((await stateOf(job))?.missedSlots).to.be.within(24, 25)
      t.clock.advance(minutes(30) + seconds(1))
      expect(await schedule().sweep([job]), 'the next in time').to.equal(1)
    })

    it('of a year are not gone through one by one', async () => {
      const job = aJob({ pattern: '* * * * * *', missed: 'each' })
      await known(job)
      t.clock.advance(days(365))
      expect(await schedule().sweep([job])).to.equal(100)
    })
  })

  describe('a run', () => {
    it('leaves its result to be seen', async () => {
      const job = aJob({ work: async () => 7 })
      await known(job)
      await handle(job)
      expect(await stateOf(job)).to.include({
        state: 'done',
        dealtWith: 7,
        runs: 1,
        failures: 0,
        error: null,
      })
      expect((await stateOf(job))?.finishedAt).to.be.a('date')
      expect((await stateOf(job))?.nextAt).to.be.a('date')
    })

    it('is given the slot it is for', async () => {
      const slot = new Date('2026-03-01T09:00:00Z')
      let given: Date | undefined
      const work = async (run: Run) => {
        given = run.slot
        return 0
      }
      await handle(aJob({ work }), slot)
      expect(given?.toISOString()).to.equal(slot.toISOString())
    })

    it('that fails says why; the next slot is its second try, where that comes soon', async () => {
      const often = aJob({ work: () => Promise.reject(new Error('no luck')) })
      await handle(often)
      expect(await stateOf(often)).to.include({ state: 'failed', error: 'no luck', failures: 1 })
      const seldom = { ...often, name: 'test-daily', pattern: '0 0 2 * * *' }
      expect((await handle(seldom).catch(error => error)).message).to.equal('no luck')
      // where each slot counts, no other is its second try
      const each = { ...often, missed: 'each' as const }
      expect((await handle(each).catch(error => error)).message).to.equal('no luck')
    })

    it('that cannot have its lock waits where each slot counts, and no try is spent', async () => {
      for (const code of ['redis.unavailable', 'locks.lost']) {
        const job = aJob({ work: () => Promise.reject(new AppError('unavailable', code, 'not now')) })
        expect(await handle({ ...job, missed: 'each' }).catch(error => error)).to.be.instanceOf(NotYet)
        expect(await handle(job)).to.equal(undefined)
      }
    })

    it('that finds the one before at work is left out, or waits where each slot counts', async () => {
      let runs = 0
      const job = aJob({ work: async () => ++runs })
      await t.context.locks.with(`schedule:${job.name}`, {}, async () => {
        await handle(job)
        expect(t.log.of('recurring_overlaps')).to.have.length(1)
        const waiting = await handle({ ...job, missed: 'each' }).catch(error => error)
        expect(waiting).to.be.instanceOf(NotYet)
      })
      expect(runs).to.equal(0)
      await handle(job)
      expect(runs).to.equal(1)
    })

    it('that was paused beyond its lock has no effect, and says nothing of its end', async () => {
      const redis = new Redis(redisUrl())
      const effects: string[] = []
      const effect = (by: string, fence: (trx: never) => Promise<void>) =>
        t.db.transaction(async trx => {
          await fence(trx as never)
          effects.push(by)
        })
      const job = aJob({
        work: async run => {
          // its lock runs out, and the run of another process does the work meanwhile
          await redis.del(`${t.env.REDIS_PREFIX}:lock:{schedule:test-job}`)
          await handle(
            aJob({
              work: async other => {
                await effect('second', other.fence)
                return 2
              },
            }),
          )
          await effect('first', run.fence)
          return 1
        },
      })
      await handle(job)
      expect(effects).to.deep.equal(['second'])
      expect(await stateOf(job)).to.include({ state: 'done', dealtWith: 2, runs: 1, failures: 0 })
      redis.disconnect()
    })

    it('of work that a release before knew is let go', async () => {
      await schedule().handler([])({ name: 'gone', slot: new Date().toISOString() }, never)
      expect(t.log.of('recurring_unknown')).to.have.length(1)
    })
  })

  it('has patterns that can be read, and names of its own', () => {
    const jobs = recurringOf(t.services)
    for (const job of jobs) expect(cronOf(job).nextRun(), job.name).to.be.instanceOf(Date)
    expect(new Set(jobs.map(({ name }) => name))).to.have.length(jobs.length)
  })

  it('is done by one of two workers, each slot once', async function () {
    this.timeout(60_000)
    const ran: string[] = []
    const job = aJob({
      pattern: '* * * * * *',
      missed: 'each',
      work: async ({ slot }) => ran.push(slot.toISOString()),
    })
    const workers = [1, 2].map(() =>
      aWorker(t.context, { redisUrl: redisUrl(), handle: async () => undefined, recurring: [job] }),
    )
    try {
      await eventually('five slots', () => ran.length >= 5)
    } finally {
      await Promise.all(workers.map(worker => worker.close()))
    }
    expect(new Set(ran).size).to.equal(ran.length)
  })

  it('goes on when the database was away', async () => {
    let isAway = true
    let swept = 0
    const flaky = {
      ...schedule(),
      sweep: async () => {
        if (isAway) throw new Error('away')
        return ++swept
      },
    }
    const scheduler = startScheduler({
      schedule: flaky,
      jobs: [aJob({ pattern: '* * * * * *' })],
      logger: t.log,
    })
    await eventually('it was tried', () => t.log.of('schedule_not_read').length > 0)
    isAway = false
    await eventually('it goes on', () => swept > 0)
    expect(t.log.of('schedule_not_read')).to.have.length(1)
    await scheduler.close()
  })
})
