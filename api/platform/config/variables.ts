import { z } from 'zod'
import { storeProblem } from '../storage/store-address.js'

/**
 * How one variable is read from text. An empty value counts as unset everywhere, so that
 * `TAP_SECRET_KEY=` is a missing key and not an empty one.
 */
const blankIsUnset = (value: unknown) =>
  typeof value === 'string' && value.trim() === '' ? undefined : value

export const text = () => z.preprocess(blankIsUnset, z.string().trim().optional())
export const textOr = (fallback: string) => z.preprocess(blankIsUnset, z.string().trim().default(fallback))

export const oneOf = <const T extends readonly [string, ...string[]]>(values: T, fallback: T[number]) =>
  z.preprocess(blankIsUnset, z.enum(values).default(fallback as never))

/** "true" is true and "false" is false; anything else but 1, 0, yes, no, on, off is refused. */
export const flag = (fallback: boolean) => z.preprocess(blankIsUnset, z.stringbool().default(fallback))

export const integer = (fallback: number, { min, max }: { min: number; max: number }) =>
  z.preprocess(
    blankIsUnset,
    z
      .string()
      .regex(/^\d{1,12}$/, 'must be a whole number')
      .transform(Number)
      .pipe(z.number().min(min, `must be at least ${min}`).max(max, `must be at most ${max}`))
      .default(fallback),
  )

/** A percentage with up to two decimals, as basis points: "15" is 1500. */
export const percent = (fallback: number) =>
  z.preprocess(
    blankIsUnset,
    z
      .string()
      .regex(/^\d{1,2}(\.\d{1,2})?$/, 'must be a percentage such as 15 or 5.5')
      .transform(value => {
        const [whole = '0', decimals = ''] = value.split('.')
        return Number(whole) * 100 + Number(decimals.padEnd(2, '0'))
      })
      .default(fallback),
  )

const isUrl = (value: string, protocols: readonly string[]) =>
  URL.canParse(value) && protocols.includes(new URL(value).protocol)

const urlOf = (...protocols: string[]) =>
  z
    .string()
    .trim()
    .refine(
      value => isUrl(value, protocols),
      `must be a URL beginning ${protocols.map(p => `${p}//`).join(' or ')}`,
    )

export const url = (...protocols: string[]) => z.preprocess(blankIsUnset, urlOf(...protocols).optional())
export const httpUrlOr = (fallback: string) =>
  z.preprocess(
    blankIsUnset,
    urlOf('http:', 'https:')
      .transform(value => value.replace(/\/+$/, ''))
      .default(fallback),
  )

/** Where files are kept: see platform/storage/store-address.ts. */
export const storageUrl = () =>
  z.preprocess(
    blankIsUnset,
    z
      .string()
      .trim()
      .superRefine((value, ctx) => {
        const message = storeProblem(value)
        if (message) ctx.addIssue({ code: 'custom', message })
      })
      .optional(),
  )

export const secret = (length: number) =>
  z.preprocess(blankIsUnset, z.string().min(length, `must have at least ${length} characters`).optional())

export const hexKey = () =>
  z.preprocess(
    blankIsUnset,
    z
      .string()
      .regex(/^[0-9a-f]{64}$/i, 'must be 64 hexadecimal digits')
      .optional(),
  )

/** Comma-separated; blanks around the items are dropped. */
export const list = (fallback: string[] = []) =>
  z.preprocess(
    blankIsUnset,
    z
      .string()
      .transform(value =>
        value
          .split(',')
          .map(item => item.trim())
          .filter(Boolean),
      )
      .default(fallback),
  )

const UNITS: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }
const DAY_MS = 86_400_000

/** How many in how long: "5/15m" is five in any quarter of an hour. A day at most. */
export const rate = (fallback: string) =>
  z.preprocess(
    blankIsUnset,
    z
      .string()
      .trim()
      .regex(/^[1-9]\d{0,8}\/[1-9]\d{0,4}[smhd]$/, 'must be a rate such as 5/15m (s, m, h, d)')
      .transform(readRate)
      .refine(({ windowMs }) => windowMs <= DAY_MS, 'must be for a day (1d) at most')
      .prefault(fallback),
  )

function readRate(value: string): { max: number; windowMs: number } {
  const [max = '', window = ''] = value.split('/')
  return { max: Number(max), windowMs: Number(window.slice(0, -1)) * (UNITS[window.slice(-1)] as number) }
}

/** `email=5,orders=10`: a number for each of these names; those that are left out keep their own. */
export const numbersOf = <const N extends string>(
  fallback: Readonly<Record<N, number>>,
  { max }: { max: number },
) =>
  z.preprocess(
    // without a value it is read from none
    value => blankIsUnset(value) ?? '',
    z.string().transform((value, context) => {
      const numbers: Record<N, number> = { ...fallback }
      if (value === '') return numbers
      for (const entry of value.split(',')) {
        const [, name, digits] = /^\s*([\w-]+)\s*=\s*(\d{1,6})\s*$/.exec(entry) ?? []
        if (name !== undefined && Object.hasOwn(fallback, name) && Number(digits) <= max)
          numbers[name as N] = Number(digits)
        else {
          const [example, number] = Object.entries(fallback)[0] as [string, number]
          const names = Object.keys(fallback).join(', ')
          context.addIssue({
            code: 'custom',
            message: `must hold entries such as ${example}=${number}, at most ${max}, for ${names}`,
          })
          return z.NEVER
        }
      }
      return numbers
    }),
  )
