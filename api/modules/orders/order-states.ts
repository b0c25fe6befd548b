export const ORDER_STATUSES = [
  'PENDING',
  'PAID',
  'PROCESSING',
  'SHIPPED',
  'DELIVERED',
  'CANCELLED',
  'EXPIRED',
  'REFUNDED',
] as const
export type OrderStatus = (typeof ORDER_STATUSES)[number]

/** Every move an order can make. EXPIRED and CANCELLED can still become PAID: money may arrive late. */
const NEXT: Record<OrderStatus, readonly OrderStatus[]> = {
  PENDING: ['PAID', 'CANCELLED', 'EXPIRED'],
  PAID: ['PROCESSING', 'CANCELLED'],
  PROCESSING: ['SHIPPED', 'CANCELLED'],
  SHIPPED: ['DELIVERED'],
  DELIVERED: [],
  CANCELLED: ['PAID', 'REFUNDED'],
  EXPIRED: ['PAID'],
  REFUNDED: [],
}

export const canBecome = (from: OrderStatus, to: OrderStatus): boolean => NEXT[from].includes(to)
