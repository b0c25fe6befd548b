import { BaseModel } from '../../platform/model.js'

export const EVENT_STATUSES = ['received', 'processing', 'processed', 'failed', 'dead'] as const

/** One thing a provider told us. Only `processed` means that it has had its effect. */
export class WebhookEvent extends BaseModel {
  static override tableName = 'webhook_events'
  declare provider: string
  /** What makes two deliveries the same event. */
  declare eventKey: string
  declare objectId: string
  /** Our id of what it is about, where the provider's proof covers it. */
  declare reference: string | null
  declare claimedStatus: string
  declare payload: Record<string, unknown>
  declare status: (typeof EVENT_STATUSES)[number]
  declare outcome: string | null
  declare orderId: string | null
  declare deliveries: number
  declare attempts: number
  declare lastError: string | null
  declare lockedUntil: Date | null
  declare nextAttemptAt: Date | null
  declare receivedAt: Date
  declare processedAt: Date | null

  static override get jsonAttributes(): string[] {
    return ['payload']
  }
}
