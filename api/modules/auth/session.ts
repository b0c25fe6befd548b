import { BaseModel } from '../../platform/model.js'

/** One signed-in device. */
export class Session extends BaseModel {
  static override tableName = 'sessions'
  declare userId: string
  /** HMAC of the newest refresh token. */
  declare refreshHash: Buffer
  /** Of the token before it, and when that was exchanged. */
  declare previousHash: Buffer | null
  declare rotatedAt: Date | null
  declare userAgent: string | null
  declare ip: string | null
  declare lastUsedAt: Date
  declare expiresAt: Date
  declare revokedAt: Date | null
}
