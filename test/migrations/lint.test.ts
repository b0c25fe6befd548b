import { expect } from 'chai'
import { migrationSource } from '../../api/platform/migrate.js'
import { lintMigrations } from '../../api/platform/migrations/lint/lint.js'
import { RULES } from '../../api/platform/migrations/lint/rules.js'
import type { Migration } from '../../api/platform/migrations/source.js'
import { cargoparts, envelope, json, operatorEnvironment } from '../support/command.js'
import { cloneDatabase, type TestDatabase } from '../support/database.js'
import { madeUp, sending } from '../support/migrations.js'
import { withClient } from '../support/template.js'

const NAME = '29990101000000_wanted'

describe('judging migrations', function () {
  this.timeout(60_000)
  let database: TestDatabase
  const owner = (sql: string) => withClient(database.ownerUrl, client => client.query(sql))
  const judged = async (own: Record<string, Migration>, assumedRows = 1_000_000) =>
    (await lintMigrations(database.ownerUrl, { source: madeUp(migrationSource, own), assumedRows })).findings
  const rulesOf = async (...statements: string[]) =>
    (await judged({ [NAME]: sending(statements) })).map(({ rule, severity }) => `${rule} ${severity}`)

  before(async () => {
    database = await cloneDatabase()
    await owner(`alter table users add constraint has_name check (name is not null) not valid;
      alter table users alter column name drop not null; alter table users validate constraint has_name;
      alter table users add column nickname varchar(20); create type mood as enum ('fine');
      create function standing_there() returns text language sql as 'delete from orders; select null::text'`)
  })
  after(() => database?.drop())

  // what it says, and the statements that it says it of
  const DANGEROUS: [rule: string, ...statements: string[]][] = [
    ['index-blocks-writes', 'create index on listings (brand)'],
    ['index-blocks-writes', 'create unique index x on public.listings (brand)'],
    ['index-drop-locks', 'drop index idx_orders_hold'],
    ['column-rewrites', 'alter table orders add column token uuid not null default gen_random_uuid()'],
    ['column-rewrites', 'alter table orders add column place bigserial'],
    ['column-rewrites', 'alter table orders add column place bigint generated always as identity'],
    [
      'column-rewrites',
      'alter table orders add column twice bigint generated always as (total_halalas * 2) stored',
    ],
    ['column-without-default', 'alter table orders add column note text not null'],
    ['column-without-default', 'alter table orders add column note text not null default null'],
    ['type-change', 'alter table orders alter column carrier type varchar(40)'],
    ['not-null-scans', 'alter table orders alter column carrier set not null'],
    ['check-scans', "alter table orders add check (carrier <> '')"],
    ['check-scans', "alter table orders add column note text check (note <> '')"],
    [
      'check-narrows',
      "alter table challenges drop constraint challenges_purpose_check, add constraint challenges_purpose_check check (purpose in ('EMAIL', 'PHONE', 'PASSWORD_RESET', 'LOGIN')) not valid",
    ],
    ['foreign-key-scans', 'alter table orders add constraint x foreign key (carrier) references makes'],
    ['unique-blocks', 'alter table orders add unique (tracking_number)'],
    ['unique-blocks', 'alter table orders add column note text unique'],
    ['exclude-blocks', 'alter table orders add exclude using gist (hold_expires_at with =)'],
    [
      'validate-with-add',
      "alter table orders add constraint x check (carrier <> '') not valid",
      'alter table orders validate constraint x',
    ],
    ['table-rewrites', 'alter table orders set unlogged'],
    ['data-change', "update listings set brand = ''"],
    ['data-change', 'delete from sessions where expires_at < now()'],
    ['data-change', 'insert into notifications select * from notifications'],
    ['data-change', 'merge into makes m using makes n on m.id = n.id when matched then delete'],
    ['data-change', 'with gone as (delete from orders returning id) select id from gone'],
    ['locks-table', 'lock table orders'],
    ['locks-table', 'vacuum full orders'],
    ['locks-table', 'reindex table orders'],
    ['locks-table', 'reindex index idx_orders_hold'],
    ['locks-table', 'cluster orders using orders_pkey'],
    ['drop-column', 'alter table orders drop column carrier'],
    ['drop-table', 'drop table if exists notifications'],
    [
      'drop-code',
      'drop function find_listings(tsquery, tsquery, boolean, boolean, bigint, integer, bigint, integer, integer, text, bigint, bigint, uuid, boolean, timestamptz, text)',
    ],
    ['drop-code', 'drop type mood'],
    ['rename', 'alter table orders rename column carrier to courier'],
    ['rename', 'alter table orders rename to purchases'],
    ['rename', 'alter function near_words(text) rename to words_near'],
    ['truncate', 'truncate notifications'],
    ['lock-timeout-off', 'set local lock_timeout = 0'],
    ['lock-timeout-off', "select set_config('lock_timeout', '0', true)"],
    ['not-readable', 'alter tabel orders'],
  ]
  for (const [rule, ...statements] of DANGEROUS)
    it(`finds ${rule} in: ${statements.at(-1)?.slice(0, 70)}`, async () => {
      expect(await rulesOf(...statements)).to.deep.equal([`${rule} danger`])
    })

  it('finds CONCURRENTLY where it cannot run: in a transaction, and beside others in one query', async () => {
    const index = 'create index concurrently x on listings (brand)'
    expect(await rulesOf(index)).to.deep.equal([
      'concurrently-in-transaction danger',
      'concurrently-in-migration danger',
    ])
    const config = { config: { transaction: false } }
    const outside = await judged({ [NAME]: sending([`${index}; select 1`], undefined, config) })
    expect(outside.map(({ rule }) => rule)).to.include('concurrently-in-transaction')
    const alone = await judged({ [NAME]: sending([index], undefined, config) })
    expect(alone.map(({ rule }) => rule)).to.deep.equal(['concurrently-in-migration'])
    // and it is so: PostgreSQL refuses both
    for (const query of [`begin; ${index}`, `select 1; ${index}`])
      expect(await owner(query).catch(error => error.code), query).to.equal('25001')
  })

  it('finds the clock in a predicate, which PostgreSQL refuses', async () => {
    for (const clock of ['now()', 'current_timestamp', 'pg_catalog.now()', "now() - interval '1 day'"]) {
      const index = `create index x on sessions (user_id) where expires_at > ${clock}`
      expect(await rulesOf(index), clock).to.include('predicate-not-immutable danger')
      expect(await owner(index).catch(error => error.code), clock).to.equal('42P17')
    }
  })

  it('finds several live tables locked at once, and types that cannot shrink', async () => {
    expect(
      await rulesOf('alter table orders drop column carrier', 'alter table listings drop column brand'),
    ).to.include('several-tables note')
    expect(await rulesOf("create type size as enum ('s', 'm')")).to.deep.equal(['enum-type note'])
  })

  const block = (body: string, declared = '') => `do $$ declare ${declared} begin ${body} end $$`
  // the same statements, behind whatever runs them
  const INSIDE: [rule: string, ...statements: string[]][] = [
    ['drop-table', block('drop table notifications;')],
    ['locks-table', block('lock table orders in access exclusive mode;')],
    [
      'type-change',
      block(
        "if exists (select 1 from orders where carrier = 'ا') then alter table orders alter column carrier type varchar(40); end if;",
      ),
    ],
    [
      'column-rewrites',
      block(
        'begin null; exception when others then alter table orders add column t uuid default gen_random_uuid(); end;',
      ),
    ],
    [
      'table-rewrites',
      block("case when now() > '2020-01-01' then null; else alter table orders set unlogged; end case;"),
    ],
    [
      'data-change',
      block(
        'for one in select * from orders loop update orders set carrier = null where id = one.id; end loop;',
        'one orders%rowtype;',
      ),
    ],
    [
      'data-change',
      block('perform (with gone as (delete from orders returning id) select count(*) from gone);'),
    ],
    ['truncate', "do language plpgsql 'begin truncate notifications; end'"],
    ['truncate', block("execute 'trun' || 'cate notifications';")],
    ['truncate', block('do $inner$ begin truncate notifications; end $inner$;')],
    ['lock-timeout-off', block("perform set_config('lock_timeout', '0', true);")],
    ['concurrently-in-transaction', block("execute 'create index concurrently x on gifts (id)';")],
    [
      'drop-table',
      'create function hide() returns void language plpgsql as $$ begin drop table notifications; end $$',
      'select hide()',
    ],
    [
      'drop-table',
      'create function hide() returns void language sql as $$ drop table notifications $$',
      block('perform hide();'),
    ],
    [
      'data-change',
      'create function hide() returns int begin atomic delete from orders; select 1; end',
      block('n := hide();', 'n int;'),
    ],
    [
      'data-change',
      'create procedure hide(n int) language plpgsql as $$ begin if n > 0 then delete from orders; call hide(n - 1); end if; end $$',
      'call hide(3)',
    ],
    ['data-change', 'select standing_there()'],
    ['data-change', 'update makes set name_en = standing_there() where false'],
    ['dynamic-sql', block("execute format('drop table %I', 'orders');")],
    [
      'dynamic-sql',
      block(
        "for one in execute 'select * from ' || which loop null; end loop;",
        "one record; which text := 'orders';",
      ),
    ],
    ['unseen-code', "do language plpython3u 'plpy.execute(1)'"],
    ['unseen-code', 'call of_nobody()'],
    ['unseen-code', block('zork;')],
    ['not-readable', block("execute 'alter tabel orders';")],
  ]
  for (const [rule, ...statements] of INSIDE)
    it(`finds ${rule} inside of: ${statements.join('; ').slice(0, 110)}`, async () => {
      const found = await judged({ [NAME]: sending(statements) })
      expect(found.map(({ rule, severity }) => `${rule} ${severity}`)).to.include(`${rule} danger`)
    })

  it('says where inside it stands, and quotes the statement itself', async () => {
    const [found, ...more] = await judged({
      [NAME]: sending([
        'create function hide() returns void language plpgsql as $$ begin drop table notifications; end $$',
        block('perform hide();'),
      ]),
    })
    expect(found).to.deep.include({ inside: ['do', 'hide()'], statement: 'drop table notifications' })
    expect(more).to.deep.equal([])
  })

  it('judges no code that does not run, and what can do no harm', async () => {
    for (const statement of [
      'create function later() returns void language plpgsql as $$ begin drop table orders; execute format($1); end $$',
      'create function later() returns int begin atomic with gone as (delete from orders returning id) select 1; end',
      block("raise notice 'drop table orders'; perform count(*) from orders; perform pg_sleep(0);"),
      block(
        'create table gifts (id int); update gifts set id = 1; alter table gifts add x uuid default gen_random_uuid();',
      ),
      block("execute 'alter table orders add column gift boolean not null default false';"),
      "select set_config('lock_timeout', '10s', true)",
      "select set_config('work_mem', '0', true)",
    ])
      expect(await rulesOf(statement), statement).to.deep.equal([])
  })

  it('finds what has no way back, or one that does nothing', async () => {
    const up = async () => undefined
    expect(
      (await judged({ [NAME]: { up } as Migration })).map(({ rule, about }) => [rule, about]),
    ).to.deep.equal([['no-down', 'there is none']])
    const empty = await judged({ [NAME]: sending(['create table gifts (id uuid)'], []) })
    expect(empty.map(({ about }) => about)).to.deep.equal(['it does nothing'])
    // as the rule of checks wants it: there is nothing to take back
    const validating =
      "set local lock_timeout = '10s'; alter table orders validate constraint orders_status_check"
    expect(await judged({ [NAME]: sending([validating], []) })).to.deep.equal([])
  })

  const HARMLESS = [
    'create table gifts (id uuid primary key, order_id uuid not null references orders, note text not null unique)',
    'alter table orders add column gift boolean not null default false',
    'alter table orders add column note text',
    'alter table orders add column at timestamptz not null default now()',
    'alter table orders add column wrap uuid references listings',
    "alter table orders add constraint x check (carrier <> '') not valid",
    'alter table orders add constraint x foreign key (carrier) references makes not valid',
    'alter table orders validate constraint orders_status_check',
    'alter table orders add constraint x unique using index orders_number_key',
    'alter table users alter column name set not null',
    'alter table users alter column nickname type text',
    "alter table orders alter column carrier set default ''",
    'alter index idx_orders_hold rename to idx_orders_held',
    'drop index concurrently if exists idx_orders_hold',
    "insert into makes (id, name_ar, name_en) values ('a', 'b', 'c')",
    "set local lock_timeout = '10s'",
    "alter table challenges drop constraint challenges_purpose_check, add constraint challenges_purpose_check check (purpose in ('EMAIL', 'PHONE', 'PASSWORD_RESET', 'LOGIN', 'INVITATION', 'GIFT')) not valid",
    'drop table if exists of_nobody',
    "comment on table orders is 'drop table orders; update orders set x = 1'",
    'create or replace function near_words(typed text) returns setof text language sql as $$ update orders set x = 1 $$',
    'update elsewhere.orders set carrier = null',
  ]
  for (const statement of HARMLESS)
    it(`has nothing against: ${statement.slice(0, 70)}`, async () => {
      expect(await rulesOf(statement)).to.deep.equal([])
    })

  it('lets a migration do as it likes with what it made, or one before it', async () => {
    const findings = await judged({
      [NAME]: sending([
        'create table gifts (id uuid, note text)',
        'create index on gifts (note)',
        'update gifts set note = null',
      ]),
      '29990101000001_later': sending(['alter table gifts drop column note', 'drop table gifts']),
    })
    expect(findings).to.deep.equal([])
  })

  it('judges by the size that the table has: a note where it is small, a danger where it is large', async () => {
    const update = { [NAME]: sending(['update spent_operations set spent_by = spent_by']) }
    const judgedLive = async () =>
      (await lintMigrations(database.ownerUrl, { source: madeUp(migrationSource, update) })).findings.map(
        ({ severity, rows }) => [severity, rows],
      )
    expect(await judgedLive()).to.deep.equal([['note', 0]])
    await owner(`insert into spent_operations (id, spent_by, expires_at)
      select gen_random_uuid(), gen_random_uuid(), now() from generate_series(1, 10000)`)
    await owner('analyze spent_operations')
    expect(await judgedLive()).to.deep.equal([['danger', 10_000]])
  })

  it('believes an author who says why', async () => {
    const accepted = { accepted: { 'drop-column': 'no release since 0.4 reads it' } }
    const [finding] = await judged({
      [NAME]: sending(['alter table orders drop column carrier'], undefined, accepted),
    })
    expect(finding).to.include({ severity: 'accepted', accepted: 'no release since 0.4 reads it' })
  })

  it('has a reason and a safe way for every rule', () => {
    for (const [name, { why, instead }] of Object.entries(RULES))
      for (const text of [why, instead]) expect(text.length, name).to.be.above(5)
  })

  describe('by command', () => {
    const env = () =>
      operatorEnvironment({ DATABASE_URL: database.url, DATABASE_OWNER_URL: database.ownerUrl })

    it('is content when none waits', async () => {
      expect(await cargoparts(['db:lint'], env())).to.deep.equal({
        code: 0,
        stdout: 'No migration is waiting.\n',
        stderr: '',
      })
    })

    it('exits 5 for a danger, each with the safe way beside it', async () => {
      // as though it had not run yet
      await owner("delete from knex_migrations where name = '20261127100000_back_office'")
      const calm = await cargoparts(['db:lint', '--json'], env())
      expect(calm.code).to.equal(0)
      expect(json(calm).findings[0]).to.include({ rule: 'data-change', severity: 'note', table: 'audit_log' })
      const end = await cargoparts(['db:lint', '--rows', '1000000', '--json'], env())
      expect(end.code).to.equal(5)
      expect(envelope(end).details.findings[0]).to.include({ severity: 'danger', rows: 1_000_000 })
      const shown = await cargoparts(['db:lint', '--rows', '1000000'], env())
      expect(shown.stdout).to.match(
        /^DANGER data-change in 20261127100000_back_office on audit_log, 1,000,000 rows$/m,
      )
      expect(shown.stdout).to.match(/^ {2}instead: a backfill: in batches/m)
      const script = await cargoparts(['db:migrate', '--dry-run'], env())
      expect(script.stdout).to.match(
        /^-- 20261127100000_back_office\n[\s\S]*alter table audit_log add column user_id uuid;/,
      )
      expect(await cargoparts(['db:lint', '--only', 'nothing', '--json'], env())).to.include({ code: 3 })
    })
  })
})
