import type { RelationMappings } from 'objection'
import { AppError } from '../../platform/errors.js'
import { BaseModel } from '../../platform/model.js'
import { type BasisPoints, type Halalas, halalas } from '../../platform/money.js'
import { Checkout } from './checkout.js'
import type { WholeRow } from './order-queries.js'
import { canBecome, type OrderStatus } from './order-states.js'

export class OrderItem extends BaseModel {
  static override tableName = 'order_items'
  declare orderId: string
  declare position: number
  declare listingId: string
  declare titleAr: string
  declare titleEn: string
  declare partNumber: string
  declare quantity: number
  declare unitPriceHalalas: Halalas
  /** Quantity times unit price, VAT included. */
  declare totalHalalas: Halalas
  declare netHalalas: Halalas
  declare vatBasisPoints: BasisPoints

  /** Out of JSON, numbers come as they may: money beyond what a number keeps exactly is an error, as from a column. */
  assertWhole(): this {
    for (const amount of [this.unitPriceHalalas, this.totalHalalas, this.netHalalas]) halalas(amount)
    return this
  }
}

export class Order extends BaseModel {
  static override tableName = 'orders'
  /** `CP-1002345`: what people see. Given by the database. */
  declare number: string
  declare checkoutId: string
  declare buyerId: string
  declare sellerId: string
  declare status: OrderStatus
  declare netHalalas: Halalas
  declare vatHalalas: Halalas
  declare roundingHalalas: Halalas
  declare totalHalalas: Halalas
  declare holdExpiresAt: Date
  declare carrier: string | null
  declare trackingNumber: string | null
  declare paidAt: Date | null
  declare confirmedAt: Date | null
  declare shippedAt: Date | null
  declare deliveredAt: Date | null
  declare cancelledAt: Date | null
  declare items?: OrderItem[]
  declare checkout?: Checkout

  /** What is shown with an order: its lines, and where it goes. */
  static details = '[items, checkout]'

  static override relationMappings = (): RelationMappings => ({
    items: {
      relation: BaseModel.HasManyRelation,
      modelClass: OrderItem,
      join: { from: 'orders.id', to: 'order_items.order_id' },
      modify: query => query.orderBy('position'),
    },
    checkout: {
      relation: BaseModel.BelongsToOneRelation,
      modelClass: Checkout,
      join: { from: 'orders.checkout_id', to: 'checkouts.id' },
    },
  })

  /** Out of a row of order-queries' WHOLE_ORDER. */
  static fromWhole({ items, deliveryAddress, sellerOwnerId: _owner, ...columns }: WholeRow): Order {
    const order = Order.fromDatabaseJson(columns)
    order.items = items.map(item => OrderItem.fromDatabaseJson(item).assertWhole())
    order.checkout = Object.assign(new Checkout(), { id: order.checkoutId, deliveryAddress })
    return order
  }

  /** Stock is held for it, paid or not. */
  get holdsStock(): boolean {
    return this.status === 'PENDING' || this.status === 'PAID' || this.status === 'PROCESSING'
  }

  assertCanBecome(to: OrderStatus): void {
    if (canBecome(this.status, to)) return
    throw new AppError(
      'conflict',
      'orders.wrong_state',
      `Order ${this.number} is ${this.status} and cannot become ${to}.`,
      { orderStatus: this.status },
    )
  }

  assertCancellable(): void {
    if (this.holdsStock) return
    throw new AppError(
      'conflict',
      'orders.not_cancellable',
      `Order ${this.number} is ${this.status} and cannot be cancelled.`,
      { orderStatus: this.status },
    )
  }
}
