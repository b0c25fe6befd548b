import { setTimeout as wait } from 'node:timers/promises'
import { expect } from 'chai'
import { useContext } from '../support/context.js'
import { counts, csv, importCsv, row, sendCsv, stored } from '../support/importing.js'
import { place, stockOf } from '../support/shopping.js'

describe('an import beside other work', function () {
  this.timeout(60_000)
  const t = useContext()
  let sellerId: string
  before(async () => {
    sellerId = (await t.accounts.shop('seller')).id
  })

  const skus = Array.from({ length: 40 }, (_, n) => `S-${String(n).padStart(2, '0')}`)

  it('takes turns with orders for the same parts, whatever their order in the file', async () => {
    const { rows } = await importCsv(
      t,
      skus.map(sku => row(sku, { quantity: '1000' })),
    )
    const ids = rows.map(each => each.listingId as string)
    const backwards = [...skus].reverse()
    const orders = Array.from({ length: 12 }, (_, n) =>
      place(
        t,
        ids.slice(n, n + 20).map(listingId => ({ listingId, quantity: 1 })),
      ),
    )
    const imports = [skus, backwards, skus, backwards].map((each, n) =>
      importCsv(
        t,
        each.map(sku => row(sku, { quantity: '1000', price: String(100 + n) })),
      ),
    )
    await Promise.all(orders)
    for (const { summary } of await Promise.all(imports)) expect(summary.failed).to.equal(0)
    expect(t.log.of('import_failed')).to.deep.equal([])
  })

  it('waits for an order that holds a part, and then sets what the seller says', async () => {
    const { rows } = await importCsv(t, [row('HELD', { quantity: '5' })])
    const id = rows[0]?.listingId as string
    const trx = await t.owner.transaction()
    await trx('listings').where({ id }).update({ stock: 4 })
    const running = importCsv(t, [row('HELD', { quantity: '4' })])
    await wait(300)
    await trx.commit()
    // compared with what is there now, not with what was there when it came
    expect((await running).summary).to.deep.equal(counts({ unchanged: 1 }))
    expect(await stockOf(t, id)).to.equal(4)
  })

  it('gives way to a listing made by hand under the same number, and changes that', async () => {
    const trx = await t.owner.transaction()
    const template = await t.owner('listings').where({ sku: 'HELD' }).first()
    const id = crypto.randomUUID()
    const { search: _, state: __, seq: ___, photos: ____, ...columns } = template
    await trx('listings').insert({ ...columns, id, sku: 'RACE' })
    const running = importCsv(t, [row('OTHER'), row('RACE', { price: '42' })])
    await wait(300)
    await trx.commit()
    const { rows } = await running
    expect(rows.map(each => each.outcome)).to.deep.equal(['created', 'updated'])
    expect(rows[1]?.listingId).to.equal(id)
    expect((await stored(t, sellerId)).filter(listing => listing.sku === 'OTHER')).to.have.length(1)
  })

  it('ends with the chunk in which its seller is suspended', async () => {
    await t.accounts.shop('seller:ends')
    const shop = await t.accounts.shop('seller:ends')
    const many = Array.from({ length: 600 }, (_, n) => row(`E-${n}`))
    const trx = await t.owner.transaction()
    await trx('sellers').where({ id: shop.id }).update({ status: 'SUSPENDED' })
    const running = sendCsv(t, csv(many), { as: 'seller:ends' })
    await wait(500)
    await trx.commit()
    const answer = await running
    expect(answer.status).to.equal(200)
    expect(JSON.parse(answer.text.trim()).error).to.include({ code: 'sellers.suspended' })
    expect(await stored(t, shop.id)).to.be.empty
  })
})

describe('an import whose database goes away', function () {
  this.timeout(60_000)
  const t = useContext()

  it('ends with a line that says so, and goes on from there when it comes again', async () => {
    const { id } = await t.accounts.shop('seller')
    const rows = Array.from({ length: 3_000 }, (_, n) => row(`G-${n}`))
    let chunks = 0
    // somebody stands before the fourth chunk, for longer than a statement may take
    await importCsv(t, rows.slice(1_500))
    const trx = await t.owner.transaction()
    await trx('listings').where({ sku: 'G-1700' }).update({ stock: 1 })
    const answer = await sendCsv(t, csv(rows))
    await trx.rollback()
    const lines = answer.text
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line))
    chunks = (lines.length - 1) / 500
    expect(chunks).to.equal(3)
    expect(lines.at(-1).error).to.have.keys('code', 'detail').and.include({ code: 'database.unavailable' })
    expect(await stored(t, id)).to.have.length(3_000)
    expect((await importCsv(t, rows)).summary).to.deep.equal(counts({ unchanged: 3_000 }))
    expect(t.log.of('import_failed')).to.have.length(1)
  })
})
