import { systemClock } from '../../api/platform/clock.js'
import { createDatabase } from '../../api/platform/database.js'
import { createOutbox } from '../../api/platform/outbox.js'
import { createOutboxRepair } from '../../api/platform/outbox-repair.js'
import { LANES } from '../../api/platform/queue-rules.js'
import { median } from '../figures.js'
import type { Database } from '../services.js'

export type LargeFigures = {
  rows: number
  /** To take a hundred jobs that are due. */
  claimMs: number
  /** To count what every lane has to do. */
  figuresMs: number
  forgottenPerSecond: number
}

const PENDING = 2_000
const ROUNDS = 9
const OLD = 200_000

/** What the outbox costs with so many rows that are done: most of them fresh, some old enough to be forgotten. */
export async function largeOutbox({ url, ownerUrl }: Database, rows: number): Promise<LargeFigures> {
  const options = { application: 'bench', poolMin: 0, acquireMs: 20_000, statementMs: 1_800_000 }
  const [db, owner] = [createDatabase({ url, ...options }), createDatabase({ url: ownerUrl, ...options })]
  try {
    await owner.raw(
      `insert into outbox (id, lane, topic, payload, hand_overs, tries, done_at, created_at)
       select gen_random_uuid(), (?::text[])[1 + n % ?], 'order_paid', jsonb_build_object('orderId', gen_random_uuid()),
         1, 1, now() - interval '1 minute' - case when n <= ? then interval '30 days' else interval '1 second' * (n % 86400) end, now()
       from generate_series(1, ?) n`,
      [[...LANES], LANES.length, OLD, rows],
    )
    await owner.raw(
      `insert into outbox (id, lane, topic, payload)
       select gen_random_uuid(), 'orders', 'order_paid', '{}' from generate_series(1, ?)`,
      [PENDING],
    )
    await owner.raw('vacuum analyze outbox')
    const outbox = createOutbox({ db, clock: systemClock })
    const claims = await times(() => outbox.claim({ orders: 100, email: 100, sms: 100 }))
    const figures = await times(() =>
      db.raw(
        `select lane, count(*), min(available_at) from outbox where done_at is null and failed_at is null group by lane
         union all select lane, count(*), null from outbox where failed_at is not null and done_at is null group by lane`,
      ),
    )
    const repair = createOutboxRepair({ db, clock: systemClock, keepDays: 7 })
    const started = performance.now()
    const forgotten = await repair.forgetOld()
    return {
      rows,
      claimMs: median(claims),
      figuresMs: median(figures),
      forgottenPerSecond: forgotten / ((performance.now() - started) / 1_000),
    }
  } finally {
    await Promise.all([db.destroy(), owner.destroy()])
  }
}

async function times(work: () => PromiseLike<unknown>): Promise<number[]> {
  const took: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const started = performance.now()
    await work()
    took.push(performance.now() - started)
  }
  return took
}
