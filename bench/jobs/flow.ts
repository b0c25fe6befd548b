import { readFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { systemClock } from '../../api/platform/clock.js'
import { createDatabase, type Db } from '../../api/platform/database.js'
import { newId } from '../../api/platform/ids.js'
import { createOutbox } from '../../api/platform/outbox.js'
import { createBell } from '../../api/platform/wake-up.js'
import { type Running, start } from '../child.js'
import type { Closing } from '../closing.js'
import { quantile } from '../figures.js'
import type { Database } from '../services.js'

type House = { closing: Closing; database: Database; env: Record<string, string>; folder: string }
export type Latency = { p50Ms: number; p99Ms: number; mostMs: number; perSecond: number }

/** How many jobs a second one worker begins, of a backlog of so many. */
export async function backlog(house: House, jobs: number): Promise<number> {
  const db = connect(house.database)
  try {
    await db.raw(
      `insert into outbox (id, lane, topic, payload)
       select gen_random_uuid(), 'orders', 'webhook_received', jsonb_build_object('eventId', gen_random_uuid())
       from generate_series(1, ?)`,
      [jobs],
    )
    const worker = await startWorker(house)
    while ((await waiting(db)) > 0) await wait(100)
    const times = (await begunBy(worker)).map(([, at]) => at)
    if (times.length !== jobs) throw new Error(`${times.length} of ${jobs} jobs were begun`)
    return jobs / ((Math.max(...times) - Math.min(...times)) / 1_000)
  } finally {
    await db.destroy()
  }
}

/** From a commit's answer to the begin of its handler, at so many commits a second. */
export async function latency(house: House, perSecond: number, seconds: number): Promise<Latency> {
  const db = connect(house.database)
  const outbox = createOutbox({ db, clock: systemClock, ring: createBell(db) })
  const committed = new Map<string, number>()
  const commit = async () => {
    const eventId = newId()
    await db.transaction(trx => outbox.add(trx, 'webhook_received', { eventId }))
    committed.set(eventId, performance.timeOrigin + performance.now())
  }
  try {
    const worker = await startWorker(house)
    for (let n = 0; n < 50; n++) await commit() // connections are made, code is warm
    while ((await waiting(db)) > 0) await wait(50)
    committed.clear()
    const writes: Promise<void>[] = []
    const begun = performance.now()
    for (let n = 0; n < perSecond * seconds; n++) {
      const dueMs = begun + (n * 1_000) / perSecond - performance.now()
      if (dueMs > 0) await wait(dueMs)
      writes.push(commit())
    }
    await Promise.all(writes)
    const tookMs = performance.now() - begun
    while ((await waiting(db)) > 0) await wait(50)
    const started = new Map(await begunBy(worker))
    const waits = [...committed].map(([id, at]) => (started.get(id) ?? Number.POSITIVE_INFINITY) - at)
    return {
      p50Ms: quantile(waits, 0.5),
      p99Ms: quantile(waits, 0.99),
      mostMs: Math.max(...waits),
      perSecond: (perSecond * seconds) / (tookMs / 1_000),
    }
  } finally {
    await db.destroy()
  }
}

const connect = ({ url }: Database): Db =>
  createDatabase({
    url,
    application: 'bench',
    poolMin: 0,
    poolMax: 10,
    acquireMs: 20_000,
    statementMs: 60_000,
  })

const startWorker = ({ closing, env, folder }: House): Promise<Running> =>
  start(closing, 'bench/jobs/worker.js', env, path.join(folder, 'jobs-worker.log'), /"worker_started"/)

async function waiting(db: Db): Promise<number> {
  const [row] = await db('outbox').whereNull('done_at').count({ n: '*' })
  return Number(row?.n)
}

async function begunBy(worker: Running): Promise<[string, number][]> {
  await worker.stop()
  const line = readFileSync(worker.log, 'utf8')
    .split('\n')
    .find(text => text.startsWith('begun '))
  if (line === undefined) throw new Error('the worker did not say what it began')
  return JSON.parse(line.slice('begun '.length))
}
