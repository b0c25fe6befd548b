import { compact, type Reading, read, readDigits, refused } from './reading.js'

/** The Saudi national address (SPL). */
export type NationalAddress = {
  buildingNumber: string
  street: string
  district: string
  city: string
  postalCode: string
  additionalNumber?: string | undefined
  shortAddress?: string | undefined
}

export const readBuildingNumber = (text: string): Reading => readDigits(text, 4, 'address.building')
export const readAdditionalNumber = (text: string): Reading => readDigits(text, 4, 'address.additional')
export const readPostalCode = (text: string): Reading => readDigits(text, 5, 'address.postal')

/** `RRRD2929`: region, branch, division and one letter more, then the building number. */
export function readShortAddress(text: string): Reading {
  const short = compact(text).toUpperCase()
  return /^[A-Z]{4}\d{4}$/.test(short) ? read(short) : refused('address.short')
}

/** A short address ends in the number of the building it stands for. */
export const isOfBuilding = (shortAddress: string, buildingNumber: string): boolean =>
  shortAddress.slice(4) === buildingNumber
