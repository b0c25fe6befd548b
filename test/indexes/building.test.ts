import { spawn } from 'node:child_process'
import { expect } from 'chai'
import pg from 'pg'
import type { AppError } from '../../api/platform/errors.js'
import { type BuildEvent, createIndexes, INDEXES, type IndexSpec } from '../../api/platform/indexes.js'
import { describeSession, withoutValues } from '../../api/platform/sessions.js'
import { Interrupted } from '../../cli/interrupting.js'
import { BIN, operatorEnvironment } from '../support/command.js'
import { cloneDatabase, type TestDatabase } from '../support/database.js'
import { withClient } from '../support/template.js'

// the driver's types leave it out
const pidOf = (client: pg.Client) => (client as pg.Client & { processID: number }).processID
const HOLD = INDEXES.find(({ name }) => name === 'idx_orders_hold') as IndexSpec

describe('building indexes on a database in use', function () {
  this.timeout(60_000)
  let database: TestDatabase
  /** Somebody's psql, in the middle of a transaction that has written to orders. */
  let somebody: pg.Client
  const owner = (sql: string) => withClient(database.ownerUrl, async client => (await client.query(sql)).rows)
  const standing = async (name: string) =>
    (await owner(`select indisvalid as valid from pg_index where indexrelid = to_regclass('${name}')`))[0]

  /** An event handler that keeps what it is told, and the first of a kind as a promise. */
  function listener() {
    const events: BuildEvent[] = []
    const waiting: { isIt(event: BuildEvent): boolean; resolve(event: BuildEvent): void }[] = []
    return {
      events,
      on(event: BuildEvent) {
        events.push(event)
        for (const each of waiting) if (each.isIt(event)) each.resolve(event)
      },
      first: (isIt: (event: BuildEvent) => boolean) =>
        new Promise<BuildEvent>(resolve => void waiting.push({ isIt, resolve })),
    }
  }
  const names = (pid: number) => (event: BuildEvent) =>
    event.kind === 'progress' && event.waitsFor.some(session => session.pid === pid)

  before(async () => {
    database = await cloneDatabase()
  })
  beforeEach(async () => {
    await owner('drop index if exists idx_orders_hold')
    somebody = new pg.Client({ connectionString: database.ownerUrl, application_name: 'psql' })
    await somebody.connect()
    await somebody.query(`begin; update orders set carrier = 'secret of a buyer' where false`)
  })
  afterEach(() => somebody.end())
  after(() => database?.drop())

  it('waits for who is in the way, however short a lock time-out the role has, names them, and holds up no write', async () => {
    const impatient = new URL(database.ownerUrl)
    impatient.searchParams.set('options', '-c lock_timeout=50')
    const told = listener()
    const named = told.first(names(pidOf(somebody)))
    const building = createIndexes(impatient.href, { indexes: [HOLD], onEvent: told.on })
    const event = await named
    const [session] = event.kind === 'progress' ? event.waitsFor : []
    if (!session) throw new Error('nobody was named')
    expect(describeSession(session)).to.match(
      /^pid \d+ \(test_owner, psql\), idle in transaction for \d+ s: begin; update orders set carrier = \? where false$/,
    )
    // the waiting build is behind somebody; a write is behind nobody
    await owner(`set statement_timeout = '2s'; update orders set carrier = 'x' where false`)
    await somebody.query('commit')
    expect(await building).to.deep.include({ built: [HOLD.name], rebuilt: [], failed: [] })
    expect(await standing(HOLD.name)).to.deep.equal({ valid: true })
  })

  it('interrupted, takes back what it began', async () => {
    const control = new AbortController()
    const told = listener()
    const named = told.first(names(pidOf(somebody)))
    const building = createIndexes(database.ownerUrl, {
      indexes: [HOLD],
      onEvent: told.on,
      signal: control.signal,
    }).catch((error: Error) => error)
    await named
    control.abort(new Interrupted('enough'))
    const isBuilding = `select from pg_stat_activity where datname = current_database() and query like 'create index%' and state = 'active'`
    while ((await owner(isBuilding)).length > 0) await owner('select pg_sleep(0.02)')
    await somebody.query('rollback')
    expect(await building).to.be.an.instanceOf(Interrupted)
    expect(await standing(HOLD.name)).to.equal(undefined)
  })

  it('killed, leaves something that the next run builds again', async () => {
    const env = operatorEnvironment({ DATABASE_URL: database.url, DATABASE_OWNER_URL: database.ownerUrl })
    const killed = spawn(process.execPath, [BIN, 'indexes:create'], {
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const said = new Promise<string>(resolve => {
      let text = ''
      killed.stderr.on('data', chunk => {
        text += String(chunk)
        if (/waits for pid/.test(text)) resolve(text)
      })
    })
    expect(await said).to.match(
      /^\d+\/\d+ idx_orders_hold\n {2}waits for pid \d+ \(test_owner, psql\), idle in transaction/,
    )
    killed.kill('SIGKILL')
    // the server goes on for a moment, and keeps the lock as long: a second run is told so, and harms nothing
    const isHim = names(pidOf(somebody))
    const again = () =>
      createIndexes(database.ownerUrl, {
        indexes: [HOLD],
        // dropping what is left waits for him, too
        onEvent: event => void (isHim(event) && somebody.query('commit')),
      }).catch((error: AppError) => error.code)
    expect(await again()).to.equal('indexes.running')
    expect(await standing(HOLD.name)).to.deep.equal({ valid: false })
    let end = await again()
    while (end === 'indexes.running') end = await again()
    expect(end).to.deep.include({ built: [], rebuilt: [HOLD.name], present: [] })
    expect(await standing(HOLD.name)).to.deep.equal({ valid: true })
  })

  it('lets somebody who builds the same one by hand finish', async () => {
    const byHand = owner(`create index concurrently ${HOLD.name} on orders ${HOLD.on}`)
    while (!(await standing(HOLD.name))) await owner('select pg_sleep(0.02)')
    const told = listener()
    const elsewhere = told.first(event => event.kind === 'elsewhere')
    const building = createIndexes(database.ownerUrl, { indexes: [HOLD], onEvent: told.on })
    await elsewhere
    await somebody.query('commit')
    await byHand
    expect(await building).to.deep.include({ built: [], rebuilt: [], present: [HOLD.name] })
  })

  it('replaces one that is declared otherwise by its successor', async () => {
    await somebody.query('commit')
    await createIndexes(database.ownerUrl, { indexes: [HOLD] })
    const changed = { ...HOLD, on: "(hold_expires_at, id) where status = 'PENDING'" }
    // a run before was cut off after the successor was built
    await owner(`create index ${HOLD.name}_next on orders ${changed.on}`)
    const report = await createIndexes(database.ownerUrl, { indexes: [changed] })
    expect(report.rebuilt).to.deep.equal([HOLD.name])
    expect(await standing(`${HOLD.name}_next`)).to.equal(undefined)
    const [{ definition }] = await owner(`select pg_get_indexdef('${HOLD.name}'::regclass) as definition`)
    expect(definition).to.include('(hold_expires_at, id)')
    expect((await createIndexes(database.ownerUrl, { indexes: [changed] })).present).to.deep.equal([
      HOLD.name,
    ])
    expect((await createIndexes(database.ownerUrl, { indexes: [HOLD] })).rebuilt).to.deep.equal([HOLD.name])
  })

  it('says which cannot be built and why, leaves nothing of it, and builds the others', async () => {
    await somebody.query('commit')
    await owner(
      `insert into makes (id, name_ar, name_en) values ('twin-1', 'س', 'same'), ('twin-2', 'س', 'same')`,
    )
    const twins: IndexSpec = {
      ...HOLD,
      name: 'idx_makes_twins',
      table: 'makes',
      on: '(name_en)',
      unique: true,
    }
    const report = await createIndexes(database.ownerUrl, { indexes: [twins, HOLD] })
    expect(report.failed).to.deep.equal([
      { name: twins.name, reason: 'rows have equal keys, so it cannot be unique' },
    ])
    expect(report.built).to.deep.equal([HOLD.name])
    expect(await standing(twins.name)).to.equal(undefined)
  })

  it('ends one that takes longer than it may, and leaves nothing of it', async () => {
    const slow = createIndexes(database.ownerUrl, { indexes: [HOLD], buildMs: 300 })
    // the time is over before this; then what is left is dropped as soon as nobody is in the way
    await owner('select pg_sleep(0.6)')
    await somebody.query('commit')
    const { failed } = await slow
    expect(failed.map(({ reason }) => reason)).to.deep.equal([
      'it took longer than it may (or somebody cancelled it); what it left is dropped',
    ])
    expect(await standing(HOLD.name)).to.equal(undefined)
  })
})

describe('a session’s statement, as operators see it', () => {
  for (const [sql, shown] of [
    [
      "select * from users where email = 'a@b.sa' and id = 17",
      'select * from users where email = ? and id = ?',
    ],
    ["update t set a = 'it''s' -- who?\n where b = $1", 'update t set a = ? where b = $1'],
    ['do $x$ secret $x$', 'do ?'],
    ["select 'not ended", 'select ?'],
    ["select e'it\\'s' /* a */", 'select ?'],
    ['select a1, b2 from t9 limit 3.5', 'select a1, b2 from t9 limit ?'],
  ] as const)
    it(`${shown} has no value in it`, () => expect(withoutValues(sql)).to.equal(shown))
})
