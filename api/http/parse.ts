import type { ZodType, z } from 'zod'
import { AppError, type FieldError } from '../platform/errors.js'
import { fieldText } from './field-texts.js'
import { issueText } from './issue-texts.js'
import type { Locale } from './locale.js'

/** Where an input stands, as it opens a pointer: `#/lines/0/quantity`, `?limit`, `:id`. */
export type InputPlace = '#' | '?' | ':'

/** Nobody mends more at once, and an answer must not be larger than what it answers. */
const MOST_ERRORS = 20

/** The validated value, or one error that names the fields that are wrong, in the reader's language. */
export function parse<T>(schema: ZodType<T>, input: unknown, place: InputPlace, locale: Locale): T {
  // without words first: zod then takes its short way, and most input is right
  const quick = schema.safeParse(input)
  if (quick.success) return quick.data
  const result = schema.safeParse(input, { error: issueText(locale) })
  if (result.success) return result.data
  const errors = result.error.issues
    .slice(0, MOST_ERRORS)
    .flatMap(issue => fieldErrors(issue, place, locale))
    .slice(0, MOST_ERRORS)
  throw new AppError('invalid', 'request.invalid', errors.map(e => `${e.pointer}: ${e.detail}`).join('; '), {
    errors,
  })
}

function fieldErrors(issue: z.core.$ZodIssue, place: InputPlace, locale: Locale): FieldError[] {
  const detail = fieldText(issue.message, locale)
  if (issue.code === 'unrecognized_keys') {
    return issue.keys
      .slice(0, MOST_ERRORS)
      .map(key => ({ pointer: pointerTo([...issue.path, key], place), detail }))
  }
  return [{ pointer: pointerTo(issue.path, place), detail }]
}

/** RFC 6901 for bodies; the bare name for what stands in the URL. */
export function pointerTo(path: PropertyKey[], place: InputPlace): string {
  if (place !== '#') return `${place}${path.map(String).join('.')}`
  return `#${path.map(part => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')}`
}
