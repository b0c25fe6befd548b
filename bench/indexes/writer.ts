import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'

/** `ms` from when it was due; `late`, the part of it before it was sent: this process had no turn. */
export type Write = { phase: string; what: string; ms: number; late: number }

const CONNECTIONS = 8

/** What shops do all day, on listings of the whole market. */
const WRITES: readonly { what: string; text: string }[] = [
  { what: 'stock', text: 'update listings set stock = $2, updated_at = now() where id = $1' },
  { what: 'price', text: 'update listings set price_halalas = 1000 + $2, updated_at = now() where id = $1' },
  {
    what: 'pause',
    text: "update listings set status = case when $2 % 2 = 0 then 'PAUSED' else 'ACTIVE' end where id = $1",
  },
  {
    what: 'new',
    text: `insert into listings (id, seller_id, category_id, title_ar, title_en, part_number, price_halalas, stock, status)
      select gen_random_uuid(), seller_id, category_id, title_ar, title_en, part_number, price_halalas, $2::bigint % 50, 'ACTIVE'
      from listings where id = $1`,
  },
]

/**
 * Writes so many times a second, whether or not the one before has come back: a write that stalls is counted from when it
 * was due, and so are those that queue up behind it.
 */
export async function startWriting(url: string, perSecond: number) {
  const pool = new pg.Pool({ connectionString: url, max: CONNECTIONS, application_name: 'bench-writes' })
  pool.on('error', () => undefined) // an idle connection whose server ends before it
  const { rows } = await pool.query('select id from listings tablesample system (1) limit 5000')
  const ids = rows.map(row => row.id as string)
  const writes: Write[] = []
  let phase = 'warm'
  let isOver = false
  let failures = 0

  const write = async (n: number, due: number) => {
    const { what, text } = WRITES[n % WRITES.length] as (typeof WRITES)[number]
    const sent = performance.now()
    const at = phase
    try {
      await pool.query({ name: what, text, values: [ids[(n * 7_919) % ids.length], n] })
      writes.push({ phase: at, what, ms: performance.now() - due, late: sent - due })
    } catch {
      failures += 1
    }
  }
  const writing = (async () => {
    const start = performance.now()
    const open: Promise<void>[] = []
    for (let n = 0; !isOver; n++) {
      const due = start + (n * 1_000) / perSecond
      const ahead = due - performance.now()
      if (ahead > 0) await wait(ahead)
      open.push(write(n, Math.max(due, start)))
      if (open.length > 5_000) await Promise.all(open.splice(0, 2_500))
    }
    await Promise.all(open)
  })()

  return {
    /** What is written from now on counts for this. */
    enter(name: string): void {
      phase = name
    },
    async stop(): Promise<{ writes: Write[]; failures: number }> {
      isOver = true
      await writing
      await pool.end()
      return { writes, failures }
    },
  }
}
