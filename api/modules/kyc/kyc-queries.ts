import type { Db } from '../../platform/database.js'
import type { Day } from '../../platform/saudi/hijri.js'

/** A seller is reminded this many days before his approval ends. */
const REMINDERS = [60, 30, 7, 1]

/** `days`: every reminder that is due and was not sent; the smallest is the one that counts. */
export type DueReminder = { sellerId: string; ownerId: string; verifiedUntil: Day; days: number[] }

/** Who has not been told yet. Reads sellers and kyc_reminders. */
export async function remindersDue(db: Db, today: Day, limit: number): Promise<DueReminder[]> {
  const { rows } = await db.raw<{ rows: DueReminder[] }>(
    `select s.id as "sellerId", s.owner_id as "ownerId", s.verified_until as "verifiedUntil", array_agg(d.days) as days
     from sellers s join unnest(?::integer[]) as d (days) on s.verified_until - d.days <= ?::date
     where s.sells and s.verified_until between ?::date and ?::date + ?::integer
       and not exists (select from kyc_reminders r
         where r.seller_id = s.id and r.verified_until = s.verified_until and r.days_before = d.days)
     group by s.id order by s.verified_until limit ?`,
    [REMINDERS, today, today, today, Math.max(...REMINDERS), limit],
  )
  return rows
}
