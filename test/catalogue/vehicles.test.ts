import { expect } from 'chai'
import { categoryRows } from '../../seeds/reference/categories.js'
import { makeRows } from '../../seeds/reference/makes.js'
import { engineRows, modelRows } from '../../seeds/reference/vehicles.js'
import { useContext } from '../support/context.js'

type Years = { from: number; to: number | null }
type Vehicle = {
  id: string
  makeId: string
  years: Years
  engines: { id: string; code: string; years: Years }[]
}

describe('the catalogue', () => {
  const t = useContext()

  async function vehicles(query: string): Promise<Vehicle[]> {
    const seen: Vehicle[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const answer = await t.get(`/api/v1/vehicles?${query}${cursor && `&cursor=${cursor}`}`)
      expect(answer.status, answer.text).to.equal(200)
      seen.push(...answer.body.items)
      cursor = answer.body.nextCursor
    }
    return seen
  }
  const idsOf = (rows: { id: string }[]) => rows.map(({ id }) => id)
  const isOf = (year: number) => (row: { year_from: number; year_to: number | null }) =>
    row.year_from <= year && (row.year_to === null || year <= row.year_to)
  const modelsOf = (make: string) => modelRows.filter(row => row.make_id === make)
  const inOrder = (rows: { id: string }[]) => idsOf(rows).sort()

  it('lists every model once, in the order of their ids, whatever the page', async () => {
    const all = inOrder(modelRows)
    for (const limit of [33, 100]) expect(idsOf(await vehicles(`limit=${limit}`))).to.deep.equal(all)
    expect(idsOf(await vehicles('make=toyota&limit=1'))).to.deep.equal(inOrder(modelsOf('toyota')))
    expect((await t.get('/api/v1/vehicles')).body.items).to.have.length(20)
  })

  it('shows a model with its names, its years and its engines', async () => {
    const camry = (await vehicles('make=toyota')).find(({ id }) => id === 'toyota-camry')
    expect(camry).to.deep.include({
      makeId: 'toyota',
      name: { ar: 'كامري', en: 'Camry' },
      years: { from: 1983, to: null },
    })
    const engines = engineRows.filter(row => row.model_id === 'toyota-camry')
    expect(camry?.engines).to.have.length(engines.length)
    expect(camry?.engines.find(({ code }) => code === '2AR-FE')).to.deep.equal({
      ...{ id: 'toyota-camry-2ar-fe', code: '2AR-FE', displacementCc: 2494, fuel: 'PETROL' },
      years: { from: 2012, to: 2017 },
    })
  })

  it('knows the models of a year, its first and its last included', async () => {
    const ended = modelsOf('nissan').find(row => row.year_to !== null && row.year_to > row.year_from)
    const { id, year_from: first, year_to } = ended as (typeof modelRows)[number]
    const last = year_to as number
    for (const [year, isThere] of [
      [first - 1, false],
      [first, true],
      [last, true],
      [last + 1, false],
    ] as const)
      expect(idsOf(await vehicles(`make=nissan&year=${year}&limit=100`)).includes(id), `${year}`).to.equal(
        isThere,
      )
    for (const year of [1950, 1985, 2015, 2100])
      expect(idsOf(await vehicles(`year=${year}&limit=100`))).to.deep.equal(
        inOrder(modelRows.filter(isOf(year))),
      )
  })

  it('takes what has no last year for sold in every year to come', async () => {
    expect(idsOf(await vehicles('make=toyota&year=2100&limit=100'))).to.include('toyota-camry')
  })

  it('shows the engines of the year that was asked for', async () => {
    for (const year of [1992, 2011, 2012, 2018, 2100]) {
      const camry = (await vehicles(`make=toyota&year=${year}&limit=100`)).find(
        ({ id }) => id === 'toyota-camry',
      )
      const wanted = engineRows.filter(row => row.model_id === 'toyota-camry').filter(isOf(year))
      expect(inOrder(camry?.engines ?? []), `${year}`).to.deep.equal(inOrder(wanted))
    }
  })

  it('has nothing of a make it does not know', async () => {
    expect(await vehicles('make=no-such-make')).to.be.empty
    expect(await vehicles('make=bmw&year=1950')).to.be.empty
  })

  for (const [query, pointer] of [
    ['year=1949', '?year'],
    ['year=2101', '?year'],
    ['year=2015.5', '?year'],
    ['year=', '?year'],
    ['year=last', '?year'],
    ['make=BMW', '?make'],
    ['make=', '?make'],
    ['limit=101', '?limit'],
    ['model=camry', '?model'],
  ] as const) {
    it(`refuses ${query}`, async () => {
      const answer = await t.get(`/api/v1/vehicles?${query}`)
      expect(answer.status).to.equal(422)
      expect(answer.body.errors[0].pointer).to.equal(pointer)
    })
  }

  it('refuses a cursor of another make, another year or another list', async () => {
    const { nextCursor } = (await t.get('/api/v1/vehicles?make=toyota&limit=5')).body
    for (const query of ['', 'make=nissan&', 'make=toyota&year=2015&', 'year=2015&']) {
      const answer = await t.get(`/api/v1/vehicles?${query}cursor=${nextCursor}`)
      expect(answer.status).to.equal(400)
      expect(answer.body.code).to.equal('request.bad_cursor')
    }
    expect((await t.get(`/api/v1/listings?cursor=${nextCursor}`)).status).to.equal(400)
  })

  it('lists all makes, in both languages', async () => {
    const { items } = (await t.get('/api/v1/makes')).body
    expect(idsOf(items)).to.deep.equal(inOrder(makeRows))
    expect(items.find(({ id }: { id: string }) => id === 'toyota').name).to.deep.equal({
      ar: 'تويوتا',
      en: 'Toyota',
    })
  })

  it('lists the tree of categories with the words of the trade', async () => {
    const { items } = (await t.get('/api/v1/categories')).body
    expect(idsOf(items)).to.have.members(idsOf(categoryRows))
    const starters = items.find(({ id }: { id: string }) => id === 'starters')
    expect(starters).to.deep.include({ parentId: 'electrical', name: { ar: 'سلف', en: 'Starter motors' } })
    expect(starters.words).to.include.members(['سلف', 'مارش', 'starter motor'])
  })
})
