import { westernDigits } from '../digits.js'
import {
  isOfBuilding,
  type NationalAddress,
  readAdditionalNumber,
  readPostalCode,
  readShortAddress,
} from './address.js'
import { type Reading, read, refused } from './reading.js'
import { readLine } from './text.js'

/**
 * An address as it stands on an envelope: `8228 King Fahd Road, Al Olaya, Riyadh 12214-2121`, in Arabic too, with the
 * short address as a part of its own where it is known. Or a short address alone.
 */
export function readAddressText(text: string): Reading<Partial<NationalAddress>> {
  const parts = westernDigits(text)
    .split(/[,،;؛\n]/)
    .map(part => part.trim())
    .filter(part => part !== '')
  const shorts = parts.map(part => readShortAddress(part).value)
  const shortAddress = shorts.find(short => short !== undefined)
  const [first = '', district = '', last = '', ...more] = parts.filter((_, at) => shorts[at] === undefined)
  if (first === '') return shortAddress ? read({ shortAddress }) : refused('address.short')
  if (parts.length === 1 && !/\s/.test(first)) return refused('address.short')

  const [, buildingNumber, street] = /^(\d+)\s+(.+)$/u.exec(first) ?? []
  if (buildingNumber?.length !== 4 || street === undefined) return refused('address.building')
  if (last === '' || more.length > 0) return refused('address.parts')
  const [, city, postal, additional] = /^(.+?)\s+(\d+)(?:\s*[-–—]\s*(\d+))?$/u.exec(last) ?? []
  const postalCode = readPostalCode(postal ?? '')
  if (postalCode.problem !== undefined) return postalCode
  const additionalNumber = additional === undefined ? read(undefined) : readAdditionalNumber(additional)
  if (additionalNumber.problem !== undefined) return additionalNumber
  const bad = [street, district, city as string].map(part => readLine(part, 120)).find(part => part.problem)
  if (bad?.problem) return refused(bad.problem)
  if (shortAddress && !isOfBuilding(shortAddress, buildingNumber)) return refused('address.short_building')
  return read({
    buildingNumber,
    street,
    district,
    city: city as string,
    postalCode: postalCode.value,
    additionalNumber: additionalNumber.value,
    shortAddress,
  })
}

/** The same the other way round. */
export function addressLine(address: Partial<NationalAddress>): string {
  const { buildingNumber, street, district, city, postalCode, additionalNumber, shortAddress } = address
  if (buildingNumber === undefined) return shortAddress ?? ''
  const code = additionalNumber ? `${postalCode}-${additionalNumber}` : postalCode
  return [`${buildingNumber} ${street}`, district, `${city} ${code}`, shortAddress].filter(Boolean).join(', ')
}
