import { existsSync, readFileSync, statSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { expect } from 'chai'
import { freePort } from '../../api/embedded/loopback.js'
import { endProcess, isAlive, type ProcessIdentity, signalProcess } from '../../api/embedded/process.js'
import { emptyDataFolder, openDataFolder } from '../../cli/start/data-folder.js'
import type { RunFile } from '../../cli/start/run-file.js'
import { useScratch } from '../embedded/scratch.js'
import { useContext } from '../support/context.js'
import { processesOf, type Started, startCommand, untilGone, untilReady } from './started.js'

describe('cargoparts start', function () {
  this.timeout(180_000)
  const scratch = useScratch(async () => {
    for (const who of seen) await endProcess(who, [['SIGKILL', 5000]])
    await emptyDataFolder(openDataFolder(data()))
  })
  const data = () => scratch.path('data')
  const seen: ProcessIdentity[] = []
  let port = 0
  let started: Started
  let run: RunFile

  const start = (env: NodeJS.ProcessEnv = {}, ...flags: string[]) =>
    startCommand({ CARGOPARTS_DATA: data(), PORT: String(port), ...env }, ...flags)

  async function bringUp(): Promise<void> {
    started = start()
    run = await untilReady(started, data())
    seen.push(...(await processesOf(run, data())))
  }

  before(async () => {
    port = await freePort()
    await bringUp()
  })
  it('is ready: the API answers, with two database roles and a sandbox for payments', async () => {
    const answer = await fetch(`${run.baseUrl}/api/health/ready`)
    expect(answer.status).to.equal(200)
    expect(new URL(run.env.DATABASE_URL ?? '').username).to.equal('cargoparts_app')
    expect(new URL(run.env.DATABASE_OWNER_URL ?? '').username).to.equal('cargoparts_owner')
    expect(run.env.TAP_API_URL?.startsWith(run.sandboxUrl ?? 'none')).to.equal(true)
  })

  it('keeps what it knows for our eyes only', () => {
    for (const file of ['run.json', 'secrets.json', 'children.json']) {
      expect(statSync(scratch.path('data', file)).mode & 0o777, file).to.equal(0o600)
    }
  })

  it('refuses a second start on the same folder with 4 and changes nothing', async () => {
    const before = readFileSync(scratch.path('data', 'run.json'), 'utf8')
    const { code, stderr } = await start({ PORT: String(await freePort()) }).ended
    expect(code, stderr).to.equal(4)
    expect(stderr).to.include(String(run.pid))
    expect(readFileSync(scratch.path('data', 'run.json'), 'utf8')).to.equal(before)
    expect((await fetch(`${run.baseUrl}/api/health/ready`)).status).to.equal(200)
  })

  it('refuses --reset while it runs, with 4', async () => {
    const { code } = await start({}, '--reset', '--confirm', 'data').ended
    expect(code).to.equal(4)
    expect(existsSync(scratch.path('data', 'secrets.json'))).to.equal(true)
  })

  it('recovers when only the parent was killed: services are taken over, API and worker are new', async () => {
    const orphans = await processesOf(run, data())
    const before = run
    started.child.kill('SIGKILL')
    await started.ended
    expect(orphans.filter(isAlive)).to.have.length(4)
    await bringUp()
    expect(run).to.include({ postgresPort: before.postgresPort, redisPort: before.redisPort })
    expect([run.apiPid, run.workerPid]).to.not.have.members([before.apiPid, before.workerPid])
    expect(orphans.filter(isAlive).map(({ pid }) => pid)).to.not.include.members([
      before.apiPid,
      before.workerPid,
    ])
  })

  it('recovers when everything was killed, with the same secrets', async () => {
    const secrets = readFileSync(scratch.path('data', 'secrets.json'), 'utf8')
    const all = await processesOf(run, data())
    expect(all).to.have.length(5)
    for (const { pid } of all) signalProcess(pid, 'SIGKILL')
    expect(await untilGone(all)).to.equal(true)
    await bringUp()
    expect(readFileSync(scratch.path('data', 'secrets.json'), 'utf8')).to.equal(secrets)
    expect((await fetch(`${run.baseUrl}/api/health/ready`)).status).to.equal(200)
  })

  it('stops everything at SIGTERM, in order, and leaves no process', async () => {
    const all = await processesOf(run, data())
    started.child.kill('SIGTERM')
    const { code, stderr } = await started.ended
    expect(code, stderr).to.equal(0)
    expect(await untilGone(all)).to.equal(true)
    const stopped = [...stderr.matchAll(/✓ (.+?) +stopped/g)].map(match => match[1])
    expect(stopped).to.deep.equal(['API', 'Worker', 'Sandbox', 'Redis', 'PostgreSQL'])
    expect(existsSync(scratch.path('data', 'run.json'))).to.equal(false)
  })

  it('stops the rest with exit 1 and the last lines when a child dies', async () => {
    await bringUp()
    const all = await processesOf(run, data())
    signalProcess(run.workerPid, 'SIGKILL')
    const { code, stderr } = await started.ended
    expect(code, stderr).to.equal(1)
    expect(stderr).to.match(/Worker stopped unexpectedly \(SIGKILL\)/)
    expect(await untilGone(all)).to.equal(true)
  })

  it('prints base URL, documentation, demo accounts and commands to try', async () => {
    await bringUp()
    started.child.kill('SIGINT')
    const { code, stdout } = await started.ended
    expect(code).to.equal(0)
    for (const text of [
      run.baseUrl,
      run.docsUrl,
      'demo:order',
      'webhooks:list',
      'invoices:export',
      'buyer',
    ]) {
      expect(stdout).to.include(text)
    }
  })
})

describe('cargoparts start --reset', function () {
  this.timeout(180_000)
  const scratch = useScratch(() => emptyDataFolder(openDataFolder(scratch.path('data'))))

  it('ends what a killed start left behind, deletes the data and starts anew', async () => {
    const data = scratch.path('data')
    const env = { CARGOPARTS_DATA: data, PORT: String(await freePort()) }
    const first = startCommand(env)
    const left = await processesOf(await untilReady(first, data), data)
    const secrets = readFileSync(scratch.path('data', 'secrets.json'), 'utf8')
    first.child.kill('SIGKILL')
    await first.ended

    const second = startCommand(env, '--reset', '--confirm', 'data')
    const all = await processesOf(await untilReady(second, data), data)
    expect(left.filter(isAlive)).to.deep.equal([])
    expect(readFileSync(scratch.path('data', 'secrets.json'), 'utf8')).to.not.equal(secrets)
    second.child.kill('SIGTERM')
    expect((await second.ended).code).to.equal(0)
    expect(await untilGone(all)).to.equal(true)
  })
})

describe('cargoparts start, refused', function () {
  this.timeout(60_000)
  const scratch = useScratch()
  let holder: Server
  let port = 0

  before(done => {
    holder = createServer().listen(0, '127.0.0.1', () => {
      port = (holder.address() as { port: number }).port // a listening TCP server has one
      done()
    })
  })
  after(done => void holder.close(done))

  const start = (env: NodeJS.ProcessEnv, ...flags: string[]) =>
    startCommand({ CARGOPARTS_DATA: scratch.path('data'), PORT: String(port), ...env }, ...flags).ended

  it('on a taken port exits 4 before anything else is started', async () => {
    const { code, stderr } = await start({})
    expect(code, stderr).to.equal(4)
    expect(stderr).to.match(new RegExp(`${port} is taken`))
    expect(existsSync(scratch.path('data', 'postgres'))).to.equal(false)
    expect(existsSync(scratch.path('data', 'secrets.json'))).to.equal(false)
  })

  it('without a terminal, --reset wants the folder named, and exits 5', async () => {
    expect((await start({}, '--reset')).code).to.equal(5)
    expect((await start({}, '--reset', '--confirm', 'another')).code).to.equal(5)
  })

  it('in a bad environment names every problem at once, exits 5, and starts and writes nothing', async () => {
    const data = scratch.path('untouched')
    const bad = {
      CARGOPARTS_DATA: data,
      DATABASE_POOL_MAX: 'abc',
      LOG_LEVEL: 'loud',
      JWT_SECRET: 'short',
      PORT: 'xyz',
      TAP_SECRET_KEY: 'sk_test_mine',
    }
    const { code, stderr } = await start(bad)
    expect(code, stderr).to.equal(5)
    for (const name of ['DATABASE_POOL_MAX', 'LOG_LEVEL', 'JWT_SECRET', 'PORT', 'TAP_PUBLIC_KEY'])
      expect(stderr).to.include(`  ${name} `)
    expect(stderr).to.include('has 5 problems')
    expect(existsSync(data)).to.equal(false)
  })

  for (const NODE_ENV of ['production', 'staging']) {
    it(`in ${NODE_ENV} exits 5 and names serve and work`, async () => {
      const { code, stderr } = await start({ NODE_ENV })
      expect(code, stderr).to.equal(5)
      expect(stderr).to.match(/cargoparts serve.+cargoparts work/s)
    })
  }
})

describe('cargoparts start on a database of somebody else', function () {
  this.timeout(180_000)
  const t = useContext()
  const scratch = useScratch(() => emptyDataFolder(openDataFolder(scratch.path('data'))))

  const startAndStop = async (env: NodeJS.ProcessEnv = {}) => {
    const data = scratch.path('data')
    const started = startCommand({
      CARGOPARTS_DATA: data,
      PORT: String(await freePort()),
      DATABASE_URL: t.databaseUrl,
      DATABASE_OWNER_URL: t.ownerUrl,
      REDIS_URL: t.env.REDIS_URL,
      REDIS_PREFIX: t.env.REDIS_PREFIX,
      ...env,
    })
    const { hasDemo } = await untilReady(started, data)
    started.child.kill('SIGTERM')
    return { ...(await started.ended), hasDemo }
  }
  const admins = async () => Number((await t.owner('users').where({ role: 'admin' }).count().first())?.count)

  it('brings the demo where nobody is yet, and warns where other machines can reach it', async () => {
    const { stdout, code, hasDemo } = await startAndStop({ HOST: '0.0.0.0' })
    expect(code).to.equal(0)
    expect(hasDemo).to.equal(true)
    expect(await admins()).to.equal(1)
    expect(stdout).to.match(/WARNING: HOST=0\.0\.0\.0.+password above is public/)
    const again = await startAndStop()
    expect(again.stdout).to.include('demo-parts-2026').and.not.include('WARNING')
  })

  it('brings no account with a public password to those who have their own', async () => {
    await t.owner.raw('truncate users cascade')
    await t.accounts.account('buyer')
    const { stdout, stderr, code, hasDemo } = await startAndStop()
    expect(code).to.equal(0)
    expect(hasDemo).to.equal(false)
    expect(await admins()).to.equal(0)
    expect(stderr).to.include('no demo data: DATABASE_URL holds accounts of others')
    expect(stdout).to.include('CargoParts is ready').and.not.include('demo-parts-2026')
  })
})

describe('emptying a data folder', () => {
  const scratch = useScratch()

  it('deletes what start made and nothing else', async () => {
    const { mkdirSync, writeFileSync } = await import('node:fs')
    const folder = openDataFolder(scratch.path('shared'))
    for (const file of [folder.secrets, scratch.path('shared', 'notes.txt')]) writeFileSync(file, '{}')
    mkdirSync(scratch.path('shared', 'src'))
    await emptyDataFolder(folder)
    expect(existsSync(folder.secrets)).to.equal(false)
    expect(existsSync(scratch.path('shared', 'notes.txt'))).to.equal(true)
    expect(existsSync(scratch.path('shared', 'src'))).to.equal(true)
  })
})
