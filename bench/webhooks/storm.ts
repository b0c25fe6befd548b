import { setTimeout as wait } from 'node:timers/promises'
import type pg from 'pg'
import { withClient } from '../../test/support/template.js'
import type { Database } from '../services.js'
import { chargeIdOf, chargeOf, signatureOf } from './charges.js'

export type StormFigures = {
  events: number
  deliveries: number
  kills: number
  seconds: number
  wrong: string[]
}
type Worker = { pid: number; stop(): Promise<void> }

const AT_ONCE = 16
const COPIES = 3

/**
 * Each of so many events delivered three times, in random order, while the worker is killed twice: every event has
 * exactly one effect. Orders and payments are put there beforehand, as a checkout leaves them.
 */
export async function weather(
  database: Database,
  { apiUrl, secretKey, startWorker }: { apiUrl: string; secretKey: string; startWorker(): Promise<Worker> },
  { events, random, tell }: { events: number; random: () => number; tell: (line: string) => void },
): Promise<StormFigures> {
  return withClient(database.ownerUrl, async client => {
    const paymentIds = await openPayments(client, events)
    const started = performance.now()
    let worker = await startWorker()
    const delivering = deliverAll(paymentIds, apiUrl, secretKey, random)
    let kills = 0
    for (const share of [0.25, 0.6]) {
      await until(
        () => processed(client),
        count => count >= events * share,
        tell,
      )
      process.kill(worker.pid, 'SIGKILL')
      kills += 1
      await worker.stop()
      worker = await startWorker()
    }
    const deliveries = await delivering
    await until(
      () => processed(client),
      count => count >= events,
      tell,
    )
    await until(
      () => waiting(client),
      count => count === 0,
      tell,
    )
    const seconds = (performance.now() - started) / 1_000
    await worker.stop()
    return { events, deliveries, kills, seconds, wrong: await wrongIn(client, events) }
  })
}

/** Checkouts of one order each, held and waiting for the money, with a charge at the provider. */
async function openPayments(client: pg.Client, count: number): Promise<string[]> {
  await client.query(
    `create temp table made as
     select gen_random_uuid() as checkout, gen_random_uuid() as order_id, gen_random_uuid() as payment,
       gen_random_uuid() as idempotency, row_number() over () as n
     from generate_series(1, $1)`,
    [count],
  )
  const {
    rows: [who],
  } = await client.query('select (select id from users order by id limit 1) as buyer')
  const {
    rows: [what],
  } = await client.query(
    `select id, seller_id, title_ar, title_en, part_number from listings order by id limit 1`,
  )
  await client.query('update listings set price_halalas = 11500, stock = $2 where id = $1', [
    what.id,
    count * 2,
  ])
  await client.query(
    `insert into checkouts (id, buyer_id, idempotency_id, total_halalas, delivery_address)
     select checkout, $1, idempotency, 11500, '{}' from made`,
    [who.buyer],
  )
  await client.query(
    `insert into orders (id, checkout_id, buyer_id, seller_id, net_halalas, vat_halalas, rounding_halalas,
       total_halalas, hold_expires_at)
     select order_id, checkout, $1, $2, 10000, 1500, 0, 11500, now() + interval '1 hour' from made`,
    [who.buyer, what.seller_id],
  )
  await client.query(
    `insert into order_items (id, order_id, position, listing_id, title_ar, title_en, part_number, quantity,
       unit_price_halalas, total_halalas, net_halalas, vat_basis_points)
     select gen_random_uuid(), order_id, 1, $1, $2, $3, $4, 1, 11500, 11500, 10000, 1500 from made`,
    [what.id, what.title_ar, what.title_en, what.part_number],
  )
  await client.query(
    `insert into payments (id, checkout_id, buyer_id, idempotency_id, provider, method, amount_halalas, external_id,
       expires_at)
     select payment, checkout, $1, gen_random_uuid(), 'tap', 'card', 11500, 'chg_' || replace(payment::text, '-', ''),
       now() + interval '1 hour' from made`,
    [who.buyer],
  )
  await client.query('insert into payment_allocations select payment, order_id, 11500 from made')
  const { rows } = await client.query('select payment from made order by n')
  return rows.map(row => row.payment)
}

async function deliverAll(
  paymentIds: string[],
  apiUrl: string,
  secretKey: string,
  random: () => number,
): Promise<number> {
  const queue = shuffled(Array.from({ length: COPIES }, () => paymentIds).flat(), random)
  const count = queue.length
  const next = async (): Promise<void> => {
    for (let id = queue.pop(); id; id = queue.pop()) {
      const charge = chargeOf(chargeIdOf(id))
      const answer = await fetch(`${apiUrl}/api/v1/webhooks/tap`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', hashstring: signatureOf(charge, secretKey) },
        body: JSON.stringify(charge),
      })
      await answer.body?.cancel()
      if (!answer.ok) throw new Error(`a delivery was answered ${answer.status}`)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, next))
  return count
}

/** Nothing lost, nothing twice: by counting, in the books themselves. */
async function wrongIn(client: pg.Client, events: number): Promise<string[]> {
  const expected: Record<string, string> = {
    'payments captured': `select count(*) from payments where status = 'CAPTURED'`,
    'payments audited as completed': `select count(*) from audit_log where action = 'payment_completed'`,
    'payments audited once': `select count(distinct object_id) from audit_log where action = 'payment_completed'`,
    'orders paid': `select count(*) from orders where status = 'PAID'`,
    'orders audited as paid': `select count(*) from audit_log where action = 'order_paid'`,
    'events processed': `select count(*) from webhook_events where status = 'processed' and outcome = 'applied'`,
    'events in all': 'select count(*) from webhook_events',
    'tax invoices': `select count(*) from invoices`,
    'invoiced orders': 'select count(distinct order_id) from invoices',
    'notes to buyers': `select count(*) from notifications where kind = 'order_paid'`,
  }
  const wrong: string[] = []
  for (const [what, sql] of Object.entries(expected)) {
    const { rows } = await client.query(sql)
    const count = Number(rows[0].count)
    if (count !== events) wrong.push(`${what}: ${count} instead of ${events}`)
  }
  const { rows } = await client.query('select count(*) from refunds')
  if (Number(rows[0].count) !== 0) wrong.push(`refunds: ${rows[0].count} instead of none`)
  return wrong
}

const processed = async (client: pg.Client): Promise<number> =>
  Number((await client.query(`select count(*) from webhook_events where status = 'processed'`)).rows[0].count)
const waiting = async (client: pg.Client): Promise<number> =>
  Number(
    (await client.query(`select count(*) from outbox where done_at is null and lane = 'orders'`)).rows[0]
      .count,
  )

const LONGEST_MS = 15 * 60_000

async function until(
  measure: () => Promise<number>,
  isThere: (count: number) => boolean,
  tell: (line: string) => void,
): Promise<void> {
  const deadline = performance.now() + LONGEST_MS
  for (;;) {
    const count = await measure()
    tell(String(count))
    if (isThere(count)) return
    if (performance.now() > deadline) throw new Error(`stopped at ${count}`)
    await wait(500)
  }
}

export function shuffled<T>(values: T[], random: () => number): T[] {
  const all = [...values]
  for (let at = all.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1))
    const held = all[at] as T
    all[at] = all[other] as T
    all[other] = held
  }
  return all
}
