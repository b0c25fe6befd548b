import { userInfo } from 'node:os'
import { expect } from 'chai'
import type { AlertFilter } from '../../api/modules/alerts/alert-desk.js'
import type { AlertKind } from '../../api/platform/alert-kinds.js'
import { newId } from '../../api/platform/ids.js'
import { bareEnvironment, cargoparts, type Ended, envelope, type Json, json } from '../support/command.js'
import { useContext } from '../support/context.js'
import { waitingForLocks } from '../support/locks.js'
import { eventually } from '../support/worker.js'

const UNKNOWN = '01970000-0000-7000-8000-000000000000'
const SARA = { kind: 'operator', name: 'sara' } as const
const WHY = ['--reason', 'sent back at Tap, ticket 17']
/** What somebody may have got into a summary. */
const HOSTILE = 'Payment 7 is not\nwhat was\u001b[2J asked for\u202e.'

describe('cargoparts alerts', function () {
  this.timeout(60_000)
  const t = useContext({ env: { ALERT_WEBHOOK_URL: 'http://127.0.0.1:9/room' } })
  const run = (...args: string[]): Promise<Ended> => cargoparts(args, bareEnvironment(t.env))
  const isOpen = async (id: string) => (await t.db('alerts').where({ id }).first()).ended_at === null
  const hours = (count: number) => new Date(Date.now() - count * 3_600_000)

  async function anAlert(kind: AlertKind, over: Record<string, unknown> = {}): Promise<string> {
    const id = newId()
    const [first_at, last_at] = [hours(3), hours(1)]
    await t.owner('alerts').insert({
      ...{ id, key: `${kind}:${id}`, kind, severity: 'critical', summary: `It is ${kind}.` },
      ...{ details: JSON.stringify({ paymentId: id }), first_at, last_at, told_at: first_at, telling: id },
      ...over,
    })
    return id
  }
  let [paused, mismatch, dead, ended]: string[] = []
  before(async () => {
    paused = await anAlert('provider_paused', { severity: 'warning', last_at: hours(0) })
    mismatch = await anAlert('payment_mismatch', { summary: HOSTILE, times: 3 })
    dead = await anAlert('webhook_dead', { last_at: hours(50) })
    ended = await anAlert('webhook_dead', { ended_at: hours(1) })
  })

  it('list: one line each for a pipe, the critical first, then what was seen last', async () => {
    const { code, stdout, stderr } = await run('alerts:list')
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' })
    const [head, ...lines] = stdout.trimEnd().split('\n')
    expect(head).to.equal('id\tstate\tkind\ttimes\tfirst\tlast\twhat')
    expect(lines.map(line => line.split('\t').slice(0, 4))).to.deep.equal([
      [mismatch, 'critical', 'payment_mismatch', '3'],
      [dead, 'critical', 'webhook_dead', '1'],
      [paused, 'warning', 'provider_paused', '1'],
    ])
    expect(stdout).to.not.include('\u001b').and.not.include('\u202e')
  })

  it('list: filters by state, kind, time and count', async () => {
    const found = async (filter: Partial<AlertFilter>) =>
      (await t.services.alertDesk.list({ state: 'open', limit: 10, ...filter }, SARA)).map(({ id }) => id)
    expect(await found({ state: 'over' })).to.deep.equal([ended])
    expect(await found({ kind: 'webhook_dead' })).to.deep.equal([dead])
    expect(await found({ since: hours(24) })).to.deep.equal([mismatch, paused])
    expect(await found({ limit: 1 })).to.deep.equal([mismatch])

    const flags = ['--state', 'all', '--kind', 'webhook_dead', '--since', '7d', '--limit', '5']
    const { alerts } = json(await run('alerts:list', '--json', ...flags))
    expect(alerts.map(({ id }: Json) => id)).to.deep.equal([dead, ended])
    expect(alerts[0]).to.include({ times: 1, severity: 'critical', endedAt: null })
    expect(alerts[0].details).to.deep.equal({ paymentId: dead })
    const none = await run('alerts:list', '--kind', 'chargeback')
    expect(none).to.deep.equal({ code: 0, stdout: 'No alerts are open.\n', stderr: '' })
  })

  it('list: refuses a time that is none with 5', async () => {
    const time = await run('alerts:list', '--since', 'yesterday', '--json')
    expect([time.code, envelope(time).code]).to.deep.equal([5, 'cli.bad_time'])
  })

  it('close: says so to everybody who was told, and the audit trail names the operator and why', async () => {
    const id = await anAlert('refund_failed')
    const dry = json(await run('alerts:close', id, ...WHY, '--dry-run', '--json'))
    expect(dry.alerts[0]).to.include({ id, state: 'open', isNews: false })
    expect(await isOpen(id)).to.equal(true)

    const end = await run('alerts', 'close', id, ...WHY)
    expect(end).to.deep.equal({ code: 0, stdout: `Alert ${id} (refund_failed) is closed.\n`, stderr: '' })
    const work = await t
      .db('outbox')
      .where({ topic: 'alert_due' })
      .whereRaw("payload ->> 'alertId' = ?", [id])
    expect(work).to.have.length(CHANNELS)
    const [audited, ...more] = await t.owner('audit_log').where({ action: 'alert_closed', object_id: id })
    expect(audited).to.include({
      actor_kind: 'operator',
      actor_name: userInfo().username,
      object_type: 'alert',
    })
    expect(audited.details).to.deep.equal({
      key: `refund_failed:${id}`,
      kind: 'refund_failed',
      reason: 'sent back at Tap, ticket 17',
    })
    expect(more).to.be.empty
  })

  it('close: repeated, and where it was over before, does nothing and is no failure', async () => {
    const end = await run('alerts:close', ended as string, ...WHY)
    expect(end.code).to.equal(0)
    expect(end.stdout).to.equal(`Alert ${ended} (webhook_dead) is over already: nothing to do.\n`)
    expect(await t.owner('audit_log').where({ action: 'alert_closed', object_id: ended })).to.be.empty
  })

  it('close: by many at once it is closed once', async () => {
    const id = await anAlert('books_differ')
    const held = await t.owner.transaction()
    await held('alerts').where({ id }).forUpdate()
    const closing = Promise.all(
      Array.from({ length: 5 }, () => t.services.alertDesk.close(id, 'looked into', SARA)),
    )
    await eventually('they wait', async () => (await waitingForLocks(t)) === 5)
    await held.commit()
    expect((await closing).filter(({ isNews }) => isNews)).to.have.length(1)
    expect(await t.owner('audit_log').where({ action: 'alert_closed', object_id: id })).to.have.length(1)
  })

  it('close: what goes on after that is a new alert', async () => {
    const seen = {
      key: 'again',
      kind: 'books_differ',
      severity: 'critical',
      summary: 'They differ.',
    } as const
    const idOf = async () => (await t.db('alerts').where({ key: 'again', ended_at: null }).first('id'))?.id
    await t.services.alerts.raiseAlone(seen)
    const first = await idOf()
    await t.services.alertDesk.close(first, 'looked into', SARA)
    expect(await idOf()).to.equal(undefined)
    await t.services.alerts.raiseAlone(seen)
    expect(await idOf())
      .to.be.a('string')
      .and.not.equal(first)
  })

  it('close: several or none: one unknown id exits 3 and closes nothing, a bad one 5, no reason 2', async () => {
    const [one, two] = [await anAlert('chargeback'), await anAlert('chargeback')]
    for (const [args, code, says] of [
      [[one, UNKNOWN, ...WHY], 3, 'alerts.not_found'],
      [[one, '17', ...WHY], 5, 'cli.bad_id'],
    ] as const) {
      const end = await run('alerts:close', ...args, '--json')
      expect([end.code, envelope(end).code]).to.deep.equal([code, says])
      expect(await isOpen(one)).to.equal(true)
    }
    expect((await run('alerts:close', one)).code).to.equal(2)
    const both = json(await run('alerts:close', one, two.toUpperCase(), ...WHY, '--json'))
    expect(both.alerts.map((each: Json) => [each.id, each.state, each.isNews])).to.deep.equal([
      [one, 'over', true],
      [two, 'over', true],
    ])
    for (const id of [one, two]) expect(await isOpen(id)).to.equal(false)
  })

  it('are nobody’s but staff’s', async () => {
    const { actor } = await t.accounts.account('buyer')
    const { alertDesk } = t.services
    for (const act of [
      () => alertDesk.list({ state: 'all', limit: 1 }, actor),
      () => alertDesk.get(mismatch as string, actor),
      () => alertDesk.close(mismatch as string, 'mine', actor),
    ])
      expect(await act().catch(error => error.kind)).to.equal('forbidden')
  })
})

/** The ways of telling that are set here, beside the log. */
const CHANNELS = 1
