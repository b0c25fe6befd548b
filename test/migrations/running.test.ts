import { expect } from 'chai'
import pg from 'pg'
import type { AppError } from '../../api/platform/errors.js'
import { type MigrateEvent, migrateDown, migrateUp, migrationSource } from '../../api/platform/migrate.js'
import { recordMigrations } from '../../api/platform/migrations/recorder.js'
import { cloneDatabase, type TestDatabase } from '../support/database.js'
import { madeUp, sending } from '../support/migrations.js'
import { APP, withClient } from '../support/template.js'

const NAME = '29990101000000_wanted'
const LATER = '29990101000001_later'

describe('running migrations on a database in use', function () {
  this.timeout(60_000)
  let database: TestDatabase
  let somebody: pg.Client
  const source = madeUp(migrationSource, {
    [NAME]: sending(['alter table orders add column gift boolean'], ['alter table orders drop column gift']),
    [LATER]: sending(['create table gifts (id uuid)'], ['drop table gifts']),
  })
  const owner = (sql: string) => withClient(database.ownerUrl, async client => (await client.query(sql)).rows)
  const run = (options: object) => migrateUp(database.ownerUrl, APP.name, { source, ...options })
  const applied = async () =>
    (await owner('select name from knex_migrations order by id')).map(row => row.name)

  before(async () => {
    database = await cloneDatabase()
    somebody = new pg.Client({ connectionString: database.url, application_name: 'psql' })
    await somebody.connect()
  })
  beforeEach(() => somebody.query('begin; select count(*) from orders'))
  afterEach(() => somebody.query('rollback'))
  after(async () => {
    await somebody?.end()
    await database?.drop()
  })

  it('give way to who holds a table, say who, and let those pass who came later', async () => {
    const events: MigrateEvent[] = []
    const before = await applied()
    const running = run({
      lockMs: 900,
      retries: 1,
      retryMs: 10,
      onEvent: (event: MigrateEvent) => void events.push(event),
    })
    const failure = await running.catch((error: AppError) => error)
    expect(failure).to.include({ kind: 'conflict', code: 'db.migration_blocked' })
    expect((failure as AppError).message).to.match(
      /In its way:\n {2}pid \d+ \(test_app, psql\), idle in transaction for \d+ s/,
    )
    expect(events.map(event => event.kind)).to.deep.equal([
      'begun',
      'waiting',
      'gave-way',
      'waiting',
      'gave-way',
    ])
    expect(await applied()).to.deep.equal(before)
    // nobody waits behind it any more
    await owner(`set statement_timeout = '1s'; select count(*) from orders`)
  })

  it('wait ten seconds for a lock where nobody says otherwise, whatever the role has', async () => {
    const told = madeUp(migrationSource, {
      [NAME]: sending(
        ["create table told as select current_setting('lock_timeout') as waits"],
        ['drop table told'],
      ),
    })
    await owner('alter role current_user set lock_timeout = 0')
    try {
      await migrateUp(database.ownerUrl, APP.name, { source: told })
      expect(await owner('select waits from told')).to.deep.equal([{ waits: '10s' }])
    } finally {
      await owner('alter role current_user reset lock_timeout')
      await migrateDown(database.ownerUrl, { source: told })
    }
  })

  it('go on as soon as the way is free', async () => {
    const running = run({
      lockMs: 300,
      retries: 50,
      retryMs: 10,
      onEvent: (event: MigrateEvent) =>
        void (event.kind === 'gave-way' && event.tries === 1 && somebody.query('commit')),
    })
    expect(await running).to.deep.equal([NAME, LATER])
    const batches = await owner(
      'select batch, count(*)::integer as count from knex_migrations group by 1 order by 1 desc limit 1',
    )
    expect(batches[0].count, 'of one run, one batch').to.equal(2)
    expect(await migrateDown(database.ownerUrl, { source })).to.deep.equal([LATER, NAME])
  })

  it('run twice at once by one of two', async () => {
    await somebody.query('commit')
    const ends = await Promise.all(
      [run({}), run({})].map(each => each.catch((error: AppError) => error.code)),
    )
    const won = ends.filter(end => typeof end !== 'string')
    expect(won.flat()).to.deep.equal([NAME, LATER])
    for (const end of ends) if (typeof end === 'string') expect(end).to.equal('db.migration_running')
    await migrateDown(database.ownerUrl, { source })
  })

  it('keep what was applied when one fails, and say which it was without its statement', async () => {
    await somebody.query('commit')
    const failing = madeUp(migrationSource, {
      [NAME]: sending(['create table gifts (id uuid)'], ['drop table gifts']),
      [LATER]: sending([`create table gift_wraps (id uuid)`, `insert into no_such_table values ('secret')`]),
    })
    const failure = (await run({ source: failing }).catch((error: AppError) => error)) as AppError
    expect(failure.code).to.equal('db.migration_failed')
    expect(failure.message).to.equal(
      `${LATER} failed and changed nothing: relation "no_such_table" does not exist. Those before it stay applied.`,
    )
    expect((await applied()).at(-1)).to.equal(NAME)
    expect(await owner(`select to_regclass('gift_wraps') as wraps`)).to.deep.equal([{ wraps: null }])
    await migrateDown(database.ownerUrl, { source: failing })
  })

  it('are copied first, and not begun where the copy fails', async () => {
    await somebody.query('commit')
    const before = await applied()
    const failure = await run({ before: () => Promise.reject(new Error('no room')) }).catch(
      (error: Error) => error.message,
    )
    expect(failure).to.equal('no room')
    expect(await applied()).to.deep.equal(before)
  })

  it('refuse a schema that a newer release made', async () => {
    await somebody.query('commit')
    await run({})
    const older = madeUp(migrationSource, { [LATER]: sending([]), '29990101000002_mine': sending([]) })
    const failure = await run({ source: older }).catch((error: AppError) => error.code)
    expect(failure).to.equal('db.newer_schema')
    await migrateDown(database.ownerUrl, { source })
  })

  describe('rehearsed', () => {
    const everything = () =>
      owner(`select (select count(*) from pg_class)::integer as relations, (select count(*) from pg_attribute)::integer as columns,
        (select count(*) from makes)::integer as makes`)

    it('print what they would send, with its values, and write nothing', async () => {
      const writing = madeUp(migrationSource, {
        [NAME]: {
          async up(db) {
            const { rows } = await db.raw('select count(*)::integer as count from makes')
            await db.raw(`comment on table makes is 'had ${rows[0].count > 0 ? 'some' : 'none'}'`)
            await db('makes').insert({ id: 'of-nobody', name_ar: `'"`, name_en: 'x' })
            await db.transaction(trx => trx.raw('update makes set name_en = ? where id = ?', ["it's", 'x']))
            await db.schema.alterTable('makes', table => void table.text('motto'))
            await db.raw(`select set_config('a.b', 'c', false), nextval('order_number_seq')`)
          },
          async down() {},
        },
      })
      const before = await everything()
      const [recorded] = await recordMigrations(database.ownerUrl, [NAME], 'up', writing)
      expect(recorded?.stoppedBy).to.equal(null)
      expect(recorded?.statements).to.deep.equal([
        "comment on table makes is 'had some'",
        `insert into "makes" ("id", "name_ar", "name_en") values ('of-nobody', '''"', 'x')`,
        "update makes set name_en = 'it''s' where id = 'x'",
        'alter table "makes" add column "motto" text',
        `select set_config('a.b', 'c', false), nextval('order_number_seq')`,
      ])
      expect(await everything()).to.deep.equal(before)
    })

    it('take no lock that others would wait behind', async () => {
      // the lock that the statement itself would wait for
      const [recorded] = await recordMigrations(database.ownerUrl, [NAME], 'up', source)
      expect(recorded?.statements).to.deep.equal(['alter table orders add column gift boolean'])
    })

    it('say where what is to come cannot be told', async () => {
      const reading = madeUp(migrationSource, {
        [NAME]: sending(['create table gifts (id uuid)', 'select * from gifts', 'drop table gifts']),
      })
      const [recorded] = await recordMigrations(database.ownerUrl, [NAME], 'up', reading)
      expect(recorded).to.deep.include({
        statements: ['create table gifts (id uuid)'],
        stoppedBy: 'relation "gifts" does not exist',
      })
    })

    it('are told whole for an empty database, which stays empty', async () => {
      const empty = await cloneDatabase('template1')
      try {
        const names = await migrationSource.getMigrations([])
        const recorded = await recordMigrations(empty.ownerUrl, names)
        expect(recorded.filter(({ stoppedBy }) => stoppedBy !== null)).to.deep.equal([])
        expect(recorded.flatMap(({ statements }) => statements).length).to.be.above(20)
        const { rows } = await withClient(empty.ownerUrl, client =>
          client.query(
            `select count(*)::integer as count from pg_class where relnamespace = 'public'::regnamespace`,
          ),
        )
        expect(rows).to.deep.equal([{ count: 0 }])
      } finally {
        await empty.drop()
      }
    })
  })
})
