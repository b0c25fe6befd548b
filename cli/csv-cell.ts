/** A cell beginning with = + - @ must not become a formula in a spreadsheet. For text only: a number below zero stays one. */
export function plainCell(value: string): string {
  return /^[=+\-@\t\r＝＋－＠]/u.test(value) ? `'${value}` : value
}
