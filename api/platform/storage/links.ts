import { createHmac, timingSafeEqual } from 'node:crypto'
import { type Clock, minutes } from '../clock.js'
import { AppError } from '../errors.js'

const LINK_MS = minutes(5)
const TOKEN = /^([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})\.([0-9a-z]{1,12})\.([\w-]{43})$/

export type Links = ReturnType<typeof createLinks>

/** Links to one file for five minutes, for a browser that carries no token. Whoever holds one may open it. */
export function createLinks({ secret, clock }: { secret: () => string; clock: Clock }) {
  const macOf = (id: string, until: string) =>
    createHmac('sha256', secret()).update(`file link\n${id}\n${until}`).digest('base64url')

  return {
    token(fileId: string): { token: string; expiresAt: Date } {
      const expiresAt = new Date(clock.now().getTime() + LINK_MS)
      const until = expiresAt.getTime().toString(36)
      return { token: `${fileId}.${until}.${macOf(fileId, until)}`, expiresAt }
    },

    /** Whose file a token opens. A forged one and one that ended are told apart by nobody. */
    fileOf(token: string): string {
      const [, id = '', until = '', mac = ''] = TOKEN.exec(token) ?? []
      const isOurs = id !== '' && same(mac, macOf(id, until))
      if (!isOurs || Number.parseInt(until, 36) <= clock.now().getTime()) {
        throw new AppError('not_found', 'files.link_over', 'This link does not open anything, or no longer.')
      }
      return id
    },
  }
}

const same = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))
