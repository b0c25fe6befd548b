import { z } from 'zod'
import { isSupported } from './amount.js'
import { isProblem, TapError, type TapProblem } from './errors.js'

// Every rule carries the name of its Tap error as its message; `read` turns the messages into an answer.
export const because = (problem: TapProblem) => ({ error: problem })
/** Tap's limits read «less than». */
export const shorter = (limit: number, problem: TapProblem) =>
  z.string(because(problem)).max(limit - 1, because(problem))
export const flag = (problem: TapProblem = 'body') => z.boolean(because(problem))

export const webAddress = (problem: TapProblem) =>
  z.object(
    { url: z.url({ protocol: /^https?$/, ...because(problem) }).max(2048, because(problem)) },
    because(problem),
  )

export const phone = (problem: TapProblem) =>
  z.object(
    {
      country_code: z
        .union([z.string(), z.number()], because(problem))
        .transform(code => String(code).replace(/^(\+|00)/, ''))
        .refine(code => /^\d{1,4}$/.test(code), because(problem)),
      number: z
        .union([z.string(), z.number()], because(problem))
        .transform(String)
        .refine(number => /^\d{4,15}$/.test(number), because(problem)),
    },
    because(problem),
  )

export const metadata = z
  .record(
    z.string().max(249, because('metadata')),
    z.union([shorter(1000, 'metadata'), z.number(), z.boolean()], because('metadata')),
    because('metadata'),
  )
  .default({})

export const money = {
  amount: z.number(because('amount')).positive(because('amount')),
  currency: z
    .string(because('currency'))
    .regex(/^[A-Z]{3}$/, { ...because('currency'), abort: true })
    .refine(isSupported, because('currency_unsupported')),
}

export const idempotent = z
  .string(because('reference'))
  .min(1, because('reference'))
  .max(255, because('reference'))

export const receipt = z.object({ email: flag().default(false), sms: flag().default(false) }, because('body'))

export function read<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body)
  if (result.success) return result.data
  const named = result.error.issues.map(({ message }): TapProblem => (isProblem(message) ? message : 'body'))
  const [first = 'body', ...others] = new Set(named)
  throw new TapError(first, ...others)
}
