import { expect } from 'chai'
import { INDEXES } from '../../api/platform/indexes.js'
import { cargoparts, type Env, envelope, json, operatorEnvironment } from '../support/command.js'
import { cloneDatabase, type TestDatabase } from '../support/database.js'
import { withClient } from '../support/template.js'

describe('cargoparts indexes:create', function () {
  this.timeout(60_000)
  let database: TestDatabase
  let env: Env
  const create = (...flags: string[]) => cargoparts(['indexes:create', ...flags], env)
  const owner = (sql: string) => withClient(database.ownerUrl, client => client.query(sql))
  const names = INDEXES.map(({ name }) => name)

  before(async () => {
    database = await cloneDatabase()
    env = operatorEnvironment({ DATABASE_URL: database.url, DATABASE_OWNER_URL: database.ownerUrl })
  })
  after(() => database?.drop())

  it('finds all of them there', async () => {
    const end = await create()
    expect(end).to.deep.equal({
      code: 0,
      stdout: `0 built, 0 rebuilt, ${names.length} present already.\n`,
      stderr: '',
    })
  })

  it('builds what is missing, progress on stderr', async () => {
    await owner('drop index idx_orders_hold; drop index idx_payments_provider_external')
    const end = await create()
    expect(end).to.include({ code: 0, stdout: `2 built, 0 rebuilt, ${names.length - 2} present already.\n` })
    expect(end.stderr).to.match(/^\d+\/\d+ idx_orders_hold\n\d+\/\d+ idx_payments_provider_external\n$/)
  })

  it('finds one that was left invalid, and builds it again', async () => {
    await owner('drop index idx_sessions_user_expires')
    // a unique build over equal rows fails, and leaves its index invalid, as one that was cut off does
    await owner(
      `insert into makes (id, name_ar, name_en) values ('twin-1', 'س', 'same'), ('twin-2', 'س', 'same')`,
    )
    const failed = await owner(
      'create unique index concurrently idx_sessions_user_expires on makes (name_en)',
    ).catch(error => error.code)
    expect(failed).to.equal('23505')
    const end = await create('--json')
    expect(json(end).built).to.deep.equal([])
    expect(json(end).rebuilt).to.deep.equal(['idx_sessions_user_expires'])
    const { rows } = await owner(`
      select indrelid::regclass::text as "table", indisvalid as valid
      from pg_index where indexrelid = 'idx_sessions_user_expires'::regclass`)
    expect(rows).to.deep.equal([{ table: 'sessions', valid: true }])
  })

  it('may be repeated', async () => {
    expect(json(await create('--json')).present).to.deep.equal(names)
  })

  it('answers 4 while another run builds', async () => {
    await withClient(database.ownerUrl, async holder => {
      await holder.query('select pg_advisory_lock(7236002)')
      const end = await create('--json')
      expect(end.code).to.equal(4)
      expect(envelope(end)).to.include({ kind: 'conflict', code: 'indexes.running' })
    })
  })

  it('run twice at once ends with every index there and valid', async () => {
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
})
