import { BaseModel } from '../../platform/model.js'
import type { NationalAddress } from '../../platform/national-address.js'

/** What identifies a firm or person beside a VAT number (ZATCA, BT-46-1). */
export const ID_SCHEMES = [
  'CRN',
  '700',
  'MOM',
  'MLS',
  'SAG',
  'TIN',
  'NAT',
  'IQA',
  'GCC',
  'PAS',
  'OTH',
] as const
export type IdScheme = (typeof ID_SCHEMES)[number]

/** A buyer's firm, one a person. */
export class Company extends BaseModel {
  static override tableName = 'companies'
  declare userId: string
  declare name: string
  declare vatNumber: string | null
  declare idScheme: IdScheme | null
  declare idValue: string | null
  declare address: NationalAddress
  declare updatedAt: Date

  static override get jsonAttributes(): string[] {
    return ['address']
  }
}
