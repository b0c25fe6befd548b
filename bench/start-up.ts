import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, cpus, tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { startPostgres } from '../api/embedded/postgres.js'
import { startRedis } from '../api/embedded/redis.js'
import { testEnvironment } from '../test/support/environment.js'
import { APP, prepareTemplate, TEMPLATE, urlFor } from '../test/support/template.js'
import { root } from './child.js'
import { median } from './figures.js'
import { rssMib } from './memory.js'

/**
 * `npm run bench:start-up`: how long the command line and the API take to be there, as whole processes.
 * Commands run in turn with `node -e 0`, so that a ratio holds while the machine's speed drifts.
 */
const RUNS = 15
const bin = path.join(root, 'bin/run.js')

function timeOf(args: string[]): number {
  const start = performance.now()
  spawnSync(process.execPath, args, { stdio: 'ignore' })
  return performance.now() - start
}

function ratioTo(args: string[]): { ms: number; ratio: number } {
  const pairs = Array.from({ length: RUNS }, () => ({ bare: timeOf(['-e', '0']), own: timeOf(args) }))
  return { ms: median(pairs.map(pair => pair.own)), ratio: median(pairs.map(pair => pair.own / pair.bare)) }
}

/** Milliseconds from spawn until /api/health/ready says yes, and the memory at rest after. */
async function apiStart(env: Record<string, string>): Promise<{ ms: number; mib: number }> {
  const start = performance.now()
  const api = spawn(process.execPath, [path.join(root, 'dist/api/server.js')], {
    env: { ...process.env, ...env },
    stdio: 'ignore',
  })
  try {
    while (!(await isReady(env.API_URL as string))) await wait(10)
    const ms = performance.now() - start
    await wait(3_000) // at rest: after the first garbage collections
    return { ms, mib: rssMib(api.pid as number) }
  } finally {
    api.kill('SIGTERM')
    await new Promise(resolve => api.once('exit', resolve))
  }
}

const isReady = (base: string): Promise<boolean> =>
  fetch(`${base}/api/health/ready`)
    .then(answer => answer.ok)
    .catch(() => false)

const row = (name: string, value: string, mark: string) =>
  console.log(`${name.padEnd(34)}${value.padStart(10)}   mark ${mark}`)

const dataDir = mkdtempSync(path.join(tmpdir(), 'cargoparts-bench-'))
const [postgres, redis] = await Promise.all([
  startPostgres({ dataDir, ephemeral: true }),
  startRedis({ dataDir, ephemeral: true }),
])
try {
  await prepareTemplate(postgres.superuserUrl)
  const env = testEnvironment({
    DATABASE_URL: urlFor(postgres.superuserUrl, TEMPLATE, APP),
    REDIS_URL: redis.url,
    PORT: '38471',
    API_URL: 'http://127.0.0.1:38471',
  })
  console.log(
    `Node ${process.version}, ${availableParallelism()} cores, ${cpus()[0]?.model ?? 'unknown'}; medians of ${RUNS} runs`,
  )
  const version = ratioTo([bin, '--version'])
  row('--version', `${version.ratio.toFixed(2)}×`, '≤ 2.3× node -e 0')
  const help = ratioTo([bin, '--help'])
  row('--help', `${help.ratio.toFixed(2)}×`, '≤ 2.5× node -e 0')
  const starts = []
  for (let run = 0; run < 5; run++) starts.push(await apiStart(env))
  row('API ready', `${(median(starts.map(start => start.ms)) / 1000).toFixed(2)} s`, '≤ 1.5 s')
  row('API at rest', `${median(starts.map(start => start.mib)).toFixed(0)} MiB`, '≤ 140 MiB')
} finally {
  await Promise.all([postgres.stop(), redis.stop()])
  rmSync(dataDir, { recursive: true, force: true })
}
