import { type Reading, read, refused } from './reading.js'

/**
 * Control characters but line breaks and tabs, and what turns the direction of the text around it. Half a surrogate
 * pair is no character, and PostgreSQL keeps none.
 */
const CONTROL = /(?![\n\r\t])\p{Cc}|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]|\p{Cs}/u
const LINE_BREAK = /[\n\r\t\u2028\u2029]/u
/** Blanks, marks without a letter, and characters that show as nothing. */
const NOTHING_SEEN = /^[\p{Z}\p{Cf}\p{M}\u115f\u1160\u3164\uffa0]*$/u

/** Characters as people count them, near enough: an emoji beyond the first plane is one. */
export const lengthOf = (text: string): number => [...text].length

/** A name, a title, a street: one line in which something can be read. */
export function readLine(text: string, most: number): Reading {
  const line = text.trim()
  if (CONTROL.test(line) || LINE_BREAK.test(line)) return refused('text.control')
  if (NOTHING_SEEN.test(line)) return refused('text.blank')
  return lengthOf(line) > most ? refused('text.too_long') : read(line)
}

/** Text of several lines, or none. It is kept as it was written: whoever shows it escapes it. */
export function readFreeText(text: string, most: number): Reading {
  const free = text.trim()
  if (CONTROL.test(free)) return refused('text.control')
  return lengthOf(free) > most ? refused('text.too_long') : read(free)
}

/** The Arabic one of a title in both languages. */
export function readArabicLine(text: string, most: number): Reading {
  return arabicOf(readLine(text, most))
}

export const MOST_ARABIC = 5_000

/** Text that Arabic readers are meant to read: 1 to 5,000 characters, at least one of them an Arabic letter. */
export function readArabicText(text: string, most = MOST_ARABIC): Reading {
  const reading = readFreeText(text, most)
  return reading.value === '' ? refused('text.blank') : arabicOf(reading)
}

const arabicOf = (reading: Reading): Reading =>
  reading.value !== undefined && !hasArabic(reading.value) ? refused('text.not_arabic') : reading

export const hasArabic = (text: string): boolean => /(?=\p{L})\p{Script=Arabic}/u.test(text)
