import { randomBytes } from 'node:crypto'
import type { Scope } from '../../platform/actor.js'
import { BaseModel } from '../../platform/model.js'

/** `cp_` and 64 hexadecimal digits: 256 random bits. */
const WHOLE = /^cp_[0-9a-f]{64}$/
/** The first 12 of them find the row and name the key to people; the 208 bits behind them are the secret. */
const PREFIX = /^cp_[0-9a-f]{12}/

export const newKey = (): string => `cp_${randomBytes(32).toString('hex')}`
export const isKey = (text: string): boolean => WHOLE.test(text)
export const prefixOf = (text: string): string | undefined => PREFIX.exec(text)?.[0]

export const KEY_STATES = ['ACTIVE', 'EXPIRED', 'REVOKED'] as const
export type KeyState = (typeof KEY_STATES)[number]

/** What a seller's own system signs in with. Of the key itself, only a keyed hash is here. */
export class ApiKey extends BaseModel {
  static override tableName = 'api_keys'
  declare userId: string
  declare name: string
  declare prefix: string
  declare keyHash: Buffer
  declare scopes: Scope[]
  declare expiresAt: Date
  declare revokedAt: Date | null
  declare lastUsedAt: Date | null

  stateAt(now: Date): KeyState {
    if (this.revokedAt) return 'REVOKED'
    return this.expiresAt <= now ? 'EXPIRED' : 'ACTIVE'
  }
}
