import { expect } from 'chai'
import { createDatabase, type Db } from '../../api/platform/database.js'
import { toAppError } from '../../api/platform/driver-errors.js'
import { useContext } from '../support/context.js'

describe('statements that come again', () => {
  const t = useContext()
  let db: Db
  const errorOf = (work: PromiseLike<unknown>) => Promise.resolve(work).catch(error => error)
  const prepared = async (): Promise<string[]> =>
    (await db.raw('select statement from pg_prepared_statements order by 1')).rows.map(
      (row: { statement: string }) => row.statement,
    )
  const times = async (count: number, ask: () => PromiseLike<unknown>) => {
    for (let n = 0; n < count; n++) await ask()
  }

  beforeEach(async () => {
    db = createDatabase({ url: t.ownerUrl, application: 'test', poolMin: 0, poolMax: 1 })
    await db.raw('create table thing (id integer primary key, note text)')
    await db('thing').insert({ id: 1, note: 'one' })
  })
  afterEach(async () => {
    await db.raw('drop table thing')
    await db.destroy()
  })

  it('are prepared, in a transaction and outside one, and answer as before', async () => {
    const ask = () => db('thing').where({ id: 1 }).first()
    await times(2, ask)
    expect(await prepared()).to.be.empty
    await ask()
    expect((await prepared()).filter(text => text.includes('"thing"'))).to.have.length(1)
    expect(await ask()).to.deep.equal({ id: 1, note: 'one' })
    await db.transaction(async trx => {
      expect(await trx('thing').where({ id: 1 }).first()).to.deep.equal({ id: 1, note: 'one' })
      await times(3, () => trx('thing').where({ id: 1 }).update({ note: 'two' }))
    })
    expect(await ask()).to.deep.equal({ id: 1, note: 'two' })
  })

  it('are not prepared where each is another one: lists of any length', async () => {
    for (let length = 1; length <= 60; length++) await db('thing').whereIn('id', [...Array(length).keys()])
    expect((await prepared()).filter(text => text.includes('"thing"'))).to.be.empty
  })

  it('stay few on a connection, however many there are', async () => {
    for (let n = 0; n < 400; n++) await times(3, () => db.raw(`select ${n} as n`))
    expect((await prepared()).length).to.be.within(290, 300)
  })

  it('survive a migration that changes what they give', async () => {
    const ask = () => db('thing').where({ id: 1 }).first()
    await times(4, ask)
    await db.raw('alter table thing add column more integer')
    expect(await ask()).to.deep.equal({ id: 1, note: 'one', more: null })
    await times(4, ask)
    expect(await ask()).to.deep.equal({ id: 1, note: 'one', more: null })
  })

  it('that a migration overtook inside a transaction are to be tried again, once', async () => {
    const work = () => db.transaction(trx => trx('thing').where({ id: 1 }).first())
    await times(4, work)
    await db.raw('alter table thing add column more integer')
    expect(toAppError(await errorOf(work()))).to.include({ kind: 'unavailable' })
    expect(await work()).to.deep.equal({ id: 1, note: 'one', more: null })
  })
})
