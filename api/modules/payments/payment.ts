import { BaseModel } from '../../platform/model.js'
import type { Halalas } from '../../platform/money.js'
import type { Method } from './gateways/gateway.js'
import type { PaymentStatus } from './payment-states.js'

/** One attempt to pay a checkout. */
export class Payment extends BaseModel {
  static override tableName = 'payments'
  declare checkoutId: string
  declare buyerId: string
  declare idempotencyId: string
  declare provider: string
  declare method: Method
  declare status: PaymentStatus
  declare amountHalalas: Halalas
  declare refundedHalalas: Halalas
  /** The provider's id. Null until it answered for the first time. */
  declare externalId: string | null
  declare redirectUrl: string | null
  declare failureCode: string | null
  declare expiresAt: Date
  declare capturedAt: Date | null
  declare updatedAt: Date
}

/** The part of a payment that is for one order. The parts add up to the payment. */
export class PaymentAllocation extends BaseModel {
  static override tableName = 'payment_allocations'
  static override idColumn = ['payment_id', 'order_id']
  declare paymentId: string
  declare orderId: string
  declare amountHalalas: Halalas
  override $beforeInsert(): void {}
}

export class Refund extends BaseModel {
  static override tableName = 'refunds'
  declare paymentId: string
  declare orderId: string
  declare amountHalalas: Halalas
  declare reason: string
  declare status: 'REQUESTED' | 'PENDING' | 'REFUNDED' | 'FAILED'
  declare externalId: string | null
  declare failureCode: string | null
  declare refundedAt: Date | null
}
