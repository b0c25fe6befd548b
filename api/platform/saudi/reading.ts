import { westernDigits } from '../digits.js'

/** What came of reading a text: its one normal form, or what is wrong, as a key of texts.ts. */
export type Reading<T = string> = { value: T; problem?: undefined } | { problem: string; value?: undefined }
export type Reader<T = string> = (text: string) => Reading<T>

export const read = <T>(value: T): Reading<T> => ({ value })
export const refused = (problem: string): { problem: string } => ({ problem })

/** Blanks of any kind, hyphens and dashes, dots, brackets, and the marks that turn Arabic text around. */
const SEPARATORS = /[\s().\-\u2010-\u2015\u2212\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

/** A number as people type, print and paste it, without what parts its digits: ٠٥٠-١٢٣ ٤٥٦٧ is 0501234567. */
export const compact = (text: string): string => westernDigits(text).replace(SEPARATORS, '')

/** So many digits and nothing else, however they are parted. */
export function readDigits(text: string, count: number, problem: string): Reading {
  const digits = compact(text)
  return digits.length === count && /^\d+$/.test(digits) ? read(digits) : refused(problem)
}
