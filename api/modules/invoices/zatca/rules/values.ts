import { type Decimal, parseDecimal } from '../decimal.js'
import { type Element, textOf } from './xml-tree.js'

/*
 * Values as XPath 2 reads them. A path may lead to none, one or many elements, and each kind of comparison takes that
 * differently; where XPath stops with an error (two values where one is wanted, a text where a number is), so do these.
 */

/** ZATCA's rules cannot go on here: what they would say of the rest of the document is not known. */
export class Uncalculable extends Error {
  constructor(
    readonly at: Element | undefined,
    message: string,
  ) {
    super(message)
  }
}

/** The text of the one element; nothing is an empty text. What functions of a text take. */
export function one(elements: readonly Element[]): string {
  if (elements.length > 1) throw new Uncalculable(elements[1], 'more than one value')
  return elements[0] ? textOf(elements[0]) : ''
}

const BLANK = /[\t\n\r ]/

/** What XPath makes of blanks: single ones, none at the ends. */
export const normal = (text: string): string =>
  BLANK.test(text) ? text.replace(/[\t\n\r ]+/g, ' ').replace(/^ | $/g, '') : text
export const normalOne = (elements: readonly Element[]): string => normal(one(elements))

/** `path != ''`: one of them has a text. */
export const isFilled = (elements: readonly Element[]): boolean =>
  elements.some(element => textOf(element) !== '')
/** `path = 'text'`: one of them is that. */
export const isText = (elements: readonly Element[], text: string): boolean =>
  elements.some(element => textOf(element) === text)

/** Length in characters, as XPath counts them: code points. */
export function lengthOf(text: string): number {
  return text.length < 100 || !/[\ud800-\udfff]/.test(text) ? text.length : [...text].length
}

/** The number of decimals: what follows the first point. */
export function decimalsOf(text: string): number {
  const at = text.indexOf('.')
  return at === -1 ? 0 : lengthOf(text.slice(at + 1))
}

/** `xs:decimal(path)`: undefined where there is nothing. */
export function decimalOf(elements: readonly Element[]): Decimal | undefined {
  const [element] = elements
  if (!element) return undefined
  one(elements)
  return decimalAt(element)
}

/** `path/xs:decimal(.)`: all of them. */
export const decimalsIn = (elements: readonly Element[]): Decimal[] => elements.map(decimalAt)

function decimalAt(element: Element): Decimal {
  if (element.decimal === undefined) element.decimal = parseDecimal(textOf(element)) ?? null
  if (element.decimal === null) throw new Uncalculable(element, `not a number: ${textOf(element)}`)
  return element.decimal
}

const DOUBLE = /^[\t\n\r ]*(?:[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|-?INF|NaN)[\t\n\r ]*$/

/** What a comparison with a number makes of an element. */
export function numberOf(element: Element): number {
  const text = textOf(element)
  if (!DOUBLE.test(text)) throw new Uncalculable(element, `not a number: ${text}`)
  return Number(text.trim().replace('INF', 'Infinity'))
}

/** `path > 0` and the like: one of them is so. */
export const isSome = (elements: readonly Element[], test: (value: number) => boolean): boolean =>
  elements.some(element => test(numberOf(element)))

/** `path = true()`: one of them says so. Undefined spellings cannot be compared. */
export function isBoolean(elements: readonly Element[], wanted: boolean): boolean {
  return elements.some(element => {
    const text = textOf(element).trim()
    if (text === 'true' || text === '1') return wanted
    if (text === 'false' || text === '0') return !wanted
    throw new Uncalculable(element, `neither true nor false: ${text}`)
  })
}
