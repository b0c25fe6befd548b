import { BaseModel } from '../../platform/model.js'
import type { Halalas } from '../../platform/money.js'
import type { HostedFields, Method, PaymentHandle } from './gateways/gateway.js'
import type { PaymentStatus, RefundStatus } from './payment-states.js'

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
  /** The provider's id of the money that was taken. */
  declare captureId: string | null
  declare authorizeFirst: boolean
  /** When a capture or a release was asked for whose outcome is not known. */
  declare captureAskedAt: Date | null
  declare returnUrl: string | null
  declare fields: HostedFields | null
  declare redirectUrl: string | null
  declare failureCode: string | null
  declare expiresAt: Date
  declare capturedAt: Date | null
  declare updatedAt: Date

  static override get jsonAttributes(): string[] {
    return ['fields']
  }

  /** How the provider is asked about it. */
  get handle(): PaymentHandle {
    const { externalId, captureId, id: reference, method, createdAt } = this
    return { externalId, captureId, reference, method, createdAt }
  }
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

/** Of the part of a payment that is an order's; or of a second capture, which is no order's. */
export class Refund extends BaseModel {
  static override tableName = 'refunds'
  declare paymentId: string
  declare orderId: string | null
  /** The provider's id of what was taken a second time. Null: it is of the payment's own money. */
  declare captureId: string | null
  declare amountHalalas: Halalas
  declare reason: string
  declare status: RefundStatus
  declare externalId: string | null
  /** When the provider was first asked; null while it never was. */
  declare askedAt: Date | null
  declare failureCode: string | null
  declare refundedAt: Date | null
}
