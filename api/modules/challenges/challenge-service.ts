import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import { after, type Clock, days, minutes } from '../../platform/clock.js'
import type { Db, DbOrTrx, Trx } from '../../platform/database.js'
import { newId } from '../../platform/ids.js'

export type Purpose = 'EMAIL' | 'PHONE' | 'PASSWORD_RESET' | 'LOGIN' | 'INVITATION'
export type Challenge = {
  id: string
  userId: string
  purpose: Purpose
  target: string | null
  tries: number
  expiresAt: Date
  usedAt: Date | null
}

const LASTS_MS: Record<Purpose, number> = {
  EMAIL: days(1),
  PASSWORD_RESET: minutes(30),
  PHONE: minutes(5),
  LOGIN: minutes(5),
  INVITATION: days(3),
}
/** How often a wrong answer may be given to one challenge. */
export const MOST_TRIES = 5
const KEPT_MS = days(2)
const TOKEN = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([\w-]{43})$/
const COLUMNS = [
  'id',
  'user_id as userId',
  'purpose',
  'target',
  'tries',
  'expires_at as expiresAt',
  'used_at as usedAt',
] as const

type Deps = { db: Db; clock: Clock; secret: () => string }
export type ChallengeService = ReturnType<typeof createChallengeService>

/**
 * What somebody has to bring back once, to show that a mailbox, a phone or the first step of a login was theirs. Its
 * secret is an HMAC of its id: whoever reads the database, the outbox or a backup learns nothing they could bring.
 */
export function createChallengeService({ db, clock, secret }: Deps) {
  let made: Buffer | undefined
  const key = () => (made ??= Buffer.from(hkdfSync('sha256', secret(), '', 'challenges', 32)))
  const mac = (id: string, form: 'link' | 'code') =>
    createHmac('sha256', key()).update(`${form}\n${id}`).digest()
  const live = (on: DbOrTrx) => on('challenges').whereNull('used_at').where('expires_at', '>', clock.now())

  return {
    /** Lasts a day for an e-mail address, half an hour for a new password, three days for the first one, five minutes for the rest. */
    async open(trx: Trx, userId: string, purpose: Purpose, target: string | null = null): Promise<Challenge> {
      const [created, expiresAt] = [clock.now(), after(clock.now(), LASTS_MS[purpose])]
      const row = {
        id: newId(),
        user_id: userId,
        purpose,
        target,
        expires_at: expiresAt,
        created_at: created,
      }
      await trx('challenges').insert(row)
      return { id: row.id, userId, purpose, target, tries: 0, expiresAt, usedAt: null }
    },

    async find(id: string): Promise<Challenge | undefined> {
      return db('challenges')
        .where({ id })
        .first(...COLUMNS)
    },

    /** The newest that is still good. */
    async newest(userId: string, purpose: Purpose): Promise<Challenge | undefined> {
      return live(db)
        .where({ user_id: userId, purpose })
        .orderBy([
          { column: 'created_at', order: 'desc' },
          { column: 'id', order: 'desc' },
        ])
        .first(...COLUMNS)
    },

    /** When the ones for an address or number were opened since then, whosever it is; the newest first. */
    async openedFor(trx: Trx, purpose: Purpose, target: string, since: Date): Promise<Date[]> {
      return trx('challenges')
        .where({ purpose, target })
        .where('created_at', '>', since)
        .orderBy('created_at', 'desc')
        .pluck('created_at')
    },

    isLive: ({ usedAt, expiresAt }: Challenge): boolean => usedAt === null && expiresAt > clock.now(),

    /** Six digits for typing. */
    codeOf: (id: string): string => String(mac(id, 'code').readUIntBE(0, 6) % 1_000_000).padStart(6, '0'),

    /** `<id>.<256 bits>` for a link. */
    tokenOf: (id: string): string => `${id}.${mac(id, 'link').toString('base64url')}`,

    /** The id in a token of ours; undefined for any other. */
    idIn(token: string): string | undefined {
      const [, id, given] = TOKEN.exec(token) ?? []
      if (id === undefined || given === undefined) return undefined
      return timingSafeEqual(Buffer.from(given, 'base64url'), mac(id, 'link')) ? id : undefined
    },

    /** Spends it: one caller of many gets it, the others nothing. */
    async spend(trx: Trx, id: string, purpose: Purpose): Promise<Challenge | undefined> {
      const [spent] = await live(trx)
        .where({ id, purpose })
        .update({ used_at: clock.now() }, [...COLUMNS])
      return spent as Challenge | undefined
    },

    /** Counts a try before its answer is looked at, whatever comes of it. False when there are none left. */
    async takeTry(id: string): Promise<boolean> {
      return (await live(db).where({ id }).where('tries', '<', MOST_TRIES).increment('tries', 1)) > 0
    },

    /** Makes what was sent before worthless. */
    async withdraw(trx: Trx, userId: string, purpose: Purpose): Promise<void> {
      await live(trx).where({ user_id: userId, purpose }).update({ used_at: clock.now() })
    },

    async forgetOld(): Promise<number> {
      return db('challenges').where('expires_at', '<', after(clock.now(), -KEPT_MS)).delete()
    },
  }
}
