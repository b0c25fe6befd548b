import { partKey } from '../../platform/fold.js'
import type { Part } from './query-text.js'

/** A word of a search, and which of the segments between blanks it stands in. */
export type Token = { word: string; at: number }
export type NumberFound = { part: Part; number: string; from: number; to: number }

const PART_NUMBER = /^(?=.*\d)[A-Z0-9]{4,40}$/
export const YEAR = /^(19[5-9]\d|20\d\d)$/

/** Figures and letters that may be a part number: one segment, or several in a row, as it stands on the box. */
export function numberFrom(segments: string[], tokens: Token[], from: number): NumberFound | undefined {
  const first = tokens[from]?.at as number
  if (tokens[from - 1]?.at === first) return undefined // in the middle of a segment
  let number = ''
  let last = first
  while (last < segments.length && isFigures(segments[last] as string))
    number += partKey(segments[last++] as string)
  if (!PART_NUMBER.test(number)) return undefined
  const own = tokens.slice(from).filter(token => token.at < last)
  const part: Part = { phrases: [own.map(token => token.word)], keys: [`n:${number}`], spelled: { number } }
  return { part, number, from, to: from + own.length }
}

/**
 * GDB 3425 and 06A 115 561 B: letters apart from the figures may be a piece of the number or a word beside it.
 * So the whole number meets the part of the figures and that of the letters alike.
 */
export function joinLetters({ part, number, from, to }: NumberFound, tokens: Token[], owners: Part[]): void {
  const before = lettersAt(from - 1, 5)
  const after = lettersAt(to, 3)
  if (before) meets(before + number, owners[from - 1])
  if (after) meets(number + after, owners[to])
  if (before && after) meets(before + number + after, owners[from - 1], owners[to])

  function lettersAt(at: number, most: number): string {
    const word = tokens[at]?.word.toUpperCase() ?? ''
    return /^[A-Z]+$/.test(word) && word.length <= most ? word : ''
  }
  function meets(whole: string, ...others: (Part | undefined)[]): void {
    for (const one of [part, ...others]) one?.keys.push(`n:${whole}`)
  }
}

/** Holds a figure and is no year. */
const isFigures = (segment: string): boolean => /\d/.test(partKey(segment)) && !YEAR.test(partKey(segment))
