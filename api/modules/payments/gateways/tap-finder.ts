import { after, minutes } from '../../../platform/clock.js'
import { type PaymentHandle, providerUnavailable, type RefundHandle } from './gateway.js'
import type { TapCall } from './tap-calls.js'
import { asObject } from './tap-hash.js'

const PAGE = 50
/** Tap's clock may go a little before ours; a page opened late is paid within the hour. */
const BEFORE_MS = minutes(10)
const AFTER_MS = minutes(24 * 60)
const MOST_PAGES = 100

/**
 * Tap reads by its own ids only. What is known by our reference alone is looked for in its lists, over the time
 * it must have come from.
 */
export function createTapFinder(call: TapCall) {
  return {
    /** The charges that carry our reference: those that were captured before all others, then the newest first. */
    async charges({ reference, createdAt }: PaymentHandle): Promise<Record<string, unknown>[]> {
      const ours = await all(
        '/charges/list',
        'charges',
        createdAt,
        charge => transactionOf(charge) === reference,
      )
      return [...ours.filter(isCaptured), ...ours.filter(charge => !isCaptured(charge))]
    },

    /** Everything that was captured in this time, oldest and newest in no promised order. */
    captured: (from: Date, to: Date) =>
      objects('/charges/list', 'charges', { from: from.getTime(), to: to.getTime() }, { status: 'CAPTURED' }),

    async refund({ reference, since }: RefundHandle): Promise<Record<string, unknown> | undefined> {
      const ours = await all('/refunds/list', 'refunds', since, refund => merchantOf(refund) === reference)
      return ours[0]
    },
  }

  async function all(
    path: string,
    member: string,
    start: Date,
    isOurs: (object: Record<string, unknown>) => boolean,
  ): Promise<Record<string, unknown>[]> {
    const date = { from: after(start, -BEFORE_MS).getTime(), to: after(start, AFTER_MS).getTime() }
    const found: Record<string, unknown>[] = []
    for await (const object of objects(path, member, date)) if (isOurs(object)) found.push(object)
    return found
  }

  async function* objects(
    path: string,
    member: string,
    date: { from: number; to: number },
    filter: Record<string, string> = {},
  ): AsyncGenerator<Record<string, unknown>> {
    let last: unknown
    for (let page = 0; page < MOST_PAGES; page++) {
      const answer = await call('POST', path, {
        period: { date },
        limit: PAGE,
        ...filter,
        ...(last === undefined ? {} : { starting_after: last }),
      })
      const listed = Array.isArray(answer[member]) ? (answer[member] as unknown[]).map(asObject) : []
      yield* listed
      last = listed.at(-1)?.id
      if (answer.has_more !== true || last === undefined) return
    }
    // "not among the first thousands" must not read as "never heard of it"
    throw providerUnavailable('tap', new Error(`more than ${MOST_PAGES} pages in ${path}`))
  }
}

const isCaptured = ({ status }: Record<string, unknown>) => status === 'CAPTURED'
const transactionOf = (charge: Record<string, unknown>) => asObject(charge.reference).transaction
const merchantOf = (refund: Record<string, unknown>) => asObject(refund.reference).merchant

/** The charge a refund is asked of: the capture, where the amount was reserved first. */
export function chargeOf({ captureId, externalId }: PaymentHandle): string {
  const id = captureId ?? externalId
  if (id === null) throw new Error('a refund needs a charge')
  return id
}
