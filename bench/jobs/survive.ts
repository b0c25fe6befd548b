import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startPostgres } from '../../api/embedded/postgres.js'
import { systemClock } from '../../api/platform/clock.js'
import { createDatabase, type Db } from '../../api/platform/database.js'
import { newId } from '../../api/platform/ids.js'
import { createOutbox, LEASE_MS } from '../../api/platform/outbox.js'
import { createBell } from '../../api/platform/wake-up.js'
import {
  begunTwice,
  kill,
  makeEffectTables,
  startEffectsWorker,
  tallyOf,
} from '../../test/support/effects.js'
import { restartableRedis } from '../../test/support/restartable-redis.js'
import { APP, OWNER, prepareTemplate, TEMPLATE, urlFor } from '../../test/support/template.js'
import { createClosing, interruption } from '../closing.js'
import { stagingEnvironment } from '../environment.js'

/**
 * `npm run survive`: work in the background under what production has in store for it: workers killed, frozen and
 * stopped, Redis restarted, emptied and away. Two workers and their schedulers run all the time. At the end each job
 * and each slot must have had its effect once. Exit code 1 where one had not. docs/jobs.md says what it does.
 */
const { values } = parseArgs({
  options: { blows: { type: 'string', default: '24' }, jobs: { type: 'string', default: '200' } },
})
const [count, jobs] = [Number(values.blows), Number(values.jobs)]
/** A worker frozen for longer has lost all it held; its locks last twice as long. */
const FROZEN_MS = LEASE_MS + 3_000
const PATIENCE_MS = 180_000
const closing = createClosing()
const say = (line: string) => console.log(`${new Date().toISOString().slice(11, 19)}  ${line}`)

async function survive(): Promise<boolean> {
  const folder = await closing.keep(
    () => mkdtempSync(path.join(tmpdir(), 'cargoparts-survive-')),
    made => rmSync(made, { recursive: true, force: true }),
  )
  const postgres = await closing.keep(
    () => startPostgres({ dataDir: folder, ephemeral: true }),
    made => made.stop(),
  )
  const redis = await closing.keep(
    () => restartableRedis(path.join(folder, 'redis')),
    made => made.remove(),
  )
  await prepareTemplate(postgres.superuserUrl)
  const connect = (role: typeof APP) =>
    closing.keep(
      () =>
        createDatabase({
          url: urlFor(postgres.superuserUrl, TEMPLATE, role),
          application: 'survive',
          poolMin: 0,
          acquireMs: 20_000,
          statementMs: 60_000,
        }),
      made => made.destroy(),
    )
  const [db, owner] = [await connect(APP), await connect(OWNER)]
  await makeEffectTables(owner, APP.name)
  const env = stagingEnvironment({
    DATABASE_URL: urlFor(postgres.superuserUrl, TEMPLATE, APP),
    REDIS_URL: redis.url,
    TAP_API_URL: 'http://127.0.0.1:9',
    TAP_SECRET_KEY: 'sk_test_survive',
    STORAGE_URL: `file://${folder}/files`,
    PORT: '9',
  })
  const start = () =>
    closing.keep(
      () => startEffectsWorker(env, '--slots'),
      child => kill(child),
    )
  const workers: ChildProcess[] = [await start(), await start()]
  const replace = async (at: number, signal: NodeJS.Signals) => {
    await kill(workers[at] as ChildProcess, signal)
    workers[at] = await start()
  }
  const blows: [string, (number: number) => Promise<unknown>][] = [
    ['kill -9 of a worker', number => replace(number % 2, 'SIGKILL')],
    ['kill -9 of both workers', () => Promise.all([replace(0, 'SIGKILL'), replace(1, 'SIGKILL')])],
    ['a worker is told to stop', number => replace(number % 2, 'SIGTERM')],
    ['Redis restarts with its data', () => redis.kill().then(redis.start)],
    ['Redis restarts without its data', () => redis.kill().then(redis.loseData).then(redis.start)],
    ['FLUSHALL', () => redis.flush()],
    [
      `a worker is frozen for ${FROZEN_MS / 1_000} s, beyond its leases`,
      async number => {
        const worker = workers[number % 2] as ChildProcess
        worker.kill('SIGSTOP')
        await wait(FROZEN_MS)
        worker.kill('SIGCONT')
      },
    ],
    [
      'Redis is away for 20 s',
      () =>
        redis
          .kill()
          .then(() => wait(20_000))
          .then(redis.start),
    ],
  ]
  for (let number = 0; number < count; number++) {
    const [name, strike] = blows[number % blows.length] as (typeof blows)[number]
    await addJobs(db, jobs)
    await wait(50 + Math.random() * 300) // in the middle of it, at another place each time
    say(`${number + 1}/${count}  ${name}; ${(await tallyOf(db)).done} jobs done so far`)
    await strike(number + Math.floor(number / blows.length))
  }
  say('waiting for the rest')
  await allDone(db)
  const stopped = await Promise.all(workers.map(worker => kill(worker, 'SIGTERM')))
  return report(db, stopped)
}

async function addJobs(db: Db, many: number): Promise<void> {
  const outbox = createOutbox({ db, clock: systemClock, ring: createBell(db) })
  await db.transaction(async trx => {
    for (let n = 0; n < many; n++) await outbox.add(trx, 'webhook_received', { eventId: newId() })
  })
}

async function allDone(db: Db): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS
  for (;;) {
    const tally = await tallyOf(db)
    if (tally.jobs === tally.done) return
    if (performance.now() > deadline)
      throw new Error(`${tally.jobs - tally.done} of ${tally.jobs} jobs are not done`)
    await wait(200)
  }
}

/** What must hold: an effect for each job, counted once; one for each slot that was begun, counted once. */
async function report(db: Db, stopped: (number | null)[]): Promise<boolean> {
  const { jobs: all, done, effects, total, slots: counted } = await tallyOf(db)
  const [slots] = await db('effects').whereLike('job', '%T%').count({ n: '*' })
  const recurring = () => db('outbox').where({ topic: 'recurring_due' })
  const [failed] = await recurring().whereNotNull('failed_at').count({ n: '*' })
  const [given] = await recurring()
    .whereNotNull('done_at')
    .countDistinct({ n: db.raw("payload ->> 'slot'") })
  const checks: [string, boolean][] = [
    [
      `${all} jobs, ${done} done, ${effects} effects, counted ${total} times`,
      all === done && done === effects && effects === total,
    ],
    [
      `${given?.n} slots were done; ${slots?.n} had an effect, counted ${counted} times; ${failed?.n} stand failed`,
      Number(slots?.n) === counted && counted >= Number(given?.n) && Number(failed?.n) === 0,
    ],
    [`the workers ended with ${stopped.join(' and ')}`, stopped.every(code => code === 0)],
  ]
  for (const [text, holds] of checks) say(`${holds ? 'ok   ' : 'WRONG'}  ${text}`)
  say(`       ${await begunTwice(db)} were begun more than once, by workers killed or frozen in the middle`)
  return checks.every(([, holds]) => holds)
}

try {
  process.exitCode = (await Promise.race([survive(), interruption()])) ? 0 : 1
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
} finally {
  await closing.close()
}
