import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { startPostgres } from '../../api/embedded/postgres.js'
import { startRedis } from '../../api/embedded/redis.js'
import { testFiles } from './kinds.js'
import { prepareTemplate } from './template.js'

/**
 * `npm test`: a PostgreSQL and a Redis of its own, one migrated template database, then mocha over the
 * compiled tests. Arguments go to mocha (`npm test -- --grep webhook`); a path names single files. `--unit` runs those
 * that need no server, without starting one; `--integration` the others.
 */
const dataDir = mkdtempSync(path.join(tmpdir(), 'cargoparts-test-'))
const root = fileURLToPath(new URL('../../../', import.meta.url))

const given = process.argv.slice(2)
const kind = given.includes('--unit') ? 'unit' : given.includes('--integration') ? 'integration' : undefined

async function main(): Promise<number> {
  if (kind === 'unit') return mocha({}).finally(() => rmSync(dataDir, { recursive: true, force: true }))
  const [postgres, redis] = await Promise.all([
    startPostgres({ dataDir, ephemeral: true }),
    startRedis({ dataDir, ephemeral: true }),
  ])
  try {
    await prepareTemplate(postgres.superuserUrl)
    return await mocha({ TEST_POSTGRES_URL: postgres.superuserUrl, TEST_REDIS_URL: redis.url })
  } finally {
    await Promise.all([postgres.stop(), redis.stop()])
    rmSync(dataDir, { recursive: true, force: true })
  }
}

function mocha(env: Record<string, string>): Promise<number> {
  const args = given.filter(arg => arg !== `--${kind}`)
  const isWhole = !args.some(arg => arg.endsWith('.js'))
  const files = kind ? testFiles()[kind] : ['dist/test/**/*.test.js']
  // files share nothing but the servers: two at a time halve the wait
  const whole = ['--parallel', '--jobs', '2', ...files]
  const child = spawn(
    process.execPath,
    [
      path.join(root, 'node_modules/mocha/bin/mocha.js'),
      '--reporter',
      'dist/test/support/reporter.js',
      '--timeout',
      '20000',
      '--exit',
      ...(isWhole ? whole : []),
      ...args,
    ],
    { cwd: root, stdio: 'inherit', env: { ...process.env, ...env, NODE_ENV: 'test' } },
  )
  const forward = (signal: NodeJS.Signals) => child.kill(signal)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => forward(signal))
  return new Promise(resolve => child.on('exit', code => resolve(code ?? 1)))
}

process.exitCode = await main()
