import { parsePhoneNumberFromString } from 'libphonenumber-js/mobile'
import { compact, type Reading, read, refused } from './reading.js'

/**
 * A Saudi mobile number: +966…, 00966…, 966…, 05… or 5…; its normal form is `+9665xxxxxxxx`, in the API, in SMS and in
 * the database. Which ranges are given out (not 052) the metadata of Google's libphonenumber knows.
 */
export function readMobile(text: string): Reading {
  const digits = compact(text)
  if (!/^\+?\d{9,15}$/.test(digits)) return refused('mobile.shape')
  const number = parsePhoneNumberFromString(digits, { defaultCountry: 'SA', extract: false })
  if (number?.country !== 'SA' || !/^\+9665\d{8}$/.test(number.number)) return refused('mobile.shape')
  return number.isValid() ? read(number.number) : refused('mobile.range')
}
