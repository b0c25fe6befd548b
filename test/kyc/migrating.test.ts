import { expect } from 'chai'
import type { Knex } from 'knex'
import { createDatabase, type Db } from '../../api/platform/database.js'
import { newId } from '../../api/platform/ids.js'
import { migrationSource } from '../../api/platform/migrate.js'
import { cloneDatabase, type TestDatabase } from '../support/database.js'

const THIS = '20261127110000_kyc'

describe('sellers from before the verification', () => {
  let database: TestDatabase
  let db: Db
  before(async () => {
    database = await cloneDatabase('template1')
    db = createDatabase({ url: database.ownerUrl, application: 'test', poolMin: 0, acquireMs: 10_000 })
  })
  after(async () => {
    await db?.destroy()
    await database?.drop()
  })

  it('keep what they are: whoever sold sells on, for a season; whoever waited begins', async () => {
    const names = await migrationSource.getMigrations([])
    const migration = async (name: string): Promise<Knex.Migration> => migrationSource.getMigration(name)
    for (const name of names.filter(name => name < THIS))
      await db.transaction(async trx => (await migration(name)).up(trx))
    const ids = new Map<string, string>()
    for (const [at, status] of ['PENDING', 'APPROVED', 'SUSPENDED'].entries()) {
      const [user, seller] = [newId(), newId()]
      ids.set(status, seller)
      const person = {
        id: user,
        email: `${at}@example.sa`,
        name: 'x',
        password_hash: 'x',
        consent_version: '1',
      }
      await db('users').insert(person)
      await db('sellers').insert({
        ...{ id: seller, owner_id: user, trade_name: 'x', legal_name: 'x', city: 'x' },
        ...{ cr_number: `101000000${at}`, status },
      })
    }
    await db.transaction(async trx => (await migration(THIS)).up(trx))
    const left = db.raw('verified_until - current_date as left')
    const rows = await db('sellers').select('id', 'status', 'sells', 'approved_at', left)
    const of = (status: string) => rows.find(({ id }) => id === ids.get(status))
    expect(of('PENDING')).to.include({ status: 'DRAFT', sells: false, approved_at: null, left: null })
    expect(of('APPROVED')).to.include({ status: 'APPROVED', sells: true, left: 90 })
    expect(of('SUSPENDED')).to.include({ status: 'SUSPENDED', sells: false })

    await db.transaction(async trx => (await migration(THIS)).down?.(trx))
    const again = await db('sellers').orderBy('cr_number').pluck('status')
    expect(again).to.deep.equal(['PENDING', 'APPROVED', 'SUSPENDED'])
  })
})
