import { expect } from 'chai'
import { useContext } from '../support/context.js'
import { addCars, counts, csv, importCsv, type Row, row, sendCsv } from '../support/importing.js'

const ROWS = 10_000

describe('importing ten thousand listings', function () {
  this.timeout(120_000)
  const t = useContext()
  let sellerId: string
  let queries = 0
  const many = (over: (n: number) => Row = () => ({})): string =>
    csv(
      Array.from({ length: ROWS }, (_, n) =>
        row(`M-${n}`, {
          title_en: `Brake pads ${n}`,
          fits: 'test-camry:2012-2015|make:kia',
          cross_references: `X-${n}`,
          ...over(n),
        }),
      ),
    )

  before(async () => {
    await addCars(t)
    sellerId = (await t.accounts.shop('seller')).id
    t.db.on('query', () => {
      queries += 1
    })
  })

  const imported = async (file: string) => {
    queries = 0
    const { summary } = await importCsv(t, file)
    return summary
  }
  const stock = async () => Number((await t.owner('listings').sum('stock')).at(0)?.sum)

  it('creates them, with a small number of statements for each five hundred', async () => {
    expect(await imported(many())).to.deep.equal(counts({ created: ROWS }))
    expect(queries).to.be.below((ROWS / 500) * 30)
    const numbers = await t.owner('listings').where({ seller_id: sellerId }).count('* as all')
    expect(Number(numbers[0]?.all)).to.equal(ROWS)
    expect(Number((await t.owner('listing_fitments').count('* as all'))[0]?.all)).to.equal(2 * ROWS)
    expect(Number((await t.owner('listing_numbers').count('* as all'))[0]?.all)).to.equal(ROWS)
    const audit = await t.owner('audit_log').where({ action: 'listings_imported' })
    expect(audit.map(each => each.details)).to.deep.equal(Array(20).fill({ created: 500, updated: 0 }))
    expect(await t.owner('audit_log').where({ action: 'listing_created' })).to.be.empty
  })

  it('keeps them in the order of the file, newest last', async () => {
    const skus = await t.owner('listings').where({ seller_id: sellerId }).orderBy('seq').pluck('sku')
    expect(skus).to.deep.equal(Array.from({ length: ROWS }, (_, n) => `M-${n}`))
  })

  it('finds them unchanged, and then changes every other one', async () => {
    expect(await imported(many())).to.deep.equal(counts({ unchanged: ROWS }))
    expect(queries).to.be.below((ROWS / 500) * 10)
    const over = (n: number): Row =>
      n % 2 ? { quantity: '20', title_en: n % 4 === 1 ? `New ${n}` : `Brake pads ${n}` } : {}
    const summary = await imported(many(over))
    expect(summary).to.deep.equal(counts({ updated: ROWS / 2, unchanged: ROWS / 2 }))
    expect(await stock()).to.equal((ROWS / 2) * 30)
  })

  it('twice at once ends with each of them once', async () => {
    await t.owner('listings').where({ seller_id: sellerId }).delete()
    const answers = await Promise.all([1, 2, 3].map(() => sendCsv(t, many())))
    const summaries = answers.map(
      answer => JSON.parse(answer.text.trimEnd().split('\n').at(-1) as string).summary,
    )
    const total = (name: string) => summaries.reduce((sum, summary) => sum + summary[name], 0)
    expect([total('created'), total('unchanged'), total('failed')]).to.deep.equal([ROWS, 2 * ROWS, 0])
    expect(await stock()).to.equal(ROWS * 10)
    expect(t.log.of('import_failed')).to.deep.equal([])
  })

  it('takes little memory, however slowly its report is read', async () => {
    global.gc?.()
    const before = process.memoryUsage().rss
    let highest = before
    const watch = setInterval(() => {
      highest = Math.max(highest, process.memoryUsage().rss)
    }, 20)
    await imported(many(n => ({ description_ar: `${n} ${'وصف '.repeat(300)}` })))
    clearInterval(watch)
    // the file alone, as this test sends it, is some 20 MB
    expect((highest - before) / 1024 / 1024).to.be.below(200)
  })
})
