import { expect } from 'chai'
import { freePort } from '../../api/embedded/loopback.js'
import { type Sandbox, startSandbox } from '../../api/sandbox/index.js'
import { seedAll } from '../../seeds/index.js'
import { type ApiProcess, reap, spawnEntry, startApi } from '../support/api-process.js'
import { bareEnvironment, cargoparts, type Ended, envelope, json } from '../support/command.js'
import { cloneDatabase, redisUrl, type TestDatabase } from '../support/database.js'
import { testEnvironment } from '../support/environment.js'

describe('cargoparts demo:order, through a running system', function () {
  this.timeout(120_000)
  let database: TestDatabase
  let sandbox: Sandbox
  let api: ApiProcess
  let worker: ReturnType<typeof spawnEntry> | undefined
  let env: Record<string, string>
  const order = (...flags: string[]): Promise<Ended> =>
    cargoparts(['demo:order', '--url', api.url, ...flags], bareEnvironment())

  before(async () => {
    database = await cloneDatabase()
    await seedAll(database.ownerUrl, { demo: true, environment: 'test' })
    sandbox = await startSandbox({
      secretKey: testEnvironment().TAP_SECRET_KEY as string,
      nodeEnv: 'test',
      webhooks: { gapsMs: [20, 40] },
    })
    const port = String(await freePort())
    env = testEnvironment({
      DATABASE_URL: database.url,
      REDIS_URL: redisUrl(),
      REDIS_PREFIX: `demo${process.pid}`,
      TAP_API_URL: sandbox.tapApiUrl,
      ZATCA_SANDBOX_URL: sandbox.zatcaUrl,
      PORT: port,
      API_URL: `http://127.0.0.1:${port}`,
    })
    api = await startApi(env)
    worker = spawnEntry('worker', env)
  })
  after(async () => {
    await Promise.all([reap(api?.child), reap(worker?.child)])
    await sandbox?.close()
    await database?.drop()
  })

  it('--json: the order is paid and has its invoice', async () => {
    const end = await order('--json')
    expect(end.code, end.stdout + end.stderr).to.equal(0)
    expect(end.stderr).to.equal('')
    const result = json(end)
    expect(Object.keys(result)).to.deep.equal(['order', 'payment', 'invoice', 'steps'])
    expect(result.order.number).to.match(/^CP-\d+$/)
    expect(result.order.status).to.equal('PAID')
    expect(result.payment).to.deep.equal({ status: 'CAPTURED' })
    expect(result.invoice.number).to.match(/^(INV|BILL)-\d+-\d{6}$/)
    const names = result.steps.map(({ name }: { name: string }) => name)
    expect(names).to.deep.equal(['search', 'order', 'payment', 'approve', 'paid', 'invoice', 'verify'])
    expect(result.invoice).to.include({ verifies: true })
    expect(result.invoice.counter).to.be.above(0)
    for (const step of result.steps) expect(step).to.have.all.keys('name', 'ms', 'detail')
    const shown = json(await cargoparts(['orders:show', result.order.number, '--json'], bareEnvironment(env)))
    expect(shown.order.status).to.equal('PAID')
    expect(shown.invoices[0].number).to.equal(result.invoice.number)
  })

  it('--deliver goes on to the door, told step by step', async () => {
    const end = await order('--deliver')
    expect(end.code, end.stderr).to.equal(0)
    expect(end.stderr).to.equal('')
    const steps = ['search', 'order', 'payment', 'approve', 'paid', 'invoice', 'verify']
    steps.push('confirm', 'ship', 'deliver')
    const lines = end.stdout.trimEnd().split('\n')
    expect(lines.slice(0, -1).map(line => line.split(' ')[0])).to.deep.equal(steps)
    for (const line of lines.slice(0, -1)) expect(line).to.match(/^\w+ +\d+ ms {2}\S/)
    expect(lines.at(-1)).to.match(
      /^Order CP-\d+ is DELIVERED; invoice INV-\d+-\d{6}, signed, at place \d+ of the seller's chain\.$/,
    )
  })

  it('waits where it is told to, says so, and goes on', async () => {
    const port = String(await freePort())
    const own = { PORT: port, API_URL: `http://127.0.0.1:${port}`, REDIS_PREFIX: `slow${process.pid}` }
    const slow = await startApi({ ...env, ...own, RATE_LIMIT_API_STANDARD: '2/1s' })
    try {
      const end = await cargoparts(['demo:order', '--url', slow.url], bareEnvironment())
      expect(end.code, end.stdout + end.stderr).to.equal(0)
      expect(end.stderr).to.match(/^(GET|POST) \/\S+: too many; going on in 1 s/)
      expect(end.stdout).to.match(/Order CP-\d+ is PAID;/)
    } finally {
      await reap(slow.child)
    }
  })

  it('finds nobody: exits 7', async () => {
    const end = await cargoparts(['demo:order', '--url', 'http://127.0.0.1:1', '--json'], bareEnvironment())
    expect(end.code).to.equal(7)
    expect(envelope(end)).to.include({ kind: 'unavailable', code: 'demo.no_answer' })
  })

  it('both processes end with 0 when told to', async () => {
    worker?.child.kill('SIGTERM')
    expect((await api.stop()).code).to.equal(0)
    expect((await worker?.ended)?.code).to.equal(0)
  })
})
