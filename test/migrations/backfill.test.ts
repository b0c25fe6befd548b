import { expect } from 'chai'
import pg from 'pg'
import { BACKFILLS, type Backfill } from '../../api/platform/backfills/list.js'
import { backfill, backfillStates } from '../../api/platform/backfills/run.js'
import type { AppError } from '../../api/platform/errors.js'
import { cargoparts, envelope, json, operatorEnvironment } from '../support/command.js'
import { cloneDatabase, type TestDatabase } from '../support/database.js'
import { withClient } from '../support/template.js'

const ROWS = 2_500
const MARK: Backfill = {
  name: 'mark',
  table: 'spent_operations',
  key: { column: 'id', type: 'uuid' },
  set: "expires_at = t.expires_at + interval '1 day'",
  where: 't.spent_by is not null',
  why: 'a test',
}

describe('backfills', function () {
  this.timeout(60_000)
  let database: TestDatabase
  const owner = (sql: string) => withClient(database.ownerUrl, async client => (await client.query(sql)).rows)
  /** How often each row was changed: once, or it is told twice what is said once. */
  const days = () =>
    owner(`select extract(day from expires_at - '2026-01-01Z')::integer as days, count(*)::integer as rows
    from spent_operations group by 1 order by 1`)
  const run = (options: object = {}) =>
    backfill(database.ownerUrl, 'mark', { backfills: [MARK], batch: 400, pauseMs: 0, ...options })

  before(async () => {
    database = await cloneDatabase()
  })
  beforeEach(() =>
    owner(`delete from backfills; delete from spent_operations;
      insert into spent_operations (id, spent_by, expires_at)
      select gen_random_uuid(), gen_random_uuid(), '2026-01-01Z' from generate_series(1, ${ROWS})`),
  )
  after(() => database?.drop())

  it('go through every row once, a batch a transaction', async () => {
    const batches: number[] = []
    const done = await run({ onProgress: ({ seen }: { seen: number }) => void batches.push(seen) })
    expect(done).to.deep.include({ seen: ROWS, changed: ROWS })
    expect(batches).to.deep.equal([400, 800, 1200, 1600, 2000, 2400, 2500])
    expect(await days()).to.deep.equal([{ days: 1, rows: ROWS }])
    const transactions = await owner(
      'select count(distinct xmin::text)::integer as count from spent_operations',
    )
    expect(transactions).to.deep.equal([{ count: 7 }])
  })

  it('stopped anywhere, go on there: no row is missed, none comes twice', async () => {
    for (const stopAt of [400, 1200]) {
      const control = new AbortController()
      const stopped = await run({
        signal: control.signal,
        onProgress: ({ seen }: { seen: number }) =>
          void (seen === stopAt && control.abort(new Error('enough'))),
      }).catch((error: Error) => error.message)
      expect(stopped).to.equal('enough')
      const [state] = await backfillStates(database.ownerUrl, [MARK])
      expect(state).to.include({ state: 'begun', seen: stopAt })
    }
    expect(await run()).to.include({ seen: ROWS, changed: ROWS })
    expect(await days()).to.deep.equal([{ days: 1, rows: ROWS }])
    // done is done, but for rows that came since; unless it is asked for
    expect(await run()).to.include({ seen: ROWS, changed: ROWS })
    await run({ again: true })
    expect(await days()).to.deep.equal([{ days: 2, rows: ROWS }])
  })

  it('keep neither a row nor a place of a batch that fails', async () => {
    const failing = {
      ...MARK,
      set: `spent_by = case when t.id = (select id from spent_operations order by id offset 1000 limit 1)
      then null::uuid else t.spent_by end`,
    }
    await run({ backfills: [failing] }).then(
      () => expect.fail('it did not fail'),
      error => expect(error.code).to.equal('23502'),
    )
    const [state] = await backfillStates(database.ownerUrl, [MARK])
    expect(state).to.include({ state: 'begun', seen: 800 })
  })

  it('wait for who has a row, and go on', async () => {
    const somebody = new pg.Client({ connectionString: database.ownerUrl })
    await somebody.connect()
    try {
      await somebody.query('begin; select from spent_operations for update')
      const running = run()
      while (
        !(
          await owner(
            `select from pg_stat_activity where application_name = 'cargoparts-backfill' and wait_event_type = 'Lock'`,
          )
        ).length
      );
      await somebody.query('commit')
      expect(await running).to.include({ changed: ROWS })
    } finally {
      await somebody.end()
    }
  })

  it('run one at a time', async () => {
    const ends = await Promise.all([run(), run()].map(each => each.catch((error: AppError) => error.code)))
    expect(ends.filter(end => end === 'backfills.running')).to.have.length(1)
    expect(await days()).to.deep.equal([{ days: 1, rows: ROWS }])
  })

  describe('by command', () => {
    const env = () =>
      operatorEnvironment({ DATABASE_URL: database.url, DATABASE_OWNER_URL: database.ownerUrl })

    it('give entries the account they are about, which the release before did not write down', async () => {
      const user = '0197a000-0000-7000-8000-000000000001'
      const session = '0197a000-0000-7000-8000-000000000002'
      await owner(`insert into users (id, email, name, password_hash, consent_version) values ('${user}', 'a@b.sa', 'x', 'x', 'x');
        insert into sessions (id, user_id, refresh_hash, last_used_at, expires_at) values ('${session}', '${user}', 'x', now(), now());
        insert into audit_log (id, actor_kind, action, object_type, object_id) values
          (gen_random_uuid(), 'user', 'a', 'user', '${user}'), (gen_random_uuid(), 'user', 'b', 'session', '${session}'),
          (gen_random_uuid(), 'user', 'c', 'order', '${user}'), (gen_random_uuid(), 'user', 'd', 'user', 'nobody'),
          (gen_random_uuid(), 'user', 'e', 'session', gen_random_uuid()::text)`)
      const end = await cargoparts(['db:backfill', 'audit_log_user', '--batch', '2', '--pause', '0'], env())
      expect(end.code, end.stderr).to.equal(0)
      expect(end.stdout).to.match(/^\d+ rows looked at, 2 changed\.\n$/)
      expect(await owner(`select action from audit_log where user_id = '${user}' order by 1`)).to.deep.equal([
        { action: 'a' },
        { action: 'b' },
      ])
      const list = json(await cargoparts(['db:backfill', '--json'], env()))
      expect(list.map(({ name, state }: { name: string; state: string }) => [name, state])).to.deep.equal(
        BACKFILLS.map(({ name }) => [name, name === 'audit_log_user' ? 'done' : 'new']),
      )
      const none = await cargoparts(['db:backfill', 'of_nothing', '--json'], env())
      expect([none.code, envelope(none).code]).to.deep.equal([3, 'backfills.not_found'])
    })

    it('are for the owner: who serves may look and not touch', async () => {
      const refused = await withClient(database.url, client => client.query('delete from backfills')).catch(
        error => error.code,
      )
      expect(refused).to.equal('42501')
    })
  })
})
