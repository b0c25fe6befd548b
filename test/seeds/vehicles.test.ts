import { expect } from 'chai'
import { listingRows } from '../../seeds/demo/listings.js'
import { models as demoModels } from '../../seeds/demo/models.js'
import { makeRows } from '../../seeds/reference/makes.js'
import { engineRows, modelRows } from '../../seeds/reference/vehicles.js'

type Years = { year_from: number; year_to: number | null }
type Named = { id: string; name_ar: string; name_en: string; words: string[] }

const STILL_SOLD = 9999
const lastOf = (years: Years) => years.year_to ?? STILL_SOLD
const modelOf = new Map(modelRows.map(row => [row.id, row]))
const named: Named[] = [...makeRows, ...modelRows]

const DIRECTION_MARKS = /[\u061c\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/

/** Those that come more than once. */
const repeated = (values: readonly string[]) => values.filter((value, i) => values.indexOf(value) !== i)

function expectInside(part: Years, whole: Years, what: string) {
  expect(part.year_from, what).to.be.at.least(whole.year_from)
  expect(lastOf(part), what).to.be.at.most(lastOf(whole))
}

describe('seeds: the vehicles', () => {
  it('cover the cars of the Kingdom', () => {
    expect(makeRows.length).to.be.at.least(60)
    expect(modelRows.length).to.be.at.least(600)
    expect(new Set(engineRows.map(row => row.model_id)).size).to.be.at.least(60)
  })

  it('have ids of their own that fit a URL', () => {
    for (const rows of [makeRows, modelRows, engineRows]) {
      const ids = rows.map(row => row.id)
      expect(repeated(ids)).to.deep.equal([])
      for (const id of ids) expect(id).to.match(/^[a-z0-9]+(-[a-z0-9]+)*$/)
    }
    for (const { id } of modelRows) expect(id).to.match(/^[a-z0-9-]{1,60}$/)
  })

  it('name a model after its make, an engine after its model', () => {
    for (const { id, make_id } of modelRows) expect(id.startsWith(`${make_id}-`), id).to.equal(true)
    for (const { id, model_id } of engineRows) expect(id.startsWith(`${model_id}-`), id).to.equal(true)
  })

  it('give every make a model, and every model a make', () => {
    expect(new Set(modelRows.map(row => row.make_id))).to.have.all.keys(makeRows.map(row => row.id))
  })

  it('were sold from 1980 on, and no longer than they are known to be', () => {
    for (const { id, year_from, year_to } of [...modelRows, ...engineRows]) {
      expect(year_from, id).to.be.within(1980, 2027)
      if (year_to !== null) expect(year_to, id).to.be.within(year_from, 2027)
    }
  })

  it('have engines of a known model, in its years, with litres unless electric', () => {
    for (const engine of engineRows) {
      const model = modelOf.get(engine.model_id)
      expect(model, engine.id).to.not.equal(undefined)
      if (model) expectInside(engine, model, engine.id)
      if (engine.fuel === 'ELECTRIC') expect(engine.displacement_cc, engine.id).to.equal(null)
      else expect(engine.displacement_cc, engine.id).to.be.within(600, 9000)
    }
  })

  it('have names that are trimmed and carry no direction marks', () => {
    const texts = [
      ...named.flatMap(row => [row.name_ar, row.name_en, ...row.words]),
      ...engineRows.map(row => row.code),
    ]
    for (const text of texts) {
      expect(text).to.equal(text.trim().replace(/\s+/g, ' ')).and.not.equal('')
      expect(text).to.not.match(DIRECTION_MARKS)
    }
    for (const { name_en } of named) expect(name_en).to.not.match(/[\u0600-\u06ff]/)
  })

  it('have names of their own within a make, in both languages', () => {
    for (const name of ['name_ar', 'name_en'] as const) {
      expect(repeated(makeRows.map(row => row[name].toLowerCase()))).to.deep.equal([])
      expect(repeated(modelRows.map(row => `${row.make_id} ${row[name].toLowerCase()}`))).to.deep.equal([])
    }
  })

  it('are typed in other words than their names, each once and in small letters', () => {
    for (const { id, name_ar, name_en, words } of named) {
      expect(
        repeated([name_ar.toLowerCase(), name_en.toLowerCase(), ...words]).filter(w => words.includes(w)),
        id,
      ).to.deep.equal([])
      for (const word of words) expect(word, id).to.equal(word.toLowerCase())
    }
  })

  it('know every car the demo parts fit, in its years', () => {
    for (const [id, , nameEn, from, to] of Object.values(demoModels)) {
      const model = modelOf.get(id)
      expect(model, id).to.not.equal(undefined)
      if (model) expectInside({ year_from: from, year_to: to }, model, `${id} ${nameEn}`)
    }
    const makes = new Set(makeRows.map(row => row.id))
    for (const { fits } of listingRows)
      for (const { makeId } of fits) expect(makes.has(makeId), makeId).to.equal(true)
  })
})
