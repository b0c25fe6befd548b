import type { Role } from '../../platform/actor.js'
import { BaseModel } from '../../platform/model.js'

export class User extends BaseModel {
  static override tableName = 'users'
  declare email: string
  declare emailVerifiedAt: Date | null
  declare phone: string | null
  declare phoneVerifiedAt: Date | null
  declare name: string
  declare locale: 'ar' | 'en'
  declare role: Role
  declare status: 'ACTIVE' | 'BLOCKED'
  declare blockedAt: Date | null
  declare blockedReason: string | null
  declare hasSecondFactor: boolean
  declare passwordHash: string
  declare consentVersion: string
}
