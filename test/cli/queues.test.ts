import { spawn } from 'node:child_process'
import { expect } from 'chai'
import { newId } from '../../api/platform/ids.js'
import { QUEUES } from '../../api/platform/queue-rules.js'
import { QUEUE_NAMES } from '../../cli/args.js'
import { reap } from '../support/api-process.js'
import { BIN, bareEnvironment, cargoparts, type Ended, envelope, json } from '../support/command.js'
import { useContext } from '../support/context.js'

describe('cargoparts queues, outbox and schedule', function () {
  this.timeout(60_000)
  const t = useContext()
  const run = (...args: string[]): Promise<Ended> => cargoparts(args, bareEnvironment(t.env))
  const good = async (...args: string[]): Promise<Ended> => {
    const end = await run(...args)
    expect({ code: end.code, stderr: end.stderr }, args.join(' ')).to.deep.equal({ code: 0, stderr: '' })
    return end
  }
  let failed: string

  before(async () => {
    failed = newId()
    await t.db('outbox').insert({
      id: failed,
      lane: 'orders',
      topic: 'order_paid',
      payload: JSON.stringify({ orderId: newId() }),
      tries: 25,
      failed_at: new Date(),
      last_error: 'no seller\u001b[2J\nat all',
    })
    await t.db.transaction(trx => t.services.outbox.add(trx, 'password_reset_asked', { email: 'a@b.sa' }))
  })

  it('know the queues there are', () => {
    expect([...QUEUE_NAMES]).to.deep.equal([...QUEUES])
  })

  it('find a stuck job, say why, and mend it: the way docs/jobs.md goes', async () => {
    const status = (await good('queues:status')).stdout.trimEnd().split('\n')
    expect(status[0]?.split('\t')).to.include.members(['queue', 'waiting', 'active', 'delayed', 'failed'])
    expect(status.map(line => line.split('\t')[0])).to.deep.equal(['queue', ...QUEUES])
    expect((await good('outbox:status')).stdout).to.match(/orders\torder_paid\t1\t.* ago\tno seller.*at all/)
    expect((await good('queues:jobs', 'orders')).stdout).to.include(failed)
    const shown = (await good('queues:show', failed)).stdout
    expect(shown)
      .to.match(/^order_paid in orders$/m)
      .and.match(/^error +no seller/m)
    // what a handler's error quotes does not steer the terminal
    expect(shown).to.not.include('\u001b')
    expect((await good('queues:retry', failed)).stdout).to.equal(`Job ${failed} will be done now.\n`)
    expect(json(await good('queues:show', failed, '--json'))).to.include({ state: 'waiting', tries: 0 })
    expect((await good('queues:jobs', 'orders')).stdout).to.equal('No jobs failed in orders.\n')
  })

  it('pause and resume a queue, as often as one says it', async () => {
    expect(json(await good('queues:pause', 'email', '--json'))).to.deep.equal({
      queue: 'email',
      paused: true,
      changed: true,
    })
    expect((await good('queues:pause', 'email')).stdout).to.equal('email was paused already.\n')
    expect((await good('queues:status')).stdout).to.match(/^email\t.* by \S+$/m)
    expect((await good('queues:resume', 'email')).stdout).to.equal('email goes on.\n')
  })

  it('drain a queue only when told its name, and bring all back', async () => {
    const refused = await run('queues:drain', 'email', '--json')
    expect(refused.code).to.equal(5)
    expect(envelope(refused).code).to.equal('cli.not_confirmed')
    expect(json(await good('queues:drain', 'email', '--confirm', 'email', '--json'))).to.include({
      drained: 1,
      dryRun: false,
    })
    expect(json(await good('outbox:retry', '--queue', 'email', '--dry-run', '--json'))).to.deep.equal({
      retried: 1,
      dryRun: true,
    })
    expect((await good('outbox:retry', '--queue', 'email', '--since', '1h')).stdout).to.equal(
      '1 job will be done now.\n',
    )
  })

  it('refuse what they cannot mean', async () => {
    expect((await run('queues:jobs', 'constructor')).code).to.equal(2)
    expect((await run('queues:show', newId())).code).to.equal(3)
    expect((await run('outbox:retry', failed, '--all')).code).to.equal(5)
    expect(envelope(await run('outbox:retry', '--topic', 'constructor', '--json')).code).to.equal(
      'cli.bad_topic',
    )
    expect(envelope(await run('schedule:run', 'nothing', '--json')).code).to.equal('schedule.not_found')
  })

  it('list and run what comes back by the clock, once at a time', async () => {
    expect((await good('schedule:run', 'expire-holds')).stdout).to.equal('expire-holds: 0 dealt with.\n')
    const { jobs } = json(await good('schedule:list', '--json'))
    const holds = jobs.find((job: { name: string }) => job.name === 'expire-holds')
    expect(holds).to.include({ state: 'done', dealtWith: 0, runs: 1 })
    expect((await good('schedule:list')).stdout).to.match(/^expire-holds\t.*done, \d+ s ago/m)
    await t.context.locks.with('schedule:expire-holds', {}, async () => {
      const second = await run('schedule:run', 'expire-holds', '--json')
      expect(second.code).to.equal(4)
      expect(envelope(second).code).to.equal('locks.held')
    })
  })

  it('hold others off while one of them is at work on many', async () => {
    await t.context.locks.with('command:outbox:retry', {}, async () => {
      expect((await run('outbox:retry', '--all')).code).to.equal(4)
      expect((await run('outbox:retry', '--all', '--dry-run')).code).to.equal(0)
    })
  })

  it('go on showing, line by line, until Ctrl-C', async () => {
    const child = spawn(process.execPath, [BIN, 'queues:status', '--watch', '--every', '1', '--json'], {
      env: bareEnvironment(t.env),
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    try {
      let shown = ''
      await new Promise<void>(resolve =>
        child.stdout.on('data', chunk => {
          shown += chunk
          if (shown.split('\n').length > 2) resolve()
        }),
      )
      const code = new Promise(resolve => child.once('exit', resolve))
      child.kill('SIGINT')
      expect(await code).to.equal(0)
      for (const line of shown.trimEnd().split('\n')) expect(JSON.parse(line).queues).to.have.length(5)
    } finally {
      await reap(child)
    }
  })
})
