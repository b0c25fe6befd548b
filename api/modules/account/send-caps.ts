import { after, type Clock, days, seconds } from '../../platform/clock.js'
import type { Trx } from '../../platform/database.js'
import { AppError } from '../../platform/errors.js'
import type { ChallengeService, Purpose } from '../challenges/challenge-service.js'

/** Messages to one address or number, whoever asks: so many a day, and not in quick succession. */
const MOST_A_DAY = 5
const APART_MS = seconds(60)

/** Counted where they are kept, one caller at a time for each address. Refuses with the seconds until the next one. */
export async function assertAllowed(
  challenges: ChallengeService,
  trx: Trx,
  purpose: Purpose,
  target: string,
  clock: Clock,
): Promise<void> {
  await trx.raw('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`${purpose} ${target}`])
  const sent = await challenges.openedFor(trx, purpose, target, after(clock.now(), -days(1)))
  const [newest, firstOfMost] = [sent[0], sent[MOST_A_DAY - 1]]
  const ends = [newest && after(newest, APART_MS), firstOfMost && after(firstOfMost, days(1))]
  const waits = ends.map(end => (end ? Math.ceil((+end - +clock.now()) / 1000) : 0))
  const retryAfter = Math.max(...waits)
  if (retryAfter <= 0) return
  const message = `Ask again in ${retryAfter} seconds.`
  throw new AppError('rate_limited', 'account.too_many_messages', message, { retryAfter })
}
