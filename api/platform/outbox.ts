import { afterCommit } from './after-commit.js'
import { maskCards } from './cards.js'
import type { Clock } from './clock.js'
import { after, minutes, seconds } from './clock.js'
import type { Db, Trx } from './database.js'
import { newId } from './ids.js'
import { type Lane, RULES } from './queue-rules.js'
import { LANE_OF, type Topic, type Topics } from './topics.js'

export type { Topic, Topics } from './topics.js'

/** A row on its way into the queue. */
export type DueRow = { id: string; lane: Lane; topic: Topic; handOvers: number; tries: number }
/** A row in the hands of a worker. `tries` tells this try from one that another worker makes later. */
export type HeldRow = DueRow & { payload: Topics[Topic]; createdAt: Date }
/** How many more of each lane there is room for. */
export type Room = Partial<Record<Lane, number>>
/** What follows a failed try: the queue tries it again soon, the outbox later, or it stands failed. */
export type Verdict = 'again' | 'later' | 'failed' | 'lost'

/** For a write that is one statement with its cause, followed by values or a select; then the bell is the caller's to ring. */
export const INSERT_INTO_OUTBOX = 'insert into outbox (id, lane, topic, payload, available_at)'

/** A row that was handed over and not begun by then is handed over again: what had it may have lost it. */
const PATIENCE_MS = minutes(2)
/** A worker that does not renew it for so long has ended, and the row is another's to do. */
export const LEASE_MS = seconds(15)
const RELEASED_MS = seconds(5)
/** Work whose workers ended in the middle of it so often is not given to another. */
export const MOST_STALLS = 3

export type Outbox = ReturnType<typeof createOutbox>
type Deps = {
  db: Db
  clock: Clock /** Called when work was committed that is due at once. */
  ring?: () => void
}

/**
 * Work that must follow a commit, written with its cause. PostgreSQL is the truth: whatever is in Redis can be lost.
 * Each counter counts one thing: `hand_overs` how often a row went into the queue, `tries` how often its handler was
 * begun, `stalls` how often a worker ended in the middle of it.
 */
export function createOutbox({ db, clock, ring = () => undefined }: Deps) {
  return {
    /** Writes work to be done after the caller's transaction commits, at once or from `availableAt` on. */
    async add<T extends Topic>(trx: Trx, topic: T, payload: Topics[T], availableAt?: Date): Promise<void> {
      const lane = LANE_OF[topic]
      const { startDelayMs } = RULES[lane]
      const row = { id: newId(), lane, topic, payload: JSON.stringify(payload) }
      await trx('outbox').insert({
        ...row,
        available_at: availableAt ?? after(clock.now(), startDelayMs),
      })
      if (availableAt === undefined && startDelayMs === 0) afterCommit(trx, ring)
    },

    /**
     * Takes rows that are due, for the caller to hand over: until its patience ends, with every hand-over later, they
     * are not due again. Rows of workers that ended are among them; one that had too many is left failed, and is not.
     */
    async claim(room: Room): Promise<{ due: DueRow[]; given: DueRow[] }> {
      const now = clock.now()
      const lanes = Object.keys(room) as Lane[]
      const { rows } = await db.raw<{ rows: (DueRow & { isFailed: boolean })[] }>(
        `with due as (
           select d.id from unnest(?::text[], ?::int[], ?::int[]) l (lane, room, most_tries)
           cross join lateral (
             select id from outbox o
             where o.lane = l.lane and o.done_at is null and o.failed_at is null and o.available_at <= ?
             order by o.available_at limit l.room for update skip locked) d
           where not exists (select from queue_pauses p where p.lane = l.lane)),
         fate as (
           select o.id, o.held_by is not null as stalled,
             o.held_by is not null and (o.stalls + 1 >= ? or o.tries >= l.most_tries) as failed
           from outbox o join due using (id) join unnest(?::text[], ?::int[]) l (lane, most_tries) using (lane))
         update outbox o set
           stalls = o.stalls + fate.stalled::int,
           hand_overs = o.hand_overs + (not fate.failed)::int,
           failed_at = case when fate.failed then ?::timestamptz end,
           last_error = case when fate.stalled then 'its worker ended in the middle of it' else o.last_error end,
           held_by = null, held_at = null,
           queued_at = case when not fate.failed then ?::timestamptz end,
           available_at = ?::timestamptz + least(interval '1 hour', interval '1 millisecond' * ? * 2 ^ least(o.hand_overs, 10))
         from fate where o.id = fate.id
         returning o.id, o.lane, o.topic, o.tries, o.hand_overs as "handOvers", fate.failed as "isFailed"`,
        [
          ...[lanes, lanes.map(lane => room[lane] as number), lanes.map(mostTries), now],
          ...[MOST_STALLS, lanes, lanes.map(mostTries)],
          ...[now, now, now, PATIENCE_MS],
        ],
      )
      return { due: rows.filter(row => !row.isFailed), given: rows.filter(row => row.isFailed) }
    },

    /** The queue did not take them: due again soon, and not counted, however long the queue is away. */
    async release(ids: string[], error: string): Promise<void> {
      await db('outbox')
        .whereIn('id', ids)
        .whereNull('done_at')
        .update({
          queued_at: null,
          last_error: textOf(error),
          available_at: after(clock.now(), RELEASED_MS),
          hand_overs: db.raw('hand_overs - 1'),
        })
    },

    /** The queue lost what it had: all of it is due at once. What is in a worker's hands is not touched. */
    async requeueAll(): Promise<number> {
      return db('outbox')
        .whereNotNull('queued_at')
        .whereNull('held_by')
        .whereNull('done_at')
        .whereNull('failed_at')
        .update({ queued_at: null, available_at: clock.now() })
    },

    /**
     * Puts rows into the hands of a worker, each into those of one. Not among the result: what is done, stands failed,
     * is another's, or belongs to a queue that was paused meanwhile.
     */
    async begin(ids: string[], worker: string): Promise<HeldRow[]> {
      const now = clock.now()
      const { rows } = await db.raw<{ rows: HeldRow[] }>(
        `update outbox o set tries = tries + 1, held_by = ?, held_at = ?, available_at = ?
         where id = any(?::uuid[]) and done_at is null and failed_at is null and held_by is null
           and queued_at is not null and not exists (select from queue_pauses p where p.lane = o.lane)
         returning id, lane, topic, payload, tries, hand_overs as "handOvers", created_at as "createdAt"`,
        [worker, now, after(now, LEASE_MS), ids],
      )
      return rows
    },

    /** Goes on holding them. Returns the ids of those that are still this worker's. */
    async renew(held: readonly Held[], worker: string): Promise<string[]> {
      const { rows } = await db.raw<{ rows: { id: string }[] }>(
        `update outbox o set available_at = ? from ${HELD} where ${IS_HELD} returning o.id`,
        [after(clock.now(), LEASE_MS), ...bindings(held), worker],
      )
      return rows.map(({ id }) => id)
    },

    /** Returns the ids of those whose end counted: a worker that lost one hears nothing of it. */
    async finish(held: readonly Held[], worker: string): Promise<string[]> {
      const { rows } = await db.raw<{ rows: { id: string }[] }>(
        `update outbox o set done_at = ?, queued_at = null, held_by = null, held_at = null, last_error = null
         from ${HELD} where ${IS_HELD} returning o.id`,
        [clock.now(), ...bindings(held), worker],
      )
      return rows.map(({ id }) => id)
    },

    /** A try failed. Says what follows. */
    async fail(row: HeldRow, worker: string, error: unknown): Promise<Verdict> {
      const now = clock.now()
      const { attempts, mostTries, firstDelayMs, backoff } = RULES[row.lane]
      const verdict = row.tries < attempts ? 'again' : row.tries < mostTries ? 'later' : 'failed'
      const soonMs = backoff === 'fixed' ? firstDelayMs : firstDelayMs * 2 ** (row.tries - 1)
      const laterMs = Math.min(minutes(60), PATIENCE_MS * 2 ** Math.min(row.tries - attempts, 10))
      const changed = await mine(row, worker).update({
        held_by: null,
        held_at: null,
        last_error: textOf(error),
        failed_at: verdict === 'failed' ? now : null,
        ...(verdict === 'again' ? {} : { queued_at: null }),
        available_at: after(now, verdict === 'again' ? soonMs + PATIENCE_MS : laterMs),
      })
      return changed > 0 ? verdict : 'lost'
    },

    /** Nothing was done yet, and it was no try: it comes again later. */
    async postpone(row: HeldRow, worker: string, reason: string, againMs: number): Promise<void> {
      await mine(row, worker).update({
        held_by: null,
        held_at: null,
        queued_at: null,
        tries: db.raw('tries - 1'),
        last_error: textOf(reason),
        available_at: after(clock.now(), againMs),
      })
    },

    /** A worker stops and cannot finish them: another may have them at once. */
    async handBack(held: readonly Held[], worker: string): Promise<void> {
      await db.raw(
        `update outbox o set queued_at = null, held_by = null, held_at = null, available_at = ?
         from ${HELD} where ${IS_HELD}`,
        [clock.now(), ...bindings(held), worker],
      )
    },
  }

  function mine({ id, tries }: Held, worker: string) {
    return db('outbox').where({ id, tries, held_by: worker }).whereNull('done_at')
  }
}

type Held = Pick<HeldRow, 'id' | 'tries'>

/** By try, not by worker alone: one that lost a row may meet it again. */
const HELD = 'unnest(?::uuid[], ?::int[]) h (id, tries)'
const IS_HELD = 'o.id = h.id and o.tries = h.tries and o.held_by = ? and o.done_at is null'
const bindings = (held: readonly Held[]) => [held.map(({ id }) => id), held.map(({ tries }) => tries)]

const mostTries = (lane: Lane): number => RULES[lane].mostTries

/** What went wrong, fit to be kept: an operator reads it, and it may quote anybody. */
export function textOf(error: unknown): string {
  return maskCards(error instanceof Error ? error.message : String(error)).slice(0, 500)
}
