import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startPostgres } from '../../api/embedded/postgres.js'
import { INDEXES } from '../../api/platform/indexes.js'
import { seedListings } from '../../seeds/volume/index.js'
import { bareEnvironment } from '../../test/support/command.js'
import { APP, OWNER, prepareTemplate, TEMPLATE, urlFor, withClient } from '../../test/support/template.js'
import { root } from '../child.js'
import { createClosing, interruption } from '../closing.js'
import { quantile, shown } from '../figures.js'
import { atMost } from '../marks.js'
import { startWriting, type Write } from './writer.js'

/**
 * `npm run bench:indexes`: `cargoparts indexes:create` on a market of a million listings, while shops write to it 100 times
 * a second. With `--data FOLDER` the market stays there for the next run. docs/marks.md says what the figures mean.
 */
const { values } = parseArgs({
  options: {
    listings: { type: 'string', default: '1000000' },
    data: { type: 'string' },
    'only-fill': { type: 'boolean', default: false },
  },
})
const COUNT = Number(values.listings)
const WRITES_A_SECOND = 100
const CALM_SECONDS = 10
const MARK_MS = 100
const NAME = 'bench_indexes'
const SHARED_MIB = Math.min(2_048, Math.floor(totalmem() / 2 ** 20 / 4))
const closing = createClosing()

async function bench(): Promise<void> {
  const { ownerUrl, url } = await filled()
  if (values['only-fill']) return
  console.log(`Node ${process.version}, ${availableParallelism()} cores, ${cpus()[0]?.model ?? 'unknown'}`)
  const names = INDEXES.filter(({ table }) => table === 'listings').map(({ name }) => name)
  await withClient(ownerUrl, client =>
    client.query(names.map(name => `drop index if exists ${name}`).join(';')),
  )

  const writing = await startWriting(url, WRITES_A_SECOND)
  await wait(2_000)
  writing.enter('nothing')
  await wait(CALM_SECONDS * 1_000)
  const started = performance.now()
  const code = await create({ DATABASE_URL: url, DATABASE_OWNER_URL: ownerUrl }, name => writing.enter(name))
  const seconds = (performance.now() - started) / 1_000
  writing.enter('after')
  const { writes, failures } = await writing.stop()
  if (code !== 0) throw new Error(`indexes:create ended with ${code}`)

  console.log(`${names.length} indexes on ${COUNT.toLocaleString('en')} listings in ${seconds.toFixed(0)} s`)
  console.log(
    `${'being built'.padEnd(32)}${['writes', 'p50', 'p99', 'longest'].map(word => word.padStart(10)).join('')}`,
  )
  row(
    'nothing',
    writes.filter(({ phase }) => phase === 'nothing'),
  )
  for (const name of names)
    row(
      name,
      writes.filter(({ phase }) => phase === name),
    )
  const during = writes.filter(({ phase }) => names.includes(phase))
  for (const { phase, what, ms, late } of [...during].sort((a, b) => b.ms - a.ms).slice(0, 3))
    console.log(`  ${shown(ms, 1, ' ms')}: ${what}, during ${phase}; sent ${shown(late, 1, ' ms')} late`)
  const longest = Math.max(...during.map(({ ms }) => ms))
  const verdict = atMost(longest, MARK_MS, ' ms')
  console.log(
    `longest wait of ${during.length} writes: ${shown(longest, 1, ' ms')}   ${verdict.text}; failed: ${failures}`,
  )
  if (!verdict.isMet || failures > 0) process.exitCode = 1
}

function row(name: string, writes: Write[]): void {
  const ms = writes.map(write => write.ms)
  const cells = [
    String(ms.length),
    ...[quantile(ms, 0.5), quantile(ms, 0.99), Math.max(...ms)].map(value => shown(value, 1, ' ms')),
  ]
  console.log(`${name.padEnd(32)}${cells.map(cell => cell.padStart(10)).join('')}`)
}

/** A market of so many listings, made where it is not there yet. */
async function filled(): Promise<{ ownerUrl: string; url: string }> {
  const dataDir = values.data
    ? path.resolve(values.data)
    : await closing.keep(
        () => mkdtempSync(path.join(tmpdir(), 'cargoparts-bench-')),
        made => rmSync(made, { recursive: true, force: true }),
      )
  mkdirSync(dataDir, { recursive: true })
  const server = await closing.keep(
    () => startPostgres({ dataDir, ephemeral: true, settings: [`shared_buffers=${SHARED_MIB}MB`] }),
    made => made.stop(),
  )
  const { superuserUrl } = server
  const urls = { ownerUrl: urlFor(superuserUrl, NAME, OWNER), url: urlFor(superuserUrl, NAME, APP) }
  const { rowCount } = await withClient(superuserUrl, client =>
    client.query('select from pg_database where datname = $1', [NAME]),
  )
  if (rowCount === 0) {
    await prepareTemplate(superuserUrl)
    await withClient(superuserUrl, client =>
      client.query(`create database ${NAME} template ${TEMPLATE} owner ${OWNER.name}`),
    )
  }
  const report = await seedListings(urls.ownerUrl, {
    count: COUNT,
    environment: 'test',
    onProgress: done => done % 100_000 === 0 && console.log(`${done.toLocaleString('en')} listings`),
  })
  if (report.added > 0) await withClient(urls.ownerUrl, client => client.query('vacuum (analyze)'))
  return urls
}

/** The command as an operator runs it; `begun` with each index it begins. */
async function create(env: Record<string, string>, begun: (name: string) => void): Promise<number | null> {
  const { child } = await closing.keep(
    () => ({
      child: spawn(process.execPath, [path.join(root, 'bin/run.js'), 'indexes:create'], {
        env: bareEnvironment(env),
        stdio: ['ignore', 'ignore', 'pipe'],
      }),
    }),
    made => made.child.kill(),
  )
  child.stderr?.on('data', chunk => {
    for (const [, name] of String(chunk).matchAll(/^\d+\/\d+ (\w+)$/gm)) begun(name as string)
  })
  return new Promise(resolve => child.once('close', resolve))
}

try {
  await Promise.race([bench(), interruption()])
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
} finally {
  await closing.close()
}
