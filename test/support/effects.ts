import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Db } from '../../api/platform/database.js'
import { bareEnvironment } from './command.js'

/** The tables that effects-worker.ts counts in; `owner` makes them, the serving role writes them. */
export async function makeEffectTables(owner: Db, servingRole: string): Promise<void> {
  await owner.raw(`
    create table attempts (job text not null, pid integer not null, at timestamptz not null default now());
    create table effects (job text primary key);
    create table totals (effects integer not null, slots integer not null);
    insert into totals values (0, 0);`)
  await owner.raw('grant all on attempts, effects, totals to ??', [servingRole])
}

/** The worker as a process of its own, working. */
export async function startEffectsWorker(
  env: Record<string, string>,
  ...args: string[]
): Promise<ChildProcess> {
  const script = fileURLToPath(new URL('effects-worker.js', import.meta.url))
  const child = spawn(process.execPath, [script, ...args], {
    env: bareEnvironment({ ...env, LOG_LEVEL: 'info' }),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  const isReady = new Promise<void>((resolve, reject) => {
    child.stdout?.on('data', chunk => {
      said = `${said}${chunk}`.slice(-10_000)
      if (said.includes('"worker_started"')) resolve()
    })
    child.once('exit', code => reject(new Error(`the worker ended with ${code}: ${said}`)))
  })
  await isReady
  return child
}

export async function kill(child: ChildProcess, signal: NodeJS.Signals = 'SIGKILL'): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
  const gone = once(child, 'exit')
  child.kill(signal)
  return (await gone)[0] as number | null
}

/** What a worker that was killed held is another's at once: its lease need not run out. */
export async function endLeasesOf(owner: Db, pid: number): Promise<void> {
  await owner('outbox')
    .whereLike('held_by', `%:${pid}:%`)
    .whereNull('done_at')
    .update({ available_at: new Date(0) })
}

export type Tally = { jobs: number; done: number; effects: number; total: number; slots: number }

export async function tallyOf(db: Db): Promise<Tally> {
  const { rows } = await db.raw<{ rows: Tally[] }>(`
    select (select count(*) from outbox where topic = 'webhook_received') as jobs,
      (select count(*) from outbox where topic = 'webhook_received' and done_at is not null) as done,
      (select count(*) from effects where job not like '%T%') as effects,
      effects as total, slots from totals`)
  return rows[0] as Tally
}

/** Jobs that were begun more often than once. */
export async function begunTwice(db: Db): Promise<number> {
  const { rows } = await db.raw<{ rows: unknown[] }>('select from attempts group by job having count(*) > 1')
  return rows.length
}
