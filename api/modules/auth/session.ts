import { BaseModel } from '../../platform/model.js'

/** One signed-in device. */
export class Session extends BaseModel {
  static override tableName = 'sessions'
  declare userId: string
  /** HMAC of the newest refresh token. */
  declare refreshHash: Buffer
  declare userAgent: string | null
  declare ip: string | null
  declare lastUsedAt: Date
  declare expiresAt: Date
  declare revokedAt: Date | null
}
