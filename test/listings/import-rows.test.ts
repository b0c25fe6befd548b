import { expect } from 'chai'
import { COLUMNS } from '../../api/modules/listings/import/columns.js'
import { useContext } from '../support/context.js'
import { addCars, counts, csv, importCsv, type Row, row } from '../support/importing.js'
import { eventually } from '../support/worker.js'

const ARABIC = /[\u0600-\u06ff]/

describe('a row of an import', () => {
  const t = useContext()
  before(async () => {
    await addCars(t)
    await t.accounts.shop('seller')
  })
  let serial = 0
  const fresh = () => `R-${++serial}`

  const one = async (cells: Row, query = '', language = 'en') =>
    (await importCsv(t, [cells], { query, language })).rows[0] as Awaited<
      ReturnType<typeof importCsv>
    >['rows'][number]
  const made = async (over: Row = {}): Promise<{ sku: string; id: string }> => {
    const sku = fresh()
    const { outcome, listingId, errors } = await one(row(sku, over))
    expect(outcome, JSON.stringify(errors)).to.equal('created')
    return { sku, id: listingId as string }
  }
  const seen = async (id: string) => (await t.get(`/api/v1/listings/${id}`, { as: 'seller' })).body

  it('may have its columns headed in Arabic, in any order and however they are written', async () => {
    const sku = fresh()
    const arabic = Object.fromEntries(
      Object.entries(row(sku, { condition: 'مستعمل', status: 'معروض', price: '١١٥٫٥٠', quantity: '٧' }))
        .reverse()
        .map(([name, cell]) => [COLUMNS[name as keyof typeof COLUMNS], cell]),
    )
    const { rows } = await importCsv(t, [arabic])
    expect(await seen(rows[0]?.listingId as string)).to.deep.include({
      sku,
      condition: 'USED',
      status: 'ACTIVE',
      stock: 7,
      price: { amount: 11_550, currency: 'SAR' },
    })
    const spelled = { 'رمز الصّنف': sku, 'السعر:': '99', 'الضمان (بالاشهر)': '6', 'Title_EN ': 'Pads' }
    expect((await importCsv(t, [spelled])).summary).to.deep.equal(counts({ updated: 1 }))
    expect(await seen(rows[0]?.listingId as string)).to.deep.include({ warrantyMonths: 6, condition: 'USED' })
  })

  it('has an Arabic head for every column', () => {
    expect(new Set(Object.values(COLUMNS))).to.have.length(15)
    for (const head of Object.values(COLUMNS)) expect(head).to.match(ARABIC)
  })

  for (const [word, value] of [
    ['new', 'NEW'],
    ['Refurbished', 'REFURBISHED'],
    ['مجدّد', 'REFURBISHED'],
    ['جديد', 'NEW'],
  ])
    it(`has the condition ${value} by "${word}"`, async () => {
      expect((await seen((await made({ condition: word as string })).id)).condition).to.equal(value)
    })

  it('keeps what the file has no column for', async () => {
    const { sku, id } = await made({
      fits: 'make:kia',
      cross_references: '1',
      brand: 'Kia',
      description_en: 'x',
      warranty_months: '3',
    })
    const before = await seen(id)
    expect((await one({ sku, price: '7' })).outcome).to.equal('updated')
    const after = await seen(id)
    const { updatedAt: _, ...rest } = before
    expect(after).to.deep.include({ ...rest, price: { amount: 700, currency: 'SAR' } })
    // its cars and numbers; what its words speak of is the lexicon's to say
    const keys = async () =>
      (await t.owner('listings').where({ id }).first('keys')).keys.filter((key: string) =>
        /^[mwn]:/.test(key),
      )
    expect(await keys()).to.deep.equal(['n:1', 'w:kia'])
    await one({ sku, cross_references: '2' })
    expect(await keys()).to.deep.equal(['n:2', 'w:kia'])
    expect((await seen(id)).fits).to.deep.equal(before.fits)
  })

  it('empties what may be empty', async () => {
    const { sku, id } = await made({
      fits: 'make:kia',
      cross_references: '1',
      brand: 'Kia',
      description_ar: 'س',
      description_en: 'x',
      warranty_months: '3',
    })
    const empty = { fits: '', cross_references: ' ', brand: '', description_ar: '', warranty_months: '' }
    expect((await one({ sku, ...empty })).outcome).to.equal('updated')
    expect(await seen(id)).to.deep.include({
      fits: [],
      crossReferences: [],
      brand: '',
      description: { ar: '', en: 'x' },
      warrantyMonths: null,
    })
  })

  for (const column of [
    'title_ar',
    'title_en',
    'category',
    'part_number',
    'price',
    'quantity',
    'status',
    'condition',
  ])
    it(`is refused with an empty ${column}, new or known`, async () => {
      const { sku } = await made()
      for (const cells of [{ sku, brand: 'b', [column]: '' }, row(fresh(), { [column]: ' ' })]) {
        const { outcome, errors } = await one(cells)
        expect(outcome).to.equal('failed')
        expect(errors).to.deep.equal([{ column, detail: 'must not be empty' }])
      }
    })

  for (const column of ['title_ar', 'title_en', 'category', 'part_number', 'price', 'quantity'])
    it(`is refused as new without the column ${column}`, async () => {
      const { [column]: _, ...cells } = row(fresh())
      expect((await one(cells)).errors).to.deep.equal([{ column, detail: 'is required' }])
    })

  const refused: [Row, string, RegExp][] = [
    [{ sku: '' }, 'sku', /must not be empty/],
    [{ sku: 'x'.repeat(61) }, 'sku', /at most 60/],
    [{ sku: 'a\tb' }, 'sku', /control/],
    [{ title_en: 'x'.repeat(201) }, 'title_en', /at most 200/],
    [{ title_ar: 'a\u202eb' }, 'title_ar', /control/],
    [{ description_en: 'x'.repeat(5_001) }, 'description_en', /at most 5000/],
    [{ category: 'لا شيء' }, 'category', /"لا شيء"/],
    [{ category: 'BRAKE-PADS' }, 'category', /"BRAKE-PADS"/],
    [{ brand: 'x'.repeat(61) }, 'brand', /at most 60/],
    [{ condition: 'bad' }, 'condition', /NEW \(جديد\)/],
    [{ price: '1,5' }, 'price', /amount in riyals/],
    [{ price: '115.005' }, 'price', /more than two decimals/],
    [{ title_ar: 'Front pads' }, 'title_ar', /in Arabic/],
    [{ description_ar: 'Front pads' }, 'description_ar', /in Arabic/],
    [{ price: '0' }, 'price', /from 0\.01/],
    [{ price: '-5' }, 'price', /from 0\.01/],
    [{ price: '10000000' }, 'price', /from 0\.01/],
    [{ quantity: '1.5' }, 'quantity', /whole number/],
    [{ quantity: '-1' }, 'quantity', /at least 0/],
    [{ quantity: '1000001' }, 'quantity', /at most 1000000/],
    [{ warranty_months: '121' }, 'warranty_months', /at most 120/],
    [{ status: 'REMOVED' }, 'status', /DRAFT \(مسودة\)/],
    [{ status: 'PAUSED' }, 'status', /one of: DRAFT, ACTIVE/],
    [{ cross_references: 'XYZ:1' }, 'cross_references', /"XYZ:1"/],
    [{ cross_references: '1 | --' }, 'cross_references', /"--": must hold/],
    [{ cross_references: Array(51).fill('1').join('|') }, 'cross_references', /at most 50 items/],
    [{ fits: 'test-camry | no-car' }, 'fits', /no model "no-car"/],
    [{ fits: 'make:no-make' }, 'fits', /no make "make:no-make"/],
    [{ fits: 'test-camry:20' }, 'fits', /"test-camry:20"/],
    [{ fits: 'test-camry:2016-2012' }, 'fits', /"test-camry:2016-2012": must not be before/],
    [{ fits: 'test-camry:1900-2012' }, 'fits', /"test-camry:1900-2012": .*1950/],
    [{ fits: 'test-camry:2012:v8' }, 'fits', /no engine/],
    [{ fits: 'test-sonata:2012:test-camry-25' }, 'fits', /no engine/],
  ]
  for (const [over, column, detail] of refused) {
    it(`is refused with ${JSON.stringify(over).slice(0, 50)}, by its column`, async () => {
      const { outcome, errors, listingId } = await one(row(fresh(), over))
      expect({ outcome, listingId }).to.deep.equal({ outcome: 'failed', listingId: null })
      expect(errors).to.have.length(1)
      expect(errors[0]?.column).to.equal(column)
      expect(errors[0]?.detail).to.match(detail)
      const arabic = await one(row(fresh(), over), '', 'ar')
      expect(arabic.errors[0]?.detail).to.match(ARABIC)
    })
  }

  it('is told everything at once', async () => {
    const { errors } = await one(row(fresh(), { price: 'x', quantity: 'y', title_en: '', category: 'z' }))
    expect(errors.map(error => error.column)).to.have.members(['price', 'quantity', 'title_en', 'category'])
  })

  for (const column of ['sku', 'title_en', 'description_ar', 'part_number', 'category', 'fits', 'price'])
    it(`with a card number in ${column} is refused, and the number is not repeated`, async () => {
      const answer = await importCsv(t, [row(fresh(), { [column]: '4111 1111 1111 1111' })])
      expect(answer.rows[0]).to.deep.include({ outcome: 'failed' })
      expect(answer.rows[0]?.errors[0]).to.include({ column, code: 'request.card_number' })
      expect(JSON.stringify(answer)).to.not.match(/4111.?1111.?1111/)
    })

  it('names its category by id or by either name, as a whole', async () => {
    for (const category of ['brake-pads', 'فحمات', 'Brake pads'])
      expect((await seen((await made({ category })).id)).categoryId).to.equal('brake-pads')
    await t.owner('categories').insert({ id: 'twin-a', name_ar: 'توأم', name_en: 'Twin' })
    await t.owner('categories').insert({ id: 'twin-b', name_ar: 'توأم', name_en: 'Other twin' })
    t.clock.advance(10 * 60_000)
    await made() // brings the reference up to date behind the scenes
    const about = async () => (await one(row(fresh(), { category: 'توأم' }))).errors[0]?.detail
    await eventually('the twins are known', async () => !(await about())?.startsWith('there is no'))
    expect(await about()).to.match(/twin-a, twin-b/)
    await made({ category: 'Twin' })
  })

  it('names cars with years and engine as it has them', async () => {
    const { id } = await made({
      fits: 'test-camry | test-camry:2012 | test-camry:٢٠١٤-٢٠١٥ | test-camry:-2010 | test-camry:2016- | Test-Camry::test-camry-25',
    })
    const fits = (await seen(id)).fits.map((f: { from: number; to: number; engineId: string | null }) => [
      f.from,
      f.to,
      f.engineId,
    ])
    expect(fits).to.deep.equal([
      [2007, 2017, null],
      [2012, 2012, null],
      [2014, 2015, null],
      [2007, 2010, null],
      [2016, 2017, null],
      [2012, 2017, 'test-camry-25'],
    ])
  })

  it('may fit years before the first we know of, as over the API', async () => {
    const { id } = await made({ fits: 'test-camry:-1999' })
    expect((await seen(id)).fits[0]).to.include({ from: 1999, to: 1999 })
  })

  it('that is ragged is refused alone', async () => {
    const text = `${csv([row('RAG-1'), row('RAG-2')])}RAG-3,x\n${csv([row('RAG-4')], { header: false })}RAG-5,${'x,'.repeat(9)}\n`
    const { rows, summary } = await importCsv(t, text)
    expect(summary).to.deep.equal(counts({ created: 3, failed: 2 }))
    expect(rows[2]).to.deep.include({ row: 4, outcome: 'failed' })
    expect(rows[2]?.errors).to.deep.equal([{ column: null, detail: 'has 2 cells; the header has 8' }])
    expect(rows[4]?.errors[0]?.detail).to.equal('has 11 cells; the header has 8')
  })

  it('with a number that stood there before is refused, the first is not', async () => {
    const sku = fresh()
    const { rows } = await importCsv(t, [row(sku), row(fresh()), row(` ${sku} `, { price: '1' })])
    expect(rows.map(each => each.outcome)).to.deep.equal(['created', 'created', 'failed'])
    expect(rows[2]?.errors).to.deep.equal([{ column: 'sku', detail: 'stands in row 2 already' }])
    expect((await seen(rows[0]?.listingId as string)).price.amount).to.equal(11_500)
  })

  it('with the number of a removed listing makes a new one', async () => {
    const { sku, id } = await made()
    await t.patch(`/api/v1/listings/${id}`, { as: 'seller', body: { status: 'REMOVED' } })
    const again = await one(row(sku))
    expect(again.outcome).to.equal('created')
    expect(again.listingId).to.not.equal(id)
  })

  it('never touches the listing of another seller', async () => {
    const { sku, id } = await made()
    await t.accounts.shop('seller:other')
    const { rows } = await importCsv(t, [row(sku, { price: '1' })], { as: 'seller:other' })
    expect(rows[0]).to.include({ outcome: 'created' })
    expect(rows[0]?.listingId).to.not.equal(id)
    expect((await seen(id)).price.amount).to.equal(11_500)
  })
})
