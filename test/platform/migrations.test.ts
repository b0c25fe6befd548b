import { expect } from 'chai'
import type { Knex } from 'knex'
import { migrateDown, migrateUp, migrationSource } from '../../api/platform/migrate.js'
import { lintMigrations } from '../../api/platform/migrations/lint/lint.js'
import { cloneDatabase, type TestDatabase } from '../support/database.js'
import { APP, withClient } from '../support/template.js'

/** The schema in words: every column, constraint, index, sequence, function and trigger, and who may do what. */
const SCHEMA = `
  select format('column %s.%s %s %s %s', table_name, column_name, data_type, is_nullable, column_default) as line
    from information_schema.columns where table_schema = 'public'
  union all select format('constraint %s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
    from pg_constraint where connamespace = 'public'::regnamespace
  union all select format('index %s', indexdef) from pg_indexes where schemaname = 'public'
  union all select format('sequence %s %s', sequencename, start_value) from pg_sequences where schemaname = 'public'
  union all select format('function %s', pg_get_functiondef(p.oid)) from pg_proc p
    where pronamespace = 'public'::regnamespace
      and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
  union all select format('trigger %s', pg_get_triggerdef(oid)) from pg_trigger where not tgisinternal
  union all select format('type %s', typname) from pg_type t where typnamespace = 'public'::regnamespace
      and not exists (select from pg_depend d where d.objid = t.oid and d.deptype = 'e')
      and typname not like '\\_%'
  union all select format('grant %s %s %s', table_name, grantee, privilege_type)
    from information_schema.role_table_grants where table_schema = 'public'
  order by line`

describe('the migrations', function () {
  this.timeout(60_000)
  let database: TestDatabase
  let empty: string[]
  const schema = () =>
    withClient(database.ownerUrl, async client => {
      const { rows } = await client.query<{ line: string }>(SCHEMA)
      return rows.map(({ line }) => line)
    })
  /** knex's own two tables outlive a rollback. */
  const withoutHistory = (lines: string[]) => lines.filter(line => !line.includes('knex_migrations'))

  before(async () => {
    database = await cloneDatabase('template1')
    empty = await schema()
  })
  after(() => database?.drop())

  it('are no danger to a first install, which db:lint judges before it goes on', async () => {
    const { judged, findings } = await lintMigrations(database.ownerUrl)
    expect(judged).to.deep.equal(await migrationSource.getMigrations([]))
    expect(findings.filter(({ severity }) => severity === 'danger')).to.deep.equal([])
    expect(withoutHistory(await schema())).to.deep.equal(empty)
  })

  it('go up from empty, down to empty, and up to the same schema', async () => {
    const all = await migrationSource.getMigrations([])
    expect(await migrateUp(database.ownerUrl, APP.name)).to.deep.equal(all)
    const first = await schema()
    expect(first.length).to.be.above(200)

    expect(await migrateDown(database.ownerUrl)).to.deep.equal([...all].reverse())
    expect(withoutHistory(await schema())).to.deep.equal(empty)

    expect(await migrateUp(database.ownerUrl, APP.name)).to.deep.equal(all)
    expect(await schema()).to.deep.equal(first)
  })

  it('are named by the time they were written, without extension, each with a way up and down', async () => {
    const names = await migrationSource.getMigrations([])
    expect(names).to.deep.equal([...names].sort())
    for (const name of names) {
      expect(name).to.match(/^\d{14}_[a-z_]+$/)
      const migration: Knex.Migration = await migrationSource.getMigration(name)
      expect(migration.up, name).to.be.a('function')
      expect(migration.down, name).to.be.a('function')
    }
  })
})
