import { spawn } from 'node:child_process'
import { expect } from 'chai'
import type pg from 'pg'
import { waitFor } from '../../api/embedded/process.js'
import { migrationSource } from '../../api/platform/migrate.js'
import {
  atTerminal,
  BIN,
  cargoparts,
  type Ended,
  type Env,
  ended,
  envelope,
  json,
  operatorEnvironment,
} from '../support/command.js'
import { cloneDatabase, type TestDatabase } from '../support/database.js'
import { APP, OWNER, withClient } from '../support/template.js'

const EMPTY = 'template1'
const INTERRUPT = '\x03'

/** A database of its own for the surrounding `describe`, and the environment that names it. */
function useDatabase(template?: string) {
  const t = {} as { database: TestDatabase; env: Env; name: string; run(...args: string[]): Promise<Ended> }
  before(async () => {
    const database = await cloneDatabase(template)
    const env = operatorEnvironment({ DATABASE_URL: database.url, DATABASE_OWNER_URL: database.ownerUrl })
    const name = new URL(database.url).pathname.slice(1)
    Object.assign(t, { database, env, name, run: (...args: string[]) => cargoparts(args, env) })
  })
  after(() => t.database?.drop())
  return t
}

describe('cargoparts db:migrate', function () {
  this.timeout(60_000)
  const t = useDatabase(EMPTY)
  let all: string[]
  before(async () => {
    all = await migrationSource.getMigrations([])
  })

  it('brings an empty database up, and says what it applied', async () => {
    expect(json(await t.run('db:status', '--json'))).to.deep.equal({ applied: [], pending: all, unknown: [] })
    const end = await t.run('db:migrate')
    const progress = all.map((name, at) => `${at + 1}/${all.length} ${name}\n`).join('')
    expect({ code: end.code, stderr: end.stderr }).to.deep.equal({ code: 0, stderr: progress })
    expect(end.stdout).to.equal(`Applied:\n${all.map(name => `  ${name}\n`).join('')}`)
    expect(json(await t.run('db', 'status', '--json'))).to.deep.equal({
      applied: all,
      pending: [],
      unknown: [],
    })
  })

  it('may be repeated', async () => {
    const end = await t.run('db:migrate')
    expect(end).to.deep.equal({ code: 0, stdout: 'The schema is up to date.\n', stderr: '' })
    expect(json(await t.run('db:migrate', '--json'))).to.deep.equal({ applied: [] })
  })

  it('lets the serving role serve, and nothing more', async () => {
    await withClient(t.database.url, async client => {
      const refused = (sql: string) =>
        client.query(sql).then(
          () => 'allowed',
          (error: pg.DatabaseError) => error.code,
        )
      await client.query("insert into search_words (word) values ('x')")
      await client.query("update search_words set word = 'y'")
      await client.query('delete from search_words')
      const insufficient = '42501'
      for (const sql of [
        'alter table orders add column x text',
        'drop table notifications',
        'truncate orders cascade',
        'create table mine (id int)',
        'create index mine on orders (id)',
        "update audit_log set action = 'nothing_happened'",
        'delete from audit_log',
        'update invoices set total_halalas = 0',
        'delete from invoices',
        "insert into knex_migrations (name) values ('forged')",
        'delete from knex_migrations',
        "update makes set name_en = 'Y'",
        "insert into synonyms (id, words) values ('x', '{a,b}')",
        'update knex_migrations_lock set is_locked = 1',
      ])
        expect(await refused(sql), sql).to.equal(insufficient)
    })
  })

  it('runs after one that was killed in the middle, its lock still set', async () => {
    await withClient(t.database.ownerUrl, client =>
      client.query('update knex_migrations_lock set is_locked = 1'),
    )
    expect((await t.run('db:rollback', '--confirm', t.name)).code).to.equal(0)
    await withClient(t.database.ownerUrl, client =>
      client.query('update knex_migrations_lock set is_locked = 1'),
    )
    const end = await t.run('db:migrate', '--json')
    expect(json(end).applied).to.deep.equal(all)
  })

  it('names the role that does not exist', async () => {
    const url = new URL(t.database.url)
    url.username = 'nobody_made_me'
    const end = await cargoparts(['db:migrate'], { ...t.env, DATABASE_URL: url.href })
    expect({ code: end.code, stdout: end.stdout }).to.deep.equal({ code: 5, stdout: '' })
    expect(end.stderr).to.match(/^Error: The role nobody_made_me of DATABASE_URL does not exist/)
  })

  it('is refused to a role that may not create, with 6', async () => {
    const { DATABASE_OWNER_URL: _owner, ...env } = t.env
    const fresh = await cloneDatabase(EMPTY)
    try {
      const end = await cargoparts(['db:migrate', '--json'], { ...env, DATABASE_URL: fresh.url })
      expect(end.code).to.equal(6)
      expect(envelope(end)).to.include({ kind: 'forbidden', code: 'database.forbidden' })
    } finally {
      await fresh.drop()
    }
  })
})

describe('cargoparts db:migrate, several at once', function () {
  this.timeout(60_000)
  const t = useDatabase(EMPTY)

  it('one brings the schema up; the others wait for nothing and answer 4', async () => {
    const ends = await Promise.all([1, 2, 3].map(() => t.run('db:migrate', '--json')))
    const codes = ends.map(({ code }) => code)
    expect(
      codes.every(code => code === 0 || code === 4),
      codes.join(),
    ).to.equal(true)
    expect(codes).to.include(0)
    for (const end of ends.filter(({ code }) => code === 4))
      expect(envelope(end)).to.include({ kind: 'conflict', code: 'db.migration_running' })
    const applied = ends.flatMap(end => json(end).applied ?? [])
    expect(applied).to.deep.equal(await migrationSource.getMigrations([]))
  })

  it('answers 4 while another holds the lock', async () => {
    await withClient(t.database.ownerUrl, async holder => {
      await holder.query('select pg_advisory_lock(7236001)')
      const end = await t.run('db:migrate')
      expect(end).to.include({ code: 4, stdout: '' })
      expect(end.stderr).to.match(/^Error: Another migration is running. It is pid \d+ \(test_owner\)/)
    })
  })
})

describe('cargoparts db:migrate, held up in the middle', function () {
  this.timeout(60_000)
  const t = useDatabase(EMPTY)

  /** Holds the name of a table that a migration is about to make, until `work` is over. */
  const holdingUp = (work: () => Promise<void>) =>
    withClient(t.database.ownerUrl, async holder => {
      await holder.query('begin')
      await holder.query('create table orders (id int)')
      await work()
      await holder.query('rollback')
    })

  const sessions = (state: string) =>
    withClient(t.database.ownerUrl, async client => {
      const { rows } = await client.query(
        `select from pg_stat_activity where application_name = 'cargoparts-migrate' and ${state}`,
      )
      return rows.length
    })

  it('gives up after a while, so that nobody queues behind it, and exits 4', async () => {
    await holdingUp(async () => {
      const end = await t.run('db:migrate', '--retries', '0', '--json')
      expect(end.code).to.equal(4)
      expect(envelope(end)).to.include({ kind: 'conflict', code: 'db.migration_blocked' })
      expect(envelope(end).message).to.match(/In its way:\n {2}pid \d+ \(test_owner\), idle in transaction/)
    })
    // each is a transaction of its own: those before the one that makes orders stay
    const names = await migrationSource.getMigrations([])
    expect(json(await t.run('db:status', '--json')).applied).to.deep.equal(names.slice(0, 2))
  })

  it('killed while it waits, leaves whole migrations only, and a later run ends the work', async () => {
    await holdingUp(async () => {
      const child = spawn(process.execPath, [BIN, 'db:migrate'], { env: t.env, stdio: 'pipe' })
      const end = ended(child)
      expect(await waitFor(async () => (await sessions("wait_event_type = 'Lock'")) > 0, 15_000)).to.equal(
        true,
      )
      child.kill('SIGKILL')
      await end
    })
    expect(await waitFor(async () => (await sessions('true')) === 0, 15_000)).to.equal(true)
    expect((await t.run('db:migrate')).code).to.equal(0)
    const status = json(await t.run('db:status', '--json'))
    expect(status).to.deep.equal({
      applied: await migrationSource.getMigrations([]),
      pending: [],
      unknown: [],
    })
  })
})

describe('cargoparts db:rollback', function () {
  this.timeout(60_000)
  const t = useDatabase()
  const applied = (): Promise<string[]> =>
    withClient(t.database.ownerUrl, async client => {
      const { rows } = await client.query('select name from knex_migrations order by id')
      return rows.map(({ name }) => name)
    })

  it('without a terminal and without --confirm exits 5 and changes nothing', async () => {
    const before = await applied()
    const end = await t.run('db:rollback')
    expect({ code: end.code, stdout: end.stdout }).to.deep.equal({ code: 5, stdout: '' })
    expect(end.stderr).to.match(new RegExp(`--confirm ${t.name}`))
    const inJson = await t.run('db:rollback', '--json')
    expect(inJson.code).to.equal(5)
    expect(envelope(inJson)).to.include({ kind: 'invalid', code: 'cli.not_confirmed' })
    expect(await applied()).to.deep.equal(before).and.not.empty
  })

  it('with another name exits 5 and changes nothing', async () => {
    const before = await applied()
    for (const name of ['production', '', `${t.name}x`])
      expect((await t.run('db:rollback', '--confirm', name)).code, name).to.equal(5)
    expect(await applied()).to.deep.equal(before)
  })

  it('at a terminal asks, and takes nothing but the name', async () => {
    const before = await applied()
    const asks = new RegExp(`Type ${t.name} to go on`)
    expect((await atTerminal(['db:rollback'], t.env, asks, 'yes\r')).code).to.equal(5)
    expect((await atTerminal(['db:rollback'], t.env, asks, '\r')).code).to.equal(5)
    expect(await applied()).to.deep.equal(before)
  })

  it('left with Ctrl-C at the prompt exits 130 and changes nothing', async () => {
    const before = await applied()
    const end = await atTerminal(['db:rollback'], t.env, /Type/, INTERRUPT)
    expect(end.code, end.stdout).to.equal(130)
    expect(end.stdout).to.include('Interrupted; nothing was done.')
    expect(end.stdout).to.not.match(/ {4}at /)
    expect(await applied()).to.deep.equal(before)
  })

  for (const NODE_ENV of ['production', 'staging']) {
    it(`in ${NODE_ENV} exits 4, whatever is confirmed`, async () => {
      const before = await applied()
      const env = { ...t.env, NODE_ENV }
      const end = await cargoparts(['db:rollback', '--confirm', t.name, '--json'], env)
      expect(end.code).to.equal(4)
      expect(envelope(end)).to.include({ kind: 'conflict', code: 'db.forward_only' })
      expect(await applied()).to.deep.equal(before)
    })
  }

  it('with the right name undoes the last batch, down to nothing to undo', async () => {
    const before = await applied()
    const end = await atTerminal(['db:rollback'], t.env, /Type/, `${t.name}\r`)
    expect(end.code, end.stdout).to.equal(0)
    expect(await applied()).to.be.empty
    for (const name of before) expect(end.stdout).to.include(name)
    const again = await t.run('db:rollback', '--confirm', t.name)
    expect(again).to.deep.equal({ code: 0, stdout: 'There is nothing to undo.\n', stderr: '' })
  })
})

describe('cargoparts db:seed', function () {
  this.timeout(60_000)
  const t = useDatabase(EMPTY)
  const rows = (added: Record<string, number>) => Object.values(added).reduce((sum, n) => sum + n, 0)

  it('before the schema is there says so, with 4', async () => {
    const end = await t.run('db:seed')
    expect({ code: end.code, stdout: end.stdout }).to.deep.equal({ code: 4, stdout: '' })
    expect(end.stderr)
      .to.match(/^Error: The schema is not up to date .*db:migrate/)
      .and.not.match(/ {4}at /)
  })

  it('loads reference data, and a second time adds nothing', async () => {
    await t.run('db:migrate')
    const first = json(await t.run('db:seed', '--json')).added
    expect(first.makes).to.equal(92)
    expect(first.categories).to.be.above(10)
    const second = await t.run('db:seed')
    expect(second).to.deep.equal({
      code: 0,
      stdout: 'makes: 0 added\ncategories: 0 added\nmodels: 0 added\nengines: 0 added\nsynonyms: 0 added\n',
      stderr: '',
    })
  })

  it('--demo loads the demo shop, and a second time adds nothing', async () => {
    const first = json(await t.run('db:seed', '--demo', '--json')).added
    expect(first).to.include({ makes: 0, sellers: 5, listings: 200 })
    expect(rows(json(await t.run('db:seed', '--demo', '--json')).added)).to.equal(0)
  })

  for (const NODE_ENV of ['production', 'staging']) {
    it(`--demo in ${NODE_ENV} exits 4; reference data may load there`, async () => {
      const env = { ...t.env, NODE_ENV }
      const end = await cargoparts(['db:seed', '--demo', '--json'], env)
      expect(end.code).to.equal(4)
      expect(envelope(end)).to.include({ kind: 'conflict', code: 'seeds.production' })
      expect((await cargoparts(['db:seed'], env)).code).to.equal(0)
    })
  }
})

describe('cargoparts and a database that is not there', function () {
  this.timeout(60_000)
  const t = useDatabase()
  const PASSWORD = 'a-password-nobody-may-see'
  const at = (over: Partial<Record<'port' | 'pathname' | 'username', string>>) => {
    const url = Object.assign(new URL(t.database.ownerUrl), { password: PASSWORD, ...over })
    return { ...t.env, DATABASE_URL: url.href, DATABASE_OWNER_URL: url.href }
  }

  const wrongs: [string, () => Env][] = [
    ['nobody listens', () => at({ port: '1' })],
    ['the password is wrong', () => at({})],
    ['the role is unknown', () => at({ username: 'stranger' })],
    [
      'the host is unknown',
      () => ({
        ...at({}),
        DATABASE_URL: `postgres://a:${PASSWORD}@db.invalid/x`,
        DATABASE_OWNER_URL: `postgres://a:${PASSWORD}@db.invalid/x`,
      }),
    ],
  ]
  for (const [what, env] of wrongs) {
    it(`${what}: exits 7 in one sentence, without the password`, async () => {
      const asked = [['db:status'], ['db:migrate', '--json'], ['webhooks:list']]
      const [status, migrate, list] = (await Promise.all(asked.map(args => cargoparts(args, env())))) as [
        Ended,
        Ended,
        Ended,
      ]
      for (const { code, stdout, stderr } of [status, list]) {
        expect({ code, stdout }, stderr).to.deep.equal({ code: 7, stdout: '' })
        expect(stderr)
          .to.match(/^Error: .+\n$/)
          .and.not.include(PASSWORD)
      }
      expect({ code: migrate.code, stderr: migrate.stderr }).to.deep.equal({ code: 7, stderr: '' })
      expect(envelope(migrate).kind).to.equal('unavailable')
      expect(migrate.stdout).to.not.include(PASSWORD)
    })
  }

  it('has no such database: exits 7', async () => {
    const env = { ...t.env, DATABASE_URL: t.database.url.replace(t.name, 'no_such_database') }
    const end = await cargoparts(['webhooks:list'], env)
    expect(end.code, end.stderr).to.equal(7)
    expect(end.stderr)
      .to.match(/no_such_database/)
      .and.not.include(APP.password)
  })

  it('is named badly: exits 5 and shows no value', async () => {
    const end = await cargoparts(['db:status'], {
      ...t.env,
      DATABASE_URL: `mysql://root:${OWNER.password}@x/y`,
    })
    expect(end.code).to.equal(5)
    expect(end.stderr)
      .to.match(/DATABASE_URL must be a URL/)
      .and.not.include(OWNER.password)
  })
})
