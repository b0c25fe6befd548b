import type { Redis } from 'ioredis'
import { after, type Clock, days } from '../../platform/clock.js'
import type { Db, Trx } from '../../platform/database.js'
import { unavailable } from '../../platform/errors.js'
import { newId } from '../../platform/ids.js'
import type { Run } from '../../platform/recurring.js'
import { viewKeys } from './view-counter.js'

/** Sets aside what was counted, under the batch's own name; one that was left by a crash comes first, under its own. */
const TAKE = `
  if redis.call('exists', KEYS[2]) == 0 then
    if redis.call('exists', KEYS[1]) == 0 then return {} end
    redis.call('rename', KEYS[1], KEYS[2])
    redis.call('hset', KEYS[2], 'batch', ARGV[1])
  end
  return redis.call('hgetall', KEYS[2])`
const DROP = `
  if redis.call('hget', KEYS[1], 'batch') ~= ARGV[1] then return 0 end
  return redis.call('del', KEYS[1])`
const FIELD = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}) (\d{1,6})$/
const REMEMBERED_MS = days(7)
/** One that was left by a crash, the one after it, and no more: the next run is seconds away. */
const MOST_BATCHES = 2

type Deps = { db: Db; redis: () => Redis; clock: Clock; prefix: string }
type Batch = { id: string; views: { sellerId: string; day: string; views: number }[] }

/**
 * Moves what was counted from Redis into the database, each batch once: the database knows which it has, so that a
 * crash between the two neither loses nor doubles it. Returns how many views there were.
 */
export function createViewBatches({ db, redis, clock, prefix }: Deps) {
  const [counted, taken] = viewKeys(prefix)

  return async ({ fence }: Pick<Run, 'fence'>): Promise<number> => {
    let total = 0
    for (let count = 0; count < MOST_BATCHES; count++) {
      const batch = await take()
      if (!batch) break
      total += await db.transaction(async trx => {
        await fence(trx)
        return add(trx, batch)
      })
      await ask(redis().eval(DROP, 1, taken, batch.id))
    }
    return total
  }

  async function take(): Promise<Batch | undefined> {
    const reply = (await ask(redis().eval(TAKE, 2, counted, taken, newId()))) as string[]
    if (reply.length === 0) return undefined
    const fields = new Map<string, string>()
    for (let at = 0; at < reply.length; at += 2) fields.set(reply[at] as string, reply[at + 1] as string)
    const id = fields.get('batch') as string
    fields.delete('batch')
    return { id, views: [...fields].flatMap(viewsOf) }
  }

  async function add(trx: Trx, { id, views }: Batch): Promise<number> {
    const now = clock.now()
    const added = await trx('view_batches')
      .insert({ id, added_at: now })
      .onConflict('id')
      .ignore()
      .returning('id')
    if (added.length === 0) return 0
    await trx('view_batches').where('added_at', '<', after(now, -REMEMBERED_MS)).delete()
    // sellers in one order; one that is unknown is nobody's
    const { rows } = await trx.raw<{ rows: { views: number }[] }>(
      `insert into seller_analytics as a (seller_id, day, views, updated_at)
       select s.id, v.day, v.views, ? from unnest(?::uuid[], ?::date[], ?::bigint[]) v (seller_id, day, views)
       join sellers s on s.id = v.seller_id order by s.id, v.day
       on conflict (seller_id, day) do update set views = a.views + excluded.views, updated_at = excluded.updated_at
       returning views`,
      [now, views.map(v => v.sellerId), views.map(v => v.day), views.map(v => v.views)],
    )
    return rows.length === 0 ? 0 : views.reduce((sum, v) => sum + v.views, 0)
  }
}

/** Whatever else stands there was put there by somebody else. */
function viewsOf([field, value]: [string, string]): Batch['views'] {
  const [, sellerId, day] = FIELD.exec(field) ?? []
  const views = Number(value)
  if (sellerId === undefined || !Number.isSafeInteger(views) || views < 1) return []
  return [{ sellerId, day: new Date(Number(day) * days(1)).toISOString().slice(0, 10), views }]
}

async function ask(command: Promise<unknown>): Promise<unknown> {
  try {
    return await command
  } catch (cause) {
    throw unavailable('redis', cause)
  }
}
