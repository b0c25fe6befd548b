import { expect } from 'chai'
import { INDEXES } from '../../api/platform/indexes.js'
import { cargoparts, type Env, envelope, json, operatorEnvironment } from '../support/command.js'
import { cloneDatabase, type TestDatabase } from '../support/database.js'
import { withClient } from '../support/template.js'

describe('cargoparts indexes', function () {
  this.timeout(60_000)
  let database: TestDatabase
  let env: Env
  let names: string[]
  const create = (...flags: string[]) => cargoparts(['indexes:create', ...flags], env)
  const owner = (sql: string) => withClient(database.ownerUrl, client => client.query(sql))
  const findings = (document: { findings: { kind: string; index: string }[] }, kind: string) =>
    document.findings.filter(each => each.kind === kind).map(({ index }) => index)

  before(async () => {
    database = await cloneDatabase()
    env = operatorEnvironment({ DATABASE_URL: database.url, DATABASE_OWNER_URL: database.ownerUrl })
    const { rows } = await owner(`select relname as name from pg_class where relkind = 'r'`)
    const tables = new Set(rows.map(({ name }) => name))
    names = INDEXES.filter(({ table }) => tables.has(table)).map(({ name }) => name)
  })
  after(() => database?.drop())

  it('create finds all of them there', async () => {
    const end = await create()
    expect(end).to.include({ code: 0, stdout: `0 built, 0 rebuilt, ${names.length} present already.\n` })
    const awaiting = INDEXES.filter(({ name }) => !names.includes(name))
    expect(end.stderr).to.equal(
      awaiting.map(({ name, table }) => `${name} waits for the table ${table}.\n`).join(''),
    )
  })

  it('status is content with that, and names what is double and what points without an index', async () => {
    const end = await cargoparts(['indexes:status', '--json'], env)
    expect(end.code, end.stdout).to.equal(0)
    const document = json(end)
    expect(findings(document, 'duplicate')).to.deep.equal(['idx_listings_price_range'])
    expect(findings(document, 'foreign-key')).to.include('checkouts_buyer_id_fkey')
    expect(findings(document, 'foreign-key')).to.not.include('orders_buyer_id_fkey')
    expect(
      document.indexes.find((each: { name: string }) => each.name === 'idx_orders_hold'),
    ).to.deep.include({
      table: 'orders',
      state: 'valid',
      isDeclared: true,
    })
    const shown = await cargoparts(['indexes:status'], env)
    expect(shown.stdout).to.match(/^idx_orders_hold\torders\t\d+ KiB\t\d+\tvalid$/m)
  })

  it('status finds what is missing, left over, otherwise, needless: exit 5', async () => {
    await owner('drop index idx_orders_hold')
    await owner(
      'drop index idx_orders_created_at_desc; create index idx_orders_created_at_desc on orders (created_at)',
    )
    await owner('create index by_somebody on order_items (listing_id)')
    const end = await cargoparts(['indexes:status', '--json'], env)
    expect(end.code).to.equal(5)
    expect(
      envelope(end).details.findings.map((each: { kind: string; index: string }) => [each.kind, each.index]),
    ).to.deep.include.members([
      ['missing', 'idx_orders_hold'],
      ['changed', 'idx_orders_created_at_desc'],
    ])
    const mended = await create('--json')
    expect(json(mended)).to.deep.include({
      built: ['idx_orders_hold'],
      rebuilt: ['idx_orders_created_at_desc'],
    })
    const after = json(await cargoparts(['indexes:status', '--json'], env))
    expect(findings(after, 'duplicate')).to.include('by_somebody')
    await owner('drop index by_somebody')
  })

  it('status counts what no query has used, on tables large enough to say so', async () => {
    await owner(`insert into spent_operations (id, spent_by, expires_at)
      select gen_random_uuid(), gen_random_uuid(), now() from generate_series(1, 2000)`)
    await owner('analyze spent_operations')
    const document = json(await cargoparts(['indexes:status', '--json'], env))
    expect(findings(document, 'unused')).to.deep.equal(['idx_spent_operations_expires'])
  })

  it('create builds what is missing, progress on stderr', async () => {
    await owner('drop index idx_orders_hold; drop index idx_payments_provider_external')
    const end = await create()
    expect(end).to.include({ code: 0, stdout: `2 built, 0 rebuilt, ${names.length - 2} present already.\n` })
    expect(end.stderr).to.match(/^\d+\/\d+ idx_orders_hold\n\d+\/\d+ idx_payments_provider_external\n/)
  })

  it('create finds one that was left invalid, and builds it again', async () => {
    await owner('drop index idx_sessions_user_expires')
    // a unique build over equal rows fails, and leaves its index invalid, as one that was cut off does
    await owner(
      `insert into makes (id, name_ar, name_en) values ('twin-1', 'س', 'same'), ('twin-2', 'س', 'same')`,
    )
    const failed = await owner(
      'create unique index concurrently idx_sessions_user_expires on makes (name_en)',
    ).catch(error => error.code)
    expect(failed).to.equal('23505')
    const status = await cargoparts(['indexes:status', '--findings'], env)
    expect(status.code).to.equal(5)
    expect(status.stdout).to.match(/^invalid\tidx_sessions_user_expires\t/m)
    const end = await create('--json')
    expect(json(end).built).to.deep.equal([])
    expect(json(end).rebuilt).to.deep.equal(['idx_sessions_user_expires'])
    const { rows } = await owner(`
      select indrelid::regclass::text as "table", indisvalid as valid
      from pg_index where indexrelid = 'idx_sessions_user_expires'::regclass`)
    expect(rows).to.deep.equal([{ table: 'sessions', valid: true }])
  })

  it('create may be repeated', async () => {
    expect(json(await create('--json')).present).to.deep.equal(names)
  })

  it('create answers 4 while another run builds', async () => {
    await withClient(database.ownerUrl, async holder => {
      const { rows } = await holder.query('select pg_advisory_lock(7236002), pg_backend_pid() as pid')
      const end = await create('--json')
      expect(end.code).to.equal(4)
      expect(envelope(end)).to.include({ kind: 'conflict', code: 'indexes.running' })
      expect(envelope(end).message).to.include(`It is pid ${rows[0].pid} (test_owner)`)
    })
  })

  it('create run twice at once ends with every index there and valid', async () => {
    await owner(names.map(name => `drop index ${name}`).join(';'))
    const ends = await Promise.all([create('--json'), create('--json')])
    const codes = ends.map(({ code }) => code)
    expect(
      codes.every(code => code === 0 || code === 4),
      codes.join(),
    ).to.equal(true)
    expect(codes).to.include(0)
    const { rows } = await owner(`
      select relname as name from pg_index join pg_class c on c.oid = indexrelid where indisvalid order by 1`)
    expect(rows.map(({ name }) => name)).to.include.members(names)
  })

  it('explain shows one with its query, its plan and its reason', async () => {
    const end = await cargoparts(['indexes:explain', 'idx_orders_buyer_id'], env)
    expect(end.code).to.equal(0)
    expect(end.stdout).to.match(
      /^idx_orders_buyer_id on orders \(buyer_id, id desc\)\nasked by +GET \/orders of a buyer\n/,
    )
    expect(end.stdout).to.match(/^plan +Limit\n +Index (Only )?Scan using idx_orders_buyer_id$/m)
    const none = await cargoparts(['indexes:explain', 'idx_of_nothing', '--json'], env)
    expect([none.code, envelope(none).code]).to.deep.equal([3, 'indexes.not_found'])
  })
})
