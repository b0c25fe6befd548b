import { expect } from 'chai'
import { listingRows } from '../../seeds/demo/listings.js'
import { purchases } from '../../seeds/demo/purchases.js'
import { sellerRows } from '../../seeds/demo/sellers.js'
import { categoryRows } from '../../seeds/reference/categories.js'
import { type MakeId, makes } from '../../seeds/reference/makes.js'

/** How each make writes its numbers; the others have no one form. */
const NUMBER_FORM: Partial<Record<MakeId, RegExp>> = {
  toyota: /^\d{5}-[0-9A-Z]{5}$/,
  lexus: /^\d{5}-[0-9A-Z]{5}$/,
  hyundai: /^\d{5}-[0-9A-Z]{5}$/,
  kia: /^\d{5}-[0-9A-Z]{5}$/,
  nissan: /^[0-9A-Z]{5}-[0-9A-Z]{5}$/,
  honda: /^\d{5}-[0-9A-Z]{3}-[0-9A-Z]{3}$/,
  mazda: /^[0-9A-Z]{4}-\d{2}-[0-9A-Z]{3,4}$/,
  suzuki: /^\d{5}-\d{2}[A-Z]\d{2}$/,
  isuzu: /^8-\d{8}-\d$/,
  'mercedes-benz': /^A\d{10}$/,
  bmw: /^\d{11}$/,
}

const namesIn = (text: string): string[] =>
  Object.entries(makes)
    .filter(([, [nameAr, nameEn]]) => [nameAr, nameEn].some(name => ` ${text} `.includes(` ${name} `)))
    .map(([id]) => id)

describe('seeds: the demo listings', () => {
  it('are 200, of five sellers', () => {
    expect(listingRows).to.have.length(200)
    expect(new Set(listingRows.map(row => row.seller_id)).size)
      .to.equal(sellerRows.length)
      .and.equal(5)
  })

  it('have an Arabic title in Arabic letters and an English one without any', () => {
    for (const row of listingRows) {
      expect(row.title_ar).to.match(/^[\u0621-\u064a]/)
      expect(row.description_ar).to.match(/[\u0621-\u064a]/)
      expect(`${row.title_en} ${row.description_en}`)
        .to.match(/^[A-Z]/)
        .and.not.match(/[\u0600-\u06ff]/)
    }
  })

  it('name the make they are for, and no other, in both titles', () => {
    for (const row of listingRows) {
      const own = row.fits.map(fit => fit.makeId)
      expect(namesIn(row.title_ar), row.title_ar).to.deep.equal(own)
      expect(namesIn(row.title_en), row.title_en).to.deep.equal(own)
    }
  })

  it('have part numbers in the form their make writes them', () => {
    for (const row of listingRows) {
      const [fit] = row.fits
      const form = fit && NUMBER_FORM[fit.makeId]
      if (form) expect(row.part_number, row.title_en).to.match(form)
    }
  })

  it('have ids, and part numbers of a seller, of their own', () => {
    expect(new Set(listingRows.map(row => row.id)).size).to.equal(200)
    expect(new Set(listingRows.map(row => `${row.seller_id} ${row.part_number}`)).size).to.equal(200)
    for (const row of listingRows) {
      expect(row.id).to.match(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/)
    }
  })

  it('are for 20 makes, and stand in leaves of the category tree, 40 of them', () => {
    const roots = new Set(categoryRows.map(row => row.parent_id))
    const leaves = new Set(categoryRows.filter(row => !roots.has(row.id)).map(row => row.id))
    const used = new Set(listingRows.map(row => row.category_id))
    expect(used.size).to.equal(40)
    for (const category of used) expect(leaves.has(category), category).to.equal(true)
    expect(new Set(listingRows.flatMap(row => row.fits.map(fit => fit.makeId))).size).to.equal(20)
  })

  it('are mostly for sale, with stock to sell, a few of them featured', () => {
    const count = (status: string) => listingRows.filter(row => row.status === status).length
    expect(count('ACTIVE')).to.be.above(180)
    expect(count('PAUSED')).to.be.within(2, 10)
    expect(count('DRAFT')).to.be.within(2, 10)
    expect(listingRows.filter(row => row.featured_until !== null).length).to.be.within(4, 12)
    for (const row of listingRows) expect(row.stock).to.be.within(20, 400)
  })

  it('are priced in whole halalas between 20 and 5,000 SAR', () => {
    for (const row of listingRows) {
      expect(row.price_halalas % 1).to.equal(0)
      expect(row.price_halalas, row.title_en).to.be.within(20_00, 5_000_00)
    }
  })

  it('are for sale where the demo buyer bought them', () => {
    const bought = new Set(
      purchases.flatMap(({ parcels }) => parcels.flatMap(({ lines }) => lines.map(([number]) => number))),
    )
    const idle = listingRows.filter(row => bought.has(row.part_number) && row.status !== 'ACTIVE')
    expect(idle.map(row => row.part_number)).to.deep.equal([])
  })
})
