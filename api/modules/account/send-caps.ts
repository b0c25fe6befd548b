import { after, type Clock, days, seconds } from '../../platform/clock.js'
import type { Trx } from '../../platform/database.js'
import { AppError } from '../../platform/errors.js'
import type { ChallengeService, Purpose } from '../challenges/challenge-service.js'

/** Messages to one address or number, whoever asks: so many a day, and not in quick succession. */
const MOST_A_DAY = 5
const APART_MS = seconds(60)

/** Counted where they are kept, one caller at a time for each address. */
export async function assertAllowed(
  challenges: ChallengeService,
  trx: Trx,
  purpose: Purpose,
  target: string,
  clock: Clock,
): Promise<void> {
  await trx.raw('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`${purpose} ${target}`])
  const since = (ms: number) => challenges.countFor(trx, purpose, target, after(clock.now(), -ms))
  if ((await since(APART_MS)) > 0) throw tooMany(APART_MS)
  if ((await since(days(1))) >= MOST_A_DAY) throw tooMany(days(1))
}

function tooMany(ms: number): AppError {
  const retryAfter = ms / 1000
  return new AppError('rate_limited', 'account.too_many_messages', `Ask again in ${retryAfter} seconds.`, {
    retryAfter,
  })
}
