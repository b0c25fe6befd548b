import { expect } from 'chai'
import fc from 'fast-check'
import {
  isOfBuilding,
  readBuildingNumber,
  readPostalCode,
  readShortAddress,
} from '../../api/platform/saudi/address.js'
import { readAddressText } from '../../api/platform/saudi/address-text.js'
import { asTyped, digitsOf } from './writing.js'

describe('the parts of a national address', () => {
  for (const [what, reader, count] of [
    ['a building number', readBuildingNumber, 4],
    ['a postal code', readPostalCode, 5],
  ] as const) {
    it(`${what} has ${count} digits, of either script`, () => {
      fc.assert(
        fc.property(
          digitsOf(count).chain(digits => asTyped(digits).map(text => ({ digits, text }))),
          ({ digits, text }) => {
            expect(reader(text)).to.deep.equal({ value: digits })
          },
        ),
      )
      fc.assert(
        fc.property(
          fc
            .nat({ max: 9 })
            .filter(n => n !== count)
            .chain(digitsOf),
          digits => {
            expect(reader(digits)).to.have.property('problem')
          },
        ),
      )
    })
  }

  it('a short address is four letters and the building number', () => {
    expect(readShortAddress('rrrd 2929')).to.deep.equal({ value: 'RRRD2929' })
    expect(readShortAddress('RRRD٢٩٢٩')).to.deep.equal({ value: 'RRRD2929' })
    for (const text of ['RRR2929', 'RRRD292', '2929RRRD', 'رررد2929', ''])
      expect(readShortAddress(text)).to.deep.equal({ problem: 'address.short' })
    expect(isOfBuilding('RRRD2929', '2929')).to.equal(true)
    expect(isOfBuilding('RRRD2929', '2928')).to.equal(false)
  })
})

describe('an address as it stands on an envelope', () => {
  it('is read in English and in Arabic', () => {
    expect(readAddressText('8228 King Fahd Road, Al Olaya, Riyadh 12214-2121').value).to.deep.equal({
      buildingNumber: '8228',
      street: 'King Fahd Road',
      district: 'Al Olaya',
      city: 'Riyadh',
      postalCode: '12214',
      additionalNumber: '2121',
      shortAddress: undefined,
    })
    const arabic = readAddressText('٢٩٢٩ شارع العليا، حي العليا، مكة المكرمة ١٢٢١٤، RRRD2929').value
    expect(arabic).to.include({ buildingNumber: '2929', city: 'مكة المكرمة', shortAddress: 'RRRD2929' })
    expect(readAddressText('RRRD2929').value).to.deep.equal({ shortAddress: 'RRRD2929' })
  })

  for (const [text, problem] of [
    ['', 'address.short'],
    ['RRRD292', 'address.short'],
    ['82 King Fahd Road, Al Olaya, Riyadh 12214', 'address.building'],
    ['King Fahd Road, Al Olaya, Riyadh 12214', 'address.building'],
    ['8228 King Fahd Road, Riyadh 12214', 'address.parts'],
    ['8228 King Fahd Road, Al Olaya, Riyadh', 'address.postal'],
    ['8228 King Fahd Road, Al Olaya, Riyadh 1221', 'address.postal'],
    ['8228 King Fahd Road, Al Olaya, Riyadh 12214-21', 'address.additional'],
    ['8228 King Fahd Road, Al Olaya, Riyadh 12214, RRRD2929', 'address.short_building'],
    ['8228 King\u202e Fahd Road, Al Olaya, Riyadh 12214', 'text.control'],
  ] as const)
    it(`is told what is wrong with ${JSON.stringify(text)}`, () =>
      expect(readAddressText(text)).to.deep.equal({ problem }))
})
