import type { AlertKind } from '../../platform/alert-kinds.js'
import { BaseModel } from '../../platform/model.js'

/** Something a person must look at. One row from its first sighting to its end, however often it is seen. */
export class Alert extends BaseModel {
  static override tableName = 'alerts'
  declare key: string
  declare kind: AlertKind
  declare severity: 'warning' | 'critical'
  declare summary: string
  declare details: Record<string, unknown>
  declare times: number
  declare firstAt: Date
  declare lastAt: Date
  declare toldAt: Date | null
  declare endedAt: Date | null

  static override get jsonAttributes(): string[] {
    return ['details']
  }
}
