import { z } from 'zod'
import { isSupported, minorUnits } from './amount.js'
import type { TapProblem } from './errors.js'
import {
  because,
  flag,
  idempotent,
  metadata,
  money,
  phone,
  read,
  receipt,
  shorter,
  webAddress,
} from './fields.js'
import { isCapture, sourceOf } from './sources.js'

const customer = z
  .object(
    {
      id: z.string(because('customer')).min(1, because('customer')).optional(),
      first_name: shorter(250, 'customer_name').optional(),
      last_name: shorter(250, 'customer_name').optional(),
      email: z.email(because('customer_email')).optional(),
      phone: phone('customer_phone').optional(),
    },
    because('customer'),
  )
  .refine(({ id, email, phone }) => id || email || phone, because('customer'))
  .refine(({ id, first_name }) => id || first_name, because('customer_name'))

const destination = z.object({ id: z.string().regex(/^\w{1,64}$/), ...money }, because('destination'))

const reference = z
  .object(
    {
      transaction: shorter(100, 'reference').optional(),
      order: shorter(100, 'reference').optional(),
      idempotent: idempotent.optional(),
    },
    because('reference'),
  )
  .default({})

const payment = z.object(
  {
    ...money,
    customer_initiated: flag().default(true),
    threeDSecure: flag().default(true),
    save_card: flag().default(false),
    description: shorter(1000, 'description').default(''),
    statement_descriptor: shorter(60, 'statement_descriptor').optional(),
    metadata,
    reference,
    receipt: receipt.optional(),
    customer,
    merchant: z.object({ id: z.string() }, because('body')).optional(),
    source: z.object(
      { id: z.string(because('source')), phone: phone('source_phone').optional() },
      because('source'),
    ),
    post: webAddress('post').optional(),
    redirect: webAddress('redirect').optional(),
    transaction: z
      .object({
        expiry: z
          .object(
            {
              period: z.int(because('expiry')).min(5, because('expiry')).max(60, because('expiry')),
              type: z.literal('MINUTE', because('expiry')),
            },
            because('expiry'),
          )
          .optional(),
      })
      .optional(),
    destinations: z
      .object({ destination: z.array(destination, because('destination')) }, because('destination'))
      .optional(),
  },
  because('body'),
)

type PaymentShape = z.output<typeof payment>

const charge = payment.superRefine((input, context) => {
  for (const problem of paymentProblems(input)) context.addIssue({ code: 'custom', message: problem })
})

const authorization = payment
  .extend({
    auto: z
      .object(
        {
          type: z.enum(['VOID', 'CAPTURE'], because('auto')),
          time: z.int(because('auto')).min(1, because('auto')).max(168, because('auto')),
        },
        because('auto'),
      )
      .default({ type: 'VOID', time: 168 }),
  })
  .superRefine((input, context) => {
    const problems = paymentProblems(input)
    if (isCapture(input.source.id) || sourceOf(input.source.id)?.canAuthorize === false)
      problems.push('source')
    for (const problem of problems) context.addIssue({ code: 'custom', message: problem })
  })

/** The rules that look at more than one field. */
function paymentProblems(input: PaymentShape): TapProblem[] {
  const { amount, currency, source } = input
  const problems: TapProblem[] = []
  if (isSupported(currency) && minorUnits(amount, currency) === undefined) problems.push('amount')
  const known = sourceOf(source.id)
  if (!known) problems.push('source')
  if (known?.onlySar && currency !== 'SAR') problems.push('currency_unsupported')
  if (known?.needsPhone && !source.phone) problems.push('source_phone')
  if (isCapture(source.id) && !(input.customer_initiated && input.threeDSecure))
    problems.push('capture_flags')
  return [...problems, ...destinationProblems(input)]
}

function destinationProblems({ amount, currency, destinations }: PaymentShape): TapProblem[] {
  const parts = destinations?.destination ?? []
  if (new Set(parts.map(part => part.id)).size < parts.length) return ['destination_duplicate']
  let total = 0n
  for (const part of parts) {
    const units = minorUnits(part.amount, part.currency)
    if (part.currency !== currency || units === undefined) return ['destination']
    total += units
  }
  return total > (minorUnits(amount, currency) ?? 0n) ? ['transfer_exceeds'] : []
}

export type ChargeInput = z.output<typeof charge>
export type AuthorizationInput = z.output<typeof authorization>

export const readCharge = (body: unknown): ChargeInput => read(charge, body)
export const readAuthorization = (body: unknown): AuthorizationInput => read(authorization, body)
