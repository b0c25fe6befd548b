import type { Actor } from '../../platform/actor.js'
import { after, type Clock, dayInRiyadh, days, seconds } from '../../platform/clock.js'
import type { Db, Trx } from '../../platform/database.js'
import { type DaysAsked, daysAsked } from '../../platform/days.js'
import { AppError } from '../../platform/errors.js'
import { gather } from '../../platform/gather.js'
import type { Logger } from '../../platform/logger.js'
import { NotYet } from '../../platform/not-yet.js'
import type { Outbox, Topics } from '../../platform/outbox.js'
import type { Reads } from '../../platform/reads.js'
import { type BusinessEvent, happeningOf, type KnownEvent } from './business-event.js'
import { factsStatement } from './business-event-queries.js'
import type { EventSink } from './mixpanel.js'

/** Longer than work that stands failed is kept: until then it may come again, and must be known. */
const REMEMBERED_MS = days(400)
/** A sink that is away is asked again; what happened waits in the outbox. */
const SINK_AWAY_MS = seconds(60)

export type EventCount = { day: string; event: string; count: number }
type Deed = { action: string; object: { type: string; id: string }; details: Record<string, unknown> }
export type BusinessEventDeps = {
  db: Db
  reads: Reads
  clock: Clock
  logger: Logger
  outbox: Outbox
  sink: EventSink | null
}
export type BusinessEventService = ReturnType<typeof createBusinessEventService>

/** What happens in the business: logged and counted once each, and told to whoever analyses it, where one is configured. */
export function createBusinessEventService({ db, reads, clock, logger, outbox, sink }: BusinessEventDeps) {
  /** Those that wait for one request go together in the next. */
  const send = gather((events: KnownEvent[]) => (sink as EventSink).send(events, neverEnding))

  return {
    /** In the transaction of a deed: writes down that it is to be counted, where it is a business event. */
    async record(trx: Trx, _actor: Actor, deed: Deed): Promise<void> {
      const happening = happeningOf(deed)
      if (!happening) return
      await outbox.add(trx, 'business_event', { ...happening, at: clock.now().toISOString() })
    },

    /** Counts one, the first time it comes, and passes it on. `id` is the same however often it comes. */
    async handle(happening: Topics['business_event'], id: string): Promise<void> {
      const { event, objectType, objectId, count } = happening
      const at = new Date(happening.at)
      if (await countOnce(id, event as BusinessEvent, at, count))
        logger.info('business_event', { name: event, objectType, objectId, count, happenedAt: happening.at })
      if (!sink) return
      const { userId, facts } = await factsOf(objectType, objectId)
      await pass({ id, event: event as BusinessEvent, at, count, userId, facts })
    },

    /** How often each happened, by day in Riyadh. */
    async counts(asked: DaysAsked): Promise<EventCount[]> {
      const { from, to } = daysAsked(asked, clock.now())
      const { rows } = await db.raw<{ rows: EventCount[] }>(
        `select day::text, event, count from business_event_counts
         where day >= ?::date and day <= ?::date order by day, event`,
        [from, to],
      )
      return rows
    },

    /** Forgets which were counted, when none of them can come again. The counts stay. */
    async forgetOld(): Promise<number> {
      return db('business_events').where('at', '<', after(clock.now(), -REMEMBERED_MS)).delete()
    },
  }

  /** True for the first time. */
  function countOnce(id: string, event: BusinessEvent, at: Date, count: number): Promise<boolean> {
    return db.transaction(async trx => {
      const added = await trx('business_events')
        .insert({ id, event, at })
        .onConflict('id')
        .ignore()
        .returning('id')
      if (added.length === 0) return false
      await trx.raw(
        `insert into business_event_counts as c (day, event, count) values (?, ?, ?)
         on conflict (day, event) do update set count = c.count + excluded.count`,
        [dayInRiyadh(at), event, count],
      )
      return true
    })
  }

  async function factsOf(
    objectType: string,
    objectId: string,
  ): Promise<Pick<KnownEvent, 'userId' | 'facts'>> {
    const statement = factsStatement({ objectType })
    const [row] = statement
      ? await reads<KnownEvent['facts'] & { userId: string }>(statement, [objectId])
      : []
    const { userId = null, ...facts } = row ?? {}
    return { userId, facts }
  }

  async function pass(event: KnownEvent): Promise<void> {
    try {
      const refused = (await send(event)).get(event.id)
      // it would be refused again
      if (refused) logger.warn('business_event_refused', { name: event.event, reason: refused })
    } catch (error) {
      if (error instanceof AppError && error.kind === 'unavailable')
        throw new NotYet(error.message, SINK_AWAY_MS, { cause: error })
      throw error
    }
  }
}

/** A request for many must not end with one of them: it has a time-out of its own. */
const neverEnding = new AbortController().signal
