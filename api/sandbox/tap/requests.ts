import { z } from 'zod'
import { isSupported, minorUnits } from './amount.js'
import { because, idempotent, metadata, money, read, receipt, shorter, webAddress } from './fields.js'

const refund = z
  .object(
    {
      ...money,
      charge_id: z.string(because('charge_id')).regex(/^chg_\w{1,80}$/, because('charge_id')),
      reason: shorter(250, 'reason').min(1, because('reason')),
      metadata,
      reference: z
        .object(
          {
            merchant: shorter(100, 'reference').optional(),
            idempotent: idempotent.optional(),
          },
          because('reference'),
        )
        .default({}),
      post: webAddress('post').optional(),
    },
    because('body'),
  )
  .refine(
    ({ amount, currency }) => !isSupported(currency) || minorUnits(amount, currency) !== undefined,
    because('amount'),
  )

const change = z.object(
  {
    description: shorter(1000, 'description').optional(),
    metadata: metadata.unwrap().optional(),
    receipt: receipt.optional(),
  },
  because('body'),
)

const date = z.coerce.number(because('period')).int(because('period')).min(0, because('period'))
const list = z.object(
  {
    period: z
      .object({ date: z.object({ from: date, to: date }, because('period')) }, because('period'))
      .optional(),
    status: z.string(because('body')).optional(),
    limit: z.int(because('limit')).min(1, because('limit')).max(50, because('limit')).default(25),
    starting_after: z.string(because('starting_after')).optional(),
  },
  because('body'),
)

export type RefundInput = z.output<typeof refund>
export type ChangeInput = z.output<typeof change>
export type ListInput = z.output<typeof list>

export const readRefund = (body: unknown): RefundInput => read(refund, body)
export const readChange = (body: unknown): ChangeInput => read(change, body)
export const readList = (body: unknown): ListInput => read(list, body)
