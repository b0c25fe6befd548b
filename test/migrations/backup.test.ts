import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect } from 'chai'
import { backUp } from '../../api/platform/backup/backup.js'
import { restore } from '../../api/platform/backup/restore.js'
import { findTool } from '../../api/platform/backup/tools.js'
import type { AppError } from '../../api/platform/errors.js'
import { seedAll } from '../../seeds/index.js'
import { cargoparts, type Env, envelope, json, operatorEnvironment } from '../support/command.js'
import { startSystemPostgres, systemPostgres } from '../support/system-postgres.js'
import { APP, OWNER, prepareTemplate, TEMPLATE, urlFor, withClient } from '../support/template.js'

describe('copies of the database', function () {
  this.timeout(90_000)
  const bin = systemPostgres()
  let folder: string
  let server: Awaited<ReturnType<typeof startSystemPostgres>>
  const url = (name: string, role = OWNER) => urlFor(server.superuserUrl, name, role)
  const env = (name: string, more: Env = {}) =>
    operatorEnvironment({ DATABASE_URL: url(name, APP), DATABASE_OWNER_URL: url(name), ...more })
  const run = (name: string, ...args: string[]) => cargoparts(args, env(name))
  const ask = async (name: string, sql: string) =>
    withClient(url(name), async client => (await client.query(sql)).rows)
  const superuser = (sql: string) => withClient(server.superuserUrl, client => client.query(sql))
  const bad = (document: { name: string; isGood: boolean }[]) =>
    document.filter(({ isGood }) => !isGood).map(({ name }) => name)
  let copy: string

  before(async function () {
    // the embedded PostgreSQL comes without pg_dump: where the machine has none, there is nothing to wrap
    if (!bin) return this.skip()
    folder = mkdtempSync(path.join(tmpdir(), 'cargoparts-copies-'))
    chmodSync(folder, 0o755)
    server = await startSystemPostgres(bin, folder)
    await prepareTemplate(server.superuserUrl)
    await superuser(`create database shop template ${TEMPLATE} owner ${OWNER.name}`)
    await seedAll(url('shop'), { demo: true, environment: 'test' })
    copy = path.join(folder, 'copies', 'shop.dump')
  })
  after(async () => {
    await server?.stop()
    if (folder) rmSync(folder, { recursive: true, force: true })
  })

  it('are one file for its owner alone, with a page that says what is in it', async () => {
    const end = await run('shop', 'db:backup', '--to', copy, '--json')
    expect(end.code, end.stdout).to.equal(0)
    expect(statSync(copy).mode & 0o777).to.equal(0o600)
    const [{ count }] = await ask('shop', 'select count(*)::integer as count from listings')
    expect(json(end).rows.listings).to.equal(count)
    expect(count).to.be.above(100)
    expect(readdirSync(path.dirname(copy))).to.have.members(['shop.dump', 'shop.dump.json'])
    const again = await backUp(url('shop'), { file: copy }).catch((error: AppError) => error.code)
    expect(again).to.equal('backup.file_exists')
  })

  it('come back whole into an empty database, are looked over, and serve', async () => {
    await superuser(`create database back owner ${OWNER.name}`)
    const end = await run('back', 'db:restore', copy, '--json')
    expect(end.code, end.stdout).to.equal(0)
    const { checks } = json(end)
    expect(bad(checks)).to.deep.equal([])
    expect(checks.map(({ name }: { name: string }) => name)).to.include.members([
      'rows',
      'indexes',
      'counters',
      'orders',
    ])
    const all = 'select id, number, total_halalas from orders order by id'
    expect(await ask('back', all)).to.deep.equal(await ask('shop', all))
    // rights are given anew, and no more than there were
    const serving = await withClient(url('back', APP), async client => [
      (await client.query('select count(*)::integer as count from orders')).rows[0].count > 0,
      await client.query('delete from audit_log').catch(error => error.code),
    ])
    expect(serving).to.deep.equal([true, '42501'])
  })

  it('do not go where anything is, or anybody', async () => {
    const refusal = (name: string, file: string, replace = false) =>
      restore(url(name), file, { replace }).catch((error: AppError) => `${error.kind} ${error.code}`)
    expect(await refusal('shop', copy)).to.equal('conflict backup.not_empty')
    expect(await refusal('back', `${copy}.none`)).to.equal('not_found backup.not_found')
    await withClient(url('back', APP), async () => {
      expect(await refusal('back', copy, true)).to.equal('conflict backup.in_use')
    })
    const unsaid = await run('back', 'db:restore', copy, '--replace', '--json')
    expect([unsaid.code, envelope(unsaid).code]).to.deep.equal([5, 'cli.not_confirmed'])
  })

  it('replace what is there, once that was said', async () => {
    await ask('back', 'create table of_later (id uuid); delete from notifications')
    const end = await run('back', 'db:restore', copy, '--replace', '--confirm', 'back', '--json')
    expect(end.code, end.stdout).to.equal(0)
    expect(await ask('back', `select to_regclass('of_later') as later`)).to.deep.equal([{ later: null }])
  })

  it('that are damaged are refused before anything is touched', async () => {
    const refusal = () => restore(url('none'), copy).catch((error: AppError) => `${error.kind} ${error.code}`)
    appendFileSync(copy, 'x')
    await superuser(`create database none owner ${OWNER.name}`)
    expect(await refusal()).to.equal('invalid backup.damaged')
    // without its page nobody knows; then PostgreSQL's own tool must find out, and leave nothing behind
    rmSync(`${copy}.json`)
    truncateSync(copy, 60_000)
    expect(await refusal()).to.equal('conflict backup.tool_failed')
    const tables = `select count(*)::integer as count from pg_class where relnamespace = 'public'::regnamespace`
    expect(await ask('none', tables)).to.deep.equal([{ count: 0 }])
  })

  it('are taken before a migration where the setting says so, and not where none waits', async () => {
    const copies = path.join(folder, 'before')
    const migrate = () => cargoparts(['db:migrate', '--json'], env('back', { MIGRATION_BACKUP_DIR: copies }))
    const idle = await migrate()
    expect([idle.code, existsSync(copies)]).to.deep.equal([0, false])
    await ask(
      'back',
      `drop table backfills; delete from knex_migrations where name = '20261127180000_backfills'`,
    )
    const end = await migrate()
    expect(json(end).applied).to.deep.equal(['20261127180000_backfills'])
    expect(path.dirname(json(end).backup)).to.equal(copies)
    expect(readdirSync(copies)).to.have.length(2)
  })

  it('are looked over: what does not agree is named, exit 5', async () => {
    await ask(
      'back',
      `update checkouts set total_halalas = total_halalas + 1 where id = (select id from checkouts limit 1);
      alter sequence order_number_seq restart with 1;
      insert into invoice_counters select id, 'INV', 3 from sellers limit 1;
      alter table orders add constraint loose check (total_halalas > 1) not valid;
      drop index idx_orders_hold`,
    )
    await ask('back', `select setval(pg_get_serial_sequence('listings', 'seq'), 1)`)
    const shown = await run('back', 'db:verify')
    expect([
      shown.code,
      /^orders\tgood\tevery order is the sum of its lines$/m.test(shown.stdout),
    ]).to.deep.equal([5, true])
    const end = await run('back', 'db:verify', '--json')
    expect(bad(envelope(end).details.checks)).to.have.members([
      ...['indexes', 'constraints', 'counters', 'checkouts', 'order numbers', 'invoice numbers'],
    ])
  })
})

describe('the tools for copies', () => {
  it('that are not there are named, with what to do', () => {
    expect(() => findTool('pg_dump', 99)).to.throw(
      /pg_dump of PostgreSQL 99 or newer is not on this machine.*postgresql-client-99/,
    )
  })
})
