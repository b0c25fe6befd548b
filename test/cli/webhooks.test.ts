import { userInfo } from 'node:os'
import { expect } from 'chai'
import { newId } from '../../api/platform/ids.js'
import {
  bareEnvironment,
  cargoparts,
  type Ended,
  envelope,
  type Json,
  json,
  shell,
} from '../support/command.js'
import { useContext } from '../support/context.js'
import { buy } from '../support/shopping.js'

const UNKNOWN = '01970000-0000-7000-8000-000000000000'

/** What a stranger may try on an operator's terminal: escapes of two kinds, and a change of direction. */
const HOSTILE = 'chg_dead\u001b[2J\u009b2J\u202e'
/** Arabic, with a ZWNJ in it, and then what may not pass as it is. */
const NOTE = 'سار\u200cة \u202egnp.exe\u009b2J\u2066'
// biome-ignore lint/suspicious/noControlCharactersInRegex: what must not reach a terminal
const STEERING = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]/

describe('cargoparts webhooks', function () {
  this.timeout(60_000)
  const t = useContext()
  const run = (...args: string[]): Promise<Ended> => cargoparts(args, bareEnvironment(t.env))
  const list = async (...flags: string[]): Promise<Json[]> =>
    json(await run('webhooks:list', '--json', ...flags)).events
  let paid: { id: string; orderId: string }
  let dead: string
  const hours = (count: number) => new Date(Date.now() - count * 3_600_000)

  before(async () => {
    const listing = await t.accounts.listing()
    const { orderId } = await buy(t, [{ listingId: listing.id, quantity: 1 }])
    paid = { id: (await t.db('webhook_events').first('id')).id, orderId }
    dead = newId()
    await t.owner('webhook_events').insert({
      id: dead,
      provider: 'tap',
      event_key: 'chg_dead|CAPTURED',
      object_id: HOSTILE,
      claimed_status: 'CAPTURED',
      payload: JSON.stringify({ id: 'chg_dead', object: 'charge', note: NOTE }),
      status: 'dead',
      attempts: 4,
      last_error: 'the provider said\nno',
      received_at: hours(72),
    })
  })

  it('list: one line each for a pipe, newest first', async () => {
    const { code, stdout, stderr } = await run('webhooks:list')
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' })
    const [head, ...lines] = stdout.trimEnd().split('\n')
    expect(head).to.equal('id\tprovider\tobject\tclaims\tstate\toutcome\ttries\treceived')
    expect(lines.map(line => line.split('\t')[0])).to.deep.equal([paid.id, dead])
    expect(lines[0]?.split('\t')).to.have.length(8)
    expect(stdout).to.not.match(STEERING)
  })

  it('list --json: the events in one document', async () => {
    const [first, second] = await list()
    expect(first).to.include({ id: paid.id, provider: 'tap', status: 'processed', orderId: paid.orderId })
    expect(second).to.include({ id: dead, status: 'dead', attempts: 4, deliveries: 1 })
  })

  it('list: filters by state, provider, order, time and count', async () => {
    const ids = async (...flags: string[]) => (await list(...flags)).map(({ id }) => id)
    const { number } = await t.db('orders').where({ id: paid.orderId }).first('number')
    const [dead1, processed, none, byId, byNumber, recent, all, one] = await Promise.all([
      ids('--status', 'dead'),
      ids('--provider', 'tap', '--status', 'processed'),
      ids('--provider', 'hyperpay'),
      ids('--order', paid.orderId),
      ids('--order', number),
      ids('--since', '24h'),
      ids('--since', '7d'),
      ids('--limit', '1'),
    ])
    expect({ dead1, processed, none }).to.deep.equal({ dead1: [dead], processed: [paid.id], none: [] })
    expect({ byId, byNumber, recent, one }).to.deep.equal({
      byId: [paid.id],
      byNumber: [paid.id],
      recent: [paid.id],
      one: [paid.id],
    })
    expect(all).to.deep.equal([paid.id, dead])
    expect((await run('webhooks:list', '--provider', 'hyperpay')).stdout).to.equal('No events.\n')
  })

  it('list: refuses a time that is none with 5, an unknown order with 3', async () => {
    const time = await run('webhooks:list', '--since', 'yesterday', '--json')
    expect(time.code).to.equal(5)
    expect(envelope(time)).to.include({ kind: 'invalid', code: 'cli.bad_time' })
    const order = await run('webhooks:list', '--order', 'CP-9999999', '--json')
    expect(order.code).to.equal(3)
    expect(envelope(order).kind).to.equal('not_found')
  })

  it('show: what became of it, in words and as a document', async () => {
    const text = await run('webhooks:show', dead)
    expect({ code: text.code, stderr: text.stderr }).to.deep.equal({ code: 0, stderr: '' })
    expect(text.stdout)
      .to.match(/^state {5}dead$/m)
      .and.match(/^error {5}the provider said no$/m)
    expect(text.stdout).to.not.include('\u001b')
    const document = json(await run('webhooks:show', dead.toUpperCase(), '--json'))
    expect(document).to.include({
      id: dead,
      objectId: HOSTILE,
      lastError: 'the provider said\nno',
    })
    expect(document.payload.note).to.equal(NOTE)
    for (const end of [
      text,
      await run('webhooks:show', dead, '--json'),
      await run('webhooks:list', '--json'),
    ])
      expect(end.stdout).to.not.match(STEERING)
    expect(text.stdout).to.include('سار\u200cة').and.include('\\u202e')
  })

  it('show and retry: a bad id exits 5, an unknown one 3', async () => {
    for (const command of ['webhooks:show', 'webhooks:retry']) {
      for (const id of ['17', 'chg_dead', `${UNKNOWN}0`, "' or true --"]) {
        const end = await run(command, '--json', '--', id)
        expect(end.code, `${command} ${id}`).to.equal(5)
        expect(envelope(end)).to.include({ kind: 'invalid', code: 'cli.bad_id' })
      }
      const end = await run(command, UNKNOWN, '--json')
      expect(end.code).to.equal(3)
      expect(envelope(end)).to.include({ kind: 'not_found', code: 'webhooks.not_found' })
    }
  })

  it('retry: re-arms a dead event, and the audit trail names the operator', async () => {
    const end = await run('webhooks', 'retry', dead)
    expect(end).to.deep.equal({ code: 0, stdout: `Event ${dead} will be tried again.\n`, stderr: '' })
    const event = await t.db('webhook_events').where({ id: dead }).first()
    expect(event).to.include({ status: 'received', attempts: 0, next_attempt_at: null })
    const work = await t.db('outbox').where({ topic: 'webhook_received', done_at: null }).pluck('payload')
    expect(work).to.deep.equal([{ eventId: dead, cause: 'retry' }])
    const audited = await t.owner('audit_log').where({ action: 'webhook_retried' })
    expect(audited).to.have.length(1)
    expect(audited[0]).to.include({
      actor_kind: 'operator',
      actor_name: userInfo().username,
      object_type: 'webhook_event',
      object_id: dead,
    })
  })

  it('retry: says so where there is nothing to do, and does nothing', async () => {
    for (const id of [paid.id, dead]) {
      const before = await t.db('outbox').count()
      const end = json(await run('webhooks:retry', id, '--json'))
      expect(end.id).to.equal(id)
      expect(await t.db('outbox').count()).to.deep.equal(before)
    }
    const text = await run('webhooks:retry', paid.id)
    expect(text.stdout).to.equal(`Event ${paid.id} is processed: nothing to do.\n`)
  })

  it('a reader that has seen enough is no failure', async () => {
    const row = await t.db('webhook_events').where({ id: dead }).first()
    await t.owner.raw(
      `insert into webhook_events (id, provider, event_key, object_id, claimed_status, payload)
       select gen_random_uuid(), 'tap', 'many' || n, repeat('x', 500), 'CAPTURED', ?::jsonb from generate_series(1, 1000) n`,
      [JSON.stringify(row.payload)],
    )
    const end = await shell(
      'set -o pipefail; cargoparts webhooks:list --limit 1000 | head -1',
      bareEnvironment(t.env),
    )
    expect(end).to.deep.equal({
      code: 0,
      stdout: 'id\tprovider\tobject\tclaims\tstate\toutcome\ttries\treceived\n',
      stderr: '',
    })
  })
})
