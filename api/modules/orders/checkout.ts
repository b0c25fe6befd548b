import { BaseModel } from '../../platform/model.js'
import type { Halalas } from '../../platform/money.js'

/** A Saudi national address, as it stood when the order was placed. */
export type DeliveryAddress = {
  recipient: string
  phone: string
  buildingNumber: string
  street: string
  district: string
  city: string
  postalCode: string
  additionalNumber?: string | undefined
  shortAddress?: string | undefined
}

/** What a buyer places and pays at once; one order a seller comes of it. */
export class Checkout extends BaseModel {
  static override tableName = 'checkouts'
  declare buyerId: string
  declare idempotencyId: string
  declare totalHalalas: Halalas
  declare deliveryAddress: DeliveryAddress

  static override get jsonAttributes(): string[] {
    return ['deliveryAddress']
  }
}
