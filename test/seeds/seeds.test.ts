import { expect } from 'chai'
import { createPasswords } from '../../api/modules/auth/password.js'
import { AppError } from '../../api/platform/errors.js'
import { demoAccounts } from '../../seeds/demo-accounts.js'
import { type Added, seedAll, seedDemo } from '../../seeds/index.js'
import { engineRows, modelRows } from '../../seeds/reference/vehicles.js'
import { useContext } from '../support/context.js'
import { fingerprint } from './fingerprint.js'

const development = { demo: true, environment: 'development' }

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work
  } catch (error) {
    return error
  }
  throw new Error('it was not refused')
}

describe('seeds: reference data', () => {
  const t = useContext()

  it('loads in production, without a single demo row', async () => {
    await seedAll(t.ownerUrl, { demo: false, environment: 'production' })
    expect(await t.db('makes')).to.have.length(92)
    expect(await t.db('models'))
      .to.have.length(modelRows.length)
      .above(600)
    expect(await t.db('engines')).to.have.length(engineRows.length)
    expect(await t.db('categories').whereNull('parent_id')).to.have.length(13)
    expect(await t.db('categories').whereNotNull('parent_id')).to.have.length(100)
    for (const table of ['users', 'sellers', 'listings', 'orders', 'outbox']) {
      expect(await t.db(table), table).to.deep.equal([])
    }
  })

  it('leaves alone what somebody has changed since', async () => {
    await t.owner('makes').where({ id: 'gmc' }).update({ name_ar: 'جمس' })
    await seedAll(t.ownerUrl, { demo: false, environment: 'production' })
    expect(await t.db('makes').where({ id: 'gmc' }).pluck('name_ar')).to.deep.equal(['جمس'])
  })

  it('brings the words people search with to what this release knows', async () => {
    await t
      .owner('categories')
      .where({ id: 'starters' })
      .update({ words: ['قديم'] })
    await seedAll(t.ownerUrl, { demo: false, environment: 'production' })
    expect(await t.db('categories').where({ id: 'starters' }).pluck('words')).to.not.deep.equal([['قديم']])
  })
})

describe('seeds: demo data in production', () => {
  const t = useContext()

  for (const environment of ['production', 'staging', 'Production', '']) {
    it(`is refused in '${environment}', and nothing is written`, async () => {
      const before = await fingerprint(t.db)
      for (const attempt of [seedAll(t.ownerUrl, { demo: true, environment }), seedDemo(t.db, environment)]) {
        const error = await failureOf(attempt)
        expect(error).to.be.instanceOf(AppError).and.include({ kind: 'conflict', code: 'seeds.production' })
      }
      expect(await fingerprint(t.db)).to.deep.equal(before)
    })
  }
})

describe('seeds: demo data', () => {
  const t = useContext()
  let added: Added

  before(async () => {
    added = await seedAll(t.ownerUrl, development)
  })

  it('says how many rows it added', () => {
    expect(added).to.include({
      users: 9,
      sellers: 5,
      listings: 200,
      checkouts: 6,
      orders: 8,
      payments: 5,
      outbox: 6,
    })
  })

  it('changes nothing the second time, neither a row nor a sequence', async () => {
    const before = await fingerprint(t.db)
    const again = await seedAll(t.ownerUrl, development)
    expect(Object.keys(again)).to.have.members(Object.keys(added))
    expect(Object.values(again).every(count => count === 0)).to.equal(true)
    expect(await fingerprint(t.db)).to.deep.equal(before)
  })

  it('has approved sellers, one of them without a VAT number', async () => {
    const sellers = await t.db('sellers').orderBy('series')
    expect(sellers.map(seller => seller.series)).to.deep.equal([1001, 1002, 1003, 1004, 1005])
    expect(sellers.every(seller => seller.status === 'APPROVED')).to.equal(true)
    expect(sellers.filter(seller => seller.vat_number === null)).to.have.length(1)
  })

  it('has accounts that sign in with the password they are documented with', async () => {
    const passwords = createPasswords(14)
    for (const { email, password, role } of demoAccounts) {
      const user = await t.db('users').where({ email }).first()
      expect(user).to.include({ role, status: 'ACTIVE' })
      expect(await passwords.verify(password, user.password_hash), email).to.equal(true)
      expect(await passwords.verify(`${password}!`, user.password_hash), email).to.equal(false)
    }
  })

  it('finds a listing by its Arabic words, its make, its year and its bare part number', async () => {
    for (const words of ['فحمات أمامية كامري', 'Toyota Camry 2017', '0446533480', '04465-33480']) {
      const { body } = await t.get(`/api/v1/listings?limit=100&q=${encodeURIComponent(words)}`)
      const numbers = body.items.map((item: { partNumber: string }) => item.partNumber)
      expect(numbers, words).to.include('04465-33480')
    }
  })

  it('does not announce a paid order again once that is done and tidied away', async () => {
    await t.db('outbox').del()
    expect(await seedAll(t.ownerUrl, development)).to.include({ orders: 0, outbox: 0 })
  })
})

describe('seeds: two seeders at once', () => {
  const t = useContext()

  it('write every row once, and every event once', async () => {
    const [one, other] = await Promise.all([
      seedAll(t.ownerUrl, development),
      seedAll(t.ownerUrl, development),
    ])
    expect(await t.db('listings')).to.have.length(200)
    expect((one.listings ?? 0) + (other.listings ?? 0)).to.equal(200)
    expect(await t.db('outbox')).to.have.length(6)
  })
})
