import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'

import { westernDigits } from '../api/platform/digits.js'
import { AppError } from '../api/platform/errors.js'

/** Named here, because a command may import nothing of api before it runs. */
export { ALERT_KINDS } from '../api/platform/alert-kinds.js'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** An order as people name it, or its id. */
export async function orderReference(typed: string): Promise<string> {
  const input = westernDigits(typed)
  if (UUID.test(input)) return input.toLowerCase()
  if (/^CP-\d{1,15}$/i.test(input)) return input.toUpperCase()
  throw new AppError(
    'invalid',
    'cli.bad_order',
    `${input} is no order: use its number (CP-1000001) or its id.`,
  )
}

/** A tax document by its number, or its id. */
export async function invoiceReference(typed: string): Promise<string> {
  const input = westernDigits(typed)
  if (UUID.test(input)) return input.toLowerCase()
  if (/^[A-Z]{2,4}-\d{1,9}-\d{1,9}$/i.test(input)) return input.toUpperCase()
  throw new AppError(
    'invalid',
    'cli.bad_invoice',
    `${input} is no tax document: use its number (INV-1001-000001) or its id.`,
  )
}

/** An id: anything else is refused before a service is asked. */
export const uuidArg = Args.custom<string>({ parse: async input => idIn(input) })

/** Several of them, where a command takes any number. */
export const idsIn = (given: readonly string[]): string[] => given.map(idIn)

function idIn(input: string): string {
  if (UUID.test(input)) return input.toLowerCase()
  throw new AppError('invalid', 'cli.bad_id', `${input} is not an id (a UUID).`)
}

/** A process of the database, by its number. */
export const pidArg = Args.custom<number>({
  parse: async input => {
    if (/^[1-9]\d{0,9}$/.test(input)) return Number(input)
    throw new AppError(
      'invalid',
      'cli.bad_pid',
      `${input} is no number of a process: db:sessions lists them.`,
    )
  },
})

/** An account by its e-mail address or its id. */
export async function userReference(input: string): Promise<string> {
  if (UUID.test(input)) return input.toLowerCase()
  if (/^[^\s@]+@[^\s@]+$/.test(input)) return input.toLowerCase()
  throw new AppError('invalid', 'cli.bad_user', `${input} is no account: use its e-mail address or its id.`)
}

/** Why something is done to somebody: it stands in the audit trail. */
export const reasonFlag = () =>
  Flags.string({
    required: true,
    helpValue: 'TEXT',
    summary: 'Why: for the audit trail.',
    parse: reasonText,
  })

export async function reasonText(input: string): Promise<string> {
  const reason = input.trim()
  if (reason.length >= 3 && reason.length <= 500) return reason
  throw new AppError('invalid', 'cli.bad_reason', 'Say why, in 3 to 500 characters.')
}

/** A seller by the number of the commercial register, or by id. */
export async function sellerReference(input: string): Promise<string> {
  if (UUID.test(input)) return input.toLowerCase()
  const { readCommercialRegistration } = await import('../api/platform/saudi/commercial-registration.js')
  const { value } = readCommercialRegistration(input)
  if (value) return value.number
  throw new AppError(
    'invalid',
    'cli.bad_seller',
    `${input} is no seller: use the CR number (ten digits) or the id.`,
  )
}

/** An API key by its first digits, or by id. Somebody who pastes a whole key they found means that key. */
export async function keyReference(input: string): Promise<string> {
  if (UUID.test(input)) return input.toLowerCase()
  const [prefix] = /^cp_[0-9a-f]{12}(?=$|[0-9a-f]{52}$)/.exec(input) ?? []
  if (prefix) return prefix
  throw new AppError(
    'invalid',
    'cli.bad_key',
    'That is no API key: use its first digits (cp_ and twelve more) or its id.',
  )
}

/** The queues there are: see api/platform/queue-rules.ts, which a command must not load to show its help. */
export const QUEUE_NAMES = ['email', 'sms', 'orders', 'analytics', 'scheduled'] as const
type QueueName = (typeof QUEUE_NAMES)[number]

export const queueArg = Args.custom<QueueName>({
  options: [...QUEUE_NAMES],
  description: QUEUE_NAMES.join(', '),
})
