/** The shapes ZATCA asks of some schemes of a party's other id (BR-KSA-F-07 to F-11); of the others, letters and digits. */
const SHAPES: Record<string, RegExp> = {
  CRN: /^\d{10}$/,
  700: /^7\d{9}$/,
  TIN: /^3\d{9}$/,
  NAT: /^1\d{9}$/,
  IQA: /^2\d{9}$/,
}
const ANY = /^[A-Za-z0-9]{3,30}$/
/** Eight digits in a row that count up, count down or stay are nobody's number: ZATCA refuses them (BR-KSA-F-13). */
const MADE_UP = /^\d*(?:01234567|12345678|23456789|76543210|87654321|98765432|(\d)\1{7})\d*$/

export const hasShapeOfScheme = (scheme: string, value: string): boolean =>
  (SHAPES[scheme] ?? ANY).test(value)
export const isMadeUpId = (value: string): boolean => MADE_UP.test(value)
