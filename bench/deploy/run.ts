import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { freePort } from '../../api/embedded/loopback.js'
import { seedListings } from '../../seeds/volume/index.js'
import { root, run } from '../child.js'
import { createClosing, interruption } from '../closing.js'
import { stagingEnvironment } from '../environment.js'
import { quantile, shown } from '../figures.js'
import { atMost, type Verdict } from '../marks.js'
import { createDatabase, startServices } from '../services.js'
import { lendDependencies, realArtefact } from './releases.js'
import type { Seen } from './stream.js'

/**
 * `npm run bench:deploy`: a constant stream of requests through three deploys of this build, one that passes, one to a
 * release that never becomes ready, one to a release that fails its smoke test. PostgreSQL and Redis are its own.
 * docs/marks.md says what the figures mean. Any failed request ends the run with exit code 1.
 */
const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } })
const PER_SECOND = 200
const QUIET_SECONDS = values.quick ? 3 : 15
const REST_SECONDS = values.quick ? 1 : 3
const DEPLOYS = [
  { commit: 'b'.repeat(40), fault: undefined, expected: 0 },
  { commit: 'c'.repeat(40), fault: 'never ready', expected: 7 },
  { commit: 'd'.repeat(40), fault: 'fails its smoke test', expected: 7 },
] as const
const closing = createClosing()

async function bench(): Promise<boolean> {
  console.log(`Node ${process.version}, ${availableParallelism()} cores, ${cpus()[0]?.model ?? 'unknown'}`)
  const services = await startServices(closing)
  const database = await createDatabase(closing, services, 'bench_deploy')
  await seedListings(database.ownerUrl, { count: 2_000, environment: 'test' })
  const folder = path.join(services.folder, 'd')
  const artefacts = path.join(services.folder, 'made')
  mkdirSync(artefacts)
  const port = await freePort()
  const cargoparts = (...words: string[]) =>
    run(closing, process.execPath, [path.join(root, 'bin/run.js'), ...words, '--root', folder], {
      CARGOPARTS_DATA: services.folder,
    })
  await cargoparts('deploy:setup', '--port', String(port), '--host', '127.0.0.1', '--ready-seconds', '10')
  lendDependencies(folder)
  const env = stagingEnvironment({
    DATABASE_URL: database.url,
    REDIS_URL: services.redisUrl,
    TAP_API_URL: 'http://127.0.0.1:9',
    TAP_SECRET_KEY: 'sk_test_of_the_bench',
    STORAGE_URL: pathToFileURL(path.join(services.folder, 'files')).href,
    PORT: String(port),
  })
  const lines = Object.entries({ ...env, DATABASE_OWNER_URL: database.ownerUrl }).map(
    ([name, value]) => `${name}=${value}`,
  )
  writeFileSync(path.join(folder, 'shared', 'env'), lines.join('\n'))
  const deploy = async (commit: string, fault?: (typeof DEPLOYS)[number]['fault']) => {
    const file = await realArtefact(artefacts, commit, fault)
    return () => cargoparts('deploy', file, '--json')
  }
  const first = await (await deploy('a'.repeat(40)))()
  await closing.keep(
    () => Number(readFileSync(path.join(folder, 'run', 'supervisor.pid'), 'utf8')),
    stopSupervisor,
  )
  if (first.code !== 0) throw new Error(`the first deploy failed: ${first.stdout}${first.stderr}`)
  const made = await Promise.all(DEPLOYS.map(({ commit, fault }) => deploy(commit, fault)))

  const url = `http://127.0.0.1:${port}`
  const paths = await pathsToAsk(url)
  const stream = await startStream(url, paths)
  await wait(QUIET_SECONDS * 1_000)
  const quietEnds = performance.now() - stream.began
  const during: { from: number; to: number }[] = []
  for (const [at, { fault, expected }] of DEPLOYS.entries()) {
    const from = performance.now() - stream.began
    const ended = await (made[at] as () => ReturnType<typeof run>)()
    if (ended.code !== expected)
      throw new Error(
        `the deploy (${fault ?? 'good'}) ended with ${ended.code}: ${ended.stdout}${ended.stderr}`,
      )
    during.push({ from, to: performance.now() - stream.began })
    row(`deploy: ${fault ?? 'passes'}`, shown((performance.now() - stream.began - from) / 1_000, 1, ' s'))
    await wait(REST_SECONDS * 1_000)
  }
  return report(await stream.stop(), quietEnds, during)
}

/** A page of cards, and single parts: what clients ask most. */
async function pathsToAsk(url: string): Promise<string[]> {
  const answer = await fetch(`${url}/api/v1/listings?limit=20`)
  const { items } = (await answer.json()) as { items: { id: string }[] }
  return ['/api/v1/listings?limit=20', ...items.slice(0, 9).map(({ id }) => `/api/v1/listings/${id}`)]
}

async function startStream(url: string, paths: string[]) {
  const args = ['--url', url, '--rate', String(PER_SECOND), ...paths]
  const child: ChildProcess = await closing.keep(
    () =>
      spawn(process.execPath, [path.join(root, 'dist/bench/deploy/stream.js'), ...args], {
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    made => made.kill('SIGKILL'),
  )
  let said = ''
  child.stdout?.on('data', chunk => {
    said += String(chunk)
  })
  let complaint = ''
  child.stderr?.on('data', chunk => {
    complaint += String(chunk)
  })
  const ended = once(child, 'close')
  if (child.stderr) await once(child.stderr, 'data')
  return {
    began: performance.now(),
    async stop(): Promise<Seen[]> {
      child.kill('SIGTERM')
      await ended
      if (child.exitCode !== 0) throw new Error(`the stream ended with ${child.exitCode}: ${complaint}`)
      return JSON.parse(said) as Seen[]
    },
  }
}

function report(seen: Seen[], quietEnds: number, during: { from: number; to: number }[]): boolean {
  const p99 = (of: Seen[]) =>
    quantile(
      of.map(({ ms }) => ms),
      0.99,
    )
  // the first second is of connections that are opened and code that is compiled
  const quiet = seen.filter(({ at }) => at > 1_000 && at < quietEnds)
  const inDeploys = seen.filter(({ at }) => during.some(({ from, to }) => at >= from && at <= to))
  const ends = seen.map(({ at }) => at).sort((a, b) => a - b)
  const gap = Math.max(...ends.map((at, index) => at - (ends[index - 1] ?? at)))
  const failed = seen.filter(({ failure }) => failure !== undefined)
  const normal = p99(quiet)
  const verdicts = [
    row('requests', `${seen.length}`),
    row('  in deploys', `${inDeploys.length}`),
    row('failed', `${failed.length}`, atMost(failed.length, 0)),
    row('longest gap between answers', shown(gap, 0, ' ms'), atMost(gap, 1_000, ' ms')),
    row('p99, normal', shown(normal, 1, ' ms')),
    row(
      'p99, in deploys',
      shown(p99(inDeploys), 1, ' ms'),
      atMost(p99(inDeploys), 5 * Number(normal.toFixed(1)), ' ms'),
    ),
    row('  kept connections', shown(p99(inDeploys.filter(each => each.isKept)), 1, ' ms')),
    row('  fresh connections', shown(p99(inDeploys.filter(each => !each.isKept)), 1, ' ms')),
  ]
  for (const { at, failure, isKept } of failed.slice(0, 20))
    console.log(`  at ${(at / 1_000).toFixed(2)} s, ${isKept ? 'kept' : 'fresh'}: ${failure}`)
  return verdicts.every(verdict => verdict?.isMet !== false)
}

function row(name: string, value: string, verdict?: Verdict): Verdict | undefined {
  console.log(`${name.padEnd(38)}${value.padStart(12)}${verdict ? `   ${verdict.text}` : ''}`)
  return verdict
}

async function stopSupervisor(pid: number): Promise<void> {
  process.kill(pid, 'SIGTERM')
  const isThere = () => {
    try {
      return process.kill(pid, 0)
    } catch {
      return false
    }
  }
  for (let waited = 0; isThere() && waited < 40_000; waited += 50) await wait(50)
}

try {
  const isMet = await Promise.race([bench(), interruption()])
  if (!isMet) process.exitCode = 1
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
} finally {
  await closing.close()
}
