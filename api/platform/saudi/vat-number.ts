import { compact, type Reading, read, refused } from './reading.js'

export type VatNumber = {
  number: string
  /** The taxpayer's identification number: the first ten digits. */
  tin: string
  /** The eleventh digit says that it stands for a group of firms. */
  isGroup: boolean
}

/**
 * A VAT registration number: fifteen digits that begin and end with 3. Its check digit's rule is unpublished, and it is
 * not Luhn: 399999999900003 of ZATCA's own samples would fail that.
 */
export function readVatNumber(text: string): Reading<VatNumber> {
  const number = compact(text)
  if (!/^\d{15}$/.test(number)) return refused('vat.shape')
  if (!/^3\d{13}3$/.test(number)) return refused('vat.ends')
  return read({ number, tin: number.slice(0, 10), isGroup: number[10] === '1' })
}
