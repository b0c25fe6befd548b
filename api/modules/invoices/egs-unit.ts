import { BaseModel } from '../../platform/model.js'
import type { ZatcaEnvironment } from './zatca/signing/csr.js'

/** What issues a seller's documents: ZATCA's EGS unit, with one certificate and one chain. */
export class EgsUnit extends BaseModel {
  static override tableName = 'egs_units'
  declare sellerId: string
  /** `unsigned`: a chain from before there were signatures. It has ended. */
  declare environment: ZatcaEnvironment | 'unsigned'
  declare state: 'REQUESTED' | 'ACTIVE' | 'RETIRED'
  /** `1-CargoParts|2-API|3-<id>` */
  declare serial: string
  declare keyId: string | null
  /** PEM. */
  declare csr: string | null
  /** DER in base64. */
  declare certificate: string | null
  /** The end of the chain. */
  declare lastCounter: number
  declare lastHash: string
  declare activatedAt: Date | null
}
