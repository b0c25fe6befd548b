import { availableParallelism, cpus } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { root, run } from '../child.js'
import { createClosing, interruption } from '../closing.js'
import { stagingEnvironment } from '../environment.js'
import { median, pairedRatio, shown } from '../figures.js'
import { atLeast, atMost, type Verdict } from '../marks.js'
import { createDatabase, startServices } from '../services.js'
import { backlog, latency } from './flow.js'
import { largeOutbox } from './large.js'

/**
 * `npm run bench:jobs`: the outbox and the queue beside what bee-queue does on the client it brings along. PostgreSQL
 * and Redis are its own, and sync nothing to disk. docs/marks.md says what the figures mean.
 */
const { values } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, rows: { type: 'string', default: '0' } },
})
const PLAN = values.quick
  ? { rounds: 2, jobs: 5_000, backlog: 5_000, seconds: 5 }
  : { rounds: 3, jobs: 20_000, backlog: 20_000, seconds: 20 }
const CONCURRENCY = 20
const EVENTS_A_SECOND = 200
const closing = createClosing()

async function bench(): Promise<void> {
  const services = await startServices(closing)
  console.log(
    `Node ${process.version}, ${availableParallelism()} cores, ${cpus()[0]?.model ?? 'unknown'}; ` +
      `${PLAN.rounds} rounds of ${PLAN.jobs.toLocaleString('en')} jobs`,
  )
  const own: number[] = []
  const adapter: number[] = []
  const stored = { own: [] as number[], adapter: [] as number[] }
  for (let round = 0; round < PLAN.rounds; round++) {
    for (const [kind, figures] of [
      ['own', own],
      ['adapter', adapter],
    ] as const) {
      const { donePerSecond, storedPerSecond } = await bee(kind, services.redisUrl)
      figures.push(donePerSecond)
      stored[kind].push(storedPerSecond)
    }
  }
  row('bee-queue, its own client', shown(median(own), 0, '/s'))
  row('bee-queue, our adapter', shown(median(adapter), 0, '/s'))
  const ratio = pairedRatio(adapter, own)
  row('  of its own client', shown(ratio, 2, '×'), atLeast(ratio, 0.5, '×'))
  row('  storing jobs, of its own client', shown(pairedRatio(stored.adapter, stored.own), 2, '×'))

  const database = await createDatabase(closing, services, 'bench_jobs')
  const env = {
    ...stagingEnvironment({
      DATABASE_URL: database.url,
      REDIS_URL: services.redisUrl,
      TAP_API_URL: 'http://127.0.0.1:9',
      TAP_SECRET_KEY: 'sk_test_of_the_bench',
      STORAGE_URL: pathToFileURL(path.join(services.folder, 'files')).href,
      PORT: '9',
    }),
  }
  const house = { closing, database, env, folder: services.folder }
  const rates: number[] = []
  for (let round = 0; round < PLAN.rounds; round++) rates.push(await backlog(house, PLAN.backlog))
  row('outbox to handler, one worker', shown(median(rates), 0, '/s'), atLeast(median(rates), 1_500, '/s'))
  const { p50Ms, p99Ms, mostMs, perSecond } = await latency(house, EVENTS_A_SECOND, PLAN.seconds)
  row(`commit to handler at ${shown(perSecond, 0)}/s, p50`, shown(p50Ms, 1, ' ms'))
  row('  p99', shown(p99Ms, 1, ' ms'), atMost(p99Ms, 250, ' ms'))
  row('  the longest', shown(mostMs, 1, ' ms'))
  if (Number(values.rows) > 0) await large(Number(values.rows))

  async function large(rows: number): Promise<void> {
    const figures = await largeOutbox(await createDatabase(closing, services, 'bench_outbox'), rows)
    row(`with ${rows.toLocaleString('en')} rows done: a claim of 100`, shown(figures.claimMs, 1, ' ms'))
    row('  what every queue has to do', shown(figures.figuresMs, 1, ' ms'))
    row('  old rows forgotten', shown(figures.forgottenPerSecond, 0, '/s'))
  }
}

async function bee(kind: 'own' | 'adapter', redisUrl: string) {
  const script = path.join(root, 'dist/bench/jobs/bee.js')
  const args = [script, kind, redisUrl, String(PLAN.jobs), String(CONCURRENCY)]
  const { stdout, stderr, code } = await run(closing, process.execPath, args)
  if (code !== 0) throw new Error(`bee-queue on ${kind}: ${stderr}`)
  return JSON.parse(stdout) as { storedPerSecond: number; donePerSecond: number }
}

const row = (name: string, value: string, verdict?: Verdict) =>
  console.log(`${name.padEnd(48)}${value.padStart(12)}${verdict ? `   ${verdict.text}` : ''}`)

try {
  await Promise.race([bench(), interruption()])
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
} finally {
  await closing.close()
}
