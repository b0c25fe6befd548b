import { after, type Clock, minutes } from '../../platform/clock.js'
import type { Db, DbOrTrx, Trx } from '../../platform/database.js'
import { newId } from '../../platform/ids.js'
import type { Logger } from '../../platform/logger.js'
import type { Outbox, Topics } from '../../platform/outbox.js'
import { redact } from '../../platform/redact.js'
import { Alert } from './alert.js'
import type { Channel } from './channels/channel.js'

/** What was seen. `key` says which sightings are the same trouble; `details` are ids and numbers, never people. */
export type Sighting = Pick<Alert, 'key' | 'kind' | 'severity' | 'summary'> & {
  details?: Record<string, unknown>
}

/** A trouble that goes on is told again after this long, with how often it was seen; at once where it got worse. */
const QUIET_MS = minutes(60)
/** A provider that is left alone is tried every half minute, and seen again when that fails. */
const SILENT_MS = minutes(10)

type Deps = { db: Db; clock: Clock; logger: Logger; outbox: Outbox; channels: readonly Channel[] }
export type AlertService = ReturnType<typeof createAlertService>

export function createAlertService({ db, clock, logger, outbox, channels }: Deps) {
  return {
    /** In the transaction of what was seen: told after its commit, and only then. */
    raise,

    /** The same, where nothing else is written. Never throws: an alert must not become the trouble. */
    async raiseAlone(seen: Sighting): Promise<void> {
      try {
        await db.transaction(trx => raise(trx, seen))
      } catch (error) {
        logger.error('alert_not_stored', { ...seen, error })
      }
    },

    /** It is over: the next sighting is a new one. */
    async end(trx: Trx, key: string): Promise<void> {
      const ended = await trx('alerts')
        .where({ key })
        .whereNull('ended_at')
        .update({ ended_at: clock.now() })
        .returning('id')
      for (const { id } of ended) await tellLater(trx, id)
    },

    /** Of these those that were seen once and are over: by themselves, or because somebody dealt with them. */
    async endedOf(on: DbOrTrx, keys: readonly string[]): Promise<string[]> {
      if (keys.length === 0) return []
      const rows = await on('alerts')
        .whereIn('key', [...keys])
        .groupBy('key')
        .havingRaw('bool_and(ended_at is not null)')
        .select('key')
      return rows.map(({ key }) => key)
    },

    /** Whether somebody still has to look at it. */
    async isOpen(on: DbOrTrx, key: string): Promise<boolean> {
      return (await on('alerts').where({ key, ended_at: null }).first('id')) !== undefined
    },

    /** The outbox's handler: one way of telling, so that one that fails keeps no other from being heard. */
    async tell({ alertId, channel }: Topics['alert_due'], signal: AbortSignal): Promise<void> {
      const alert = await Alert.query(db).findById(alertId)
      if (alert) await channels.find(({ name }) => name === channel)?.tell(alert, signal)
    },

    /**
     * Ends what nobody has seen for a while, of the kind that is seen again and again while it lasts: the process that
     * would have told its end was stopped before it came.
     */
    async endSilent(kind: Alert['kind']): Promise<number> {
      const silent = await db('alerts')
        .where({ kind, ended_at: null })
        .where('last_at', '<', after(clock.now(), -SILENT_MS))
        .pluck('key')
      for (const key of silent) await db.transaction(trx => this.end(trx, key))
      return silent.length
    },

    async endAlone(key: string): Promise<void> {
      try {
        await db.transaction(trx => this.end(trx, key))
      } catch (error) {
        logger.error('alert_not_ended', { key, error })
      }
    },
  }

  async function raise(trx: Trx, { key, kind, severity, summary, details = {} }: Sighting): Promise<void> {
    const now = clock.now()
    logger.error('alert', { key, kind, severity, summary, details })
    const { rows } = await trx.raw<{ rows: { id: string; isDue: boolean }[] }>(
      `insert into alerts as a (id, key, kind, severity, summary, details, first_at, last_at, told_at, telling)
       values (:id, :key, :kind, :severity, :summary, :details, :now, :now, :now, :id)
       on conflict (key) where ended_at is null do update
         set times = a.times + 1, last_at = excluded.last_at, summary = excluded.summary,
             details = excluded.details,
             severity = case when a.severity = 'critical' then a.severity else excluded.severity end,
             told_at = case when a.told_at > :quietSince and (a.severity = 'critical' or excluded.severity = 'warning') then a.told_at else excluded.told_at end,
             telling = case when a.told_at > :quietSince and (a.severity = 'critical' or excluded.severity = 'warning') then a.telling else excluded.telling end
       returning id, telling = :id as "isDue"`,
      {
        id: newId(),
        key,
        kind,
        severity,
        summary,
        details: JSON.stringify(redact(details)),
        now,
        quietSince: after(now, -QUIET_MS),
      },
    )
    const row = rows[0]
    if (row?.isDue) await tellLater(trx, row.id)
  }

  async function tellLater(trx: Trx, alertId: string): Promise<void> {
    for (const { name } of channels) await outbox.add(trx, 'alert_due', { alertId, channel: name })
  }
}
