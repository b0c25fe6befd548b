import { expect } from 'chai'
import { categoryRows } from '../../seeds/reference/categories.js'
import { makeRows } from '../../seeds/reference/makes.js'
import { synonymRows } from '../../seeds/reference/synonyms.js'

const ARABIC = /^[\u0621-\u064aA-Za-z ]*[\u0621-\u064a][\u0621-\u064aA-Za-z ]*$/
const ENGLISH = /^[A-Za-z0-9/ ]+$/
const DIRECTION_MARK = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/

/** The least a search makes equal: hamza, ta marbuta, the article, an English plural, case. */
const fold = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[\u0640\u064b-\u0652\u0670\u0621]/g, '')
    .replace(/[أإآ]/g, 'ا')
    .replace(/ى/g, 'ي')
    .replace(/ة/g, 'ه')
    .split(/[^a-z0-9\u0621-\u064a]+/)
    .filter(Boolean)
    .map(word => word.replace(/^ال(?=...)/, '').replace(/(?<=[a-z]{2,}[^s\W])s$/, ''))
    .join(' ')

const roots = categoryRows.filter(row => row.parent_id === null)
const leaves = categoryRows.filter(row => row.parent_id !== null)

const groups: readonly { id: string; words: readonly string[] }[] = [
  ...categoryRows,
  ...synonymRows.map(({ id, words }) => ({ id: `synonym ${id}`, words })),
  ...makeRows.map(row => ({ id: `make ${row.id}`, words: [row.name_ar, row.name_en] })),
]

const groupsOf = (word: string): string[] =>
  groups.filter(({ words }) => words.some(one => fold(one) === fold(word))).map(({ id }) => id)

describe('seeds: the words of the trade', () => {
  it('stand in a tree that covers a car', () => {
    expect(roots).to.have.length(13)
    expect(leaves.length).to.be.within(85, 105)
    expect(synonymRows.length).to.be.at.least(60)
    const ids = new Set(roots.map(row => row.id))
    for (const leaf of leaves) expect(ids.has(leaf.parent_id as string), leaf.id).to.equal(true)
  })

  it('belong to ids of their own, and a tree in an order of its own', () => {
    for (const rows of [categoryRows, synonymRows]) {
      expect(new Set(rows.map(row => row.id)).size).to.equal(rows.length)
      for (const { id } of rows) expect(id).to.match(/^[a-z]+(-[a-z]+)*$/)
    }
    const places = categoryRows.map(row => `${row.parent_id} ${row.position}`)
    expect(new Set(places).size).to.equal(categoryRows.length)
  })

  it('are Arabic and English for every category and every group', () => {
    for (const { id, words } of [...categoryRows, ...synonymRows]) {
      expect(
        words.some(word => ARABIC.test(word)),
        id,
      ).to.equal(true)
      expect(
        words.some(word => ENGLISH.test(word)),
        id,
      ).to.equal(true)
    }
  })

  it('are written plainly: one script or both, no marks, four words at most', () => {
    for (const { id, words } of [...categoryRows, ...synonymRows]) {
      for (const word of words) {
        expect(ARABIC.test(word) || ENGLISH.test(word), `${id}: ${word}`).to.equal(true)
        expect(word, id).to.equal(word.trim()).and.not.match(/ {2}/).and.not.match(DIRECTION_MARK)
        expect(fold(word).split(' ').length, `${id}: ${word}`).to.be.within(1, 4)
      }
    }
  })

  it('are of one group each, so that one step reaches all a word stands for', () => {
    const seen = new Map<string, string>()
    const doubled: string[] = []
    for (const { id, words } of groups) {
      for (const word of words) {
        const before = seen.get(fold(word))
        if (before !== undefined) doubled.push(`${word}: ${before}, ${id}`)
        seen.set(fold(word), id)
      }
    }
    expect(doubled).to.deep.equal([])
  })

  // biome-ignore format: a table is read by its rows
  const TRADE: readonly [word: string, category: string][] = [
    ['فحمات', 'brake-pads'], ['تيل فرامل', 'brake-pads'], ['brake pads', 'brake-pads'], ['هوبات', 'brake-discs'],
    ['سلف', 'starters'], ['مارش', 'starters'], ['دينمو', 'alternators'], ['دينامو', 'alternators'],
    ['طرمبة ماء', 'water-pumps'], ['طرمبة موية', 'water-pumps'], ['طرمبة بنزين', 'fuel-pumps'],
    ['رديتر', 'radiators'], ['ردياتير', 'radiators'], ['رديتر مكيف', 'ac-condensers'], ['بلف حرارة', 'thermostats'],
    ['سيفون', 'oil-filters'], ['فلتر زيت', 'oil-filters'], ['بواجي', 'spark-plugs'], ['كويل', 'ignition-coils'],
    ['المساعدات', 'shock-absorbers'], ['مقصات', 'control-arms'], ['عكوس', 'cv-axles'], ['رمان بلي', 'wheel-bearings'],
    ['شكمان', 'exhaust'], ['Exhausts', 'exhaust'], ['دبة تلوث', 'catalytic-converters'], ['شنابر', 'pistons-rings'],
    ['كمبيوتر', 'ecus'], ['كتاوت', 'relays-fuses'], ['بوري', 'horns'], ['قير', 'gearboxes'], ['دفرنس', 'differentials'],
    ['دودة دركسون', 'steering-racks'], ['كفرات', 'tyres'], ['إطارات', 'tyres'], ['جنوط', 'rims'], ['قزاز', 'glass-doors'],
    ['شمعات', 'headlights'], ['اسطبات', 'tail-lights'], ['مكينة قزاز', 'window-regulators'], ['صدام', 'bumpers'],
  ]

  for (const [word, category] of TRADE) {
    it(`lead from ${word} to ${category}`, () => expect(groupsOf(word)).to.deep.equal([category]))
  }

  it('leave alone what every other part is called too', () => {
    const ids = new Set(categoryRows.map(row => row.id))
    for (const word of ['فلتر', 'طرمبة', 'بلف', 'رمان', 'لي', 'pump', 'valve']) {
      expect(
        groupsOf(word).some(id => ids.has(id)),
        word,
      ).to.equal(false)
    }
  })
})
