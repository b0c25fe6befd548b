import { z } from 'zod'
import {
  additionalNumber,
  buildingNumber,
  crNumber,
  email,
  id,
  instant,
  line,
  Money,
  pageOf,
  paging,
  postalCode,
  saudiMobile,
  shortAddress,
  typed,
} from '../../http/fields.js'
import { riyadhDay } from '../../platform/clock.js'
import { westernDigits } from '../../platform/digits.js'
import { isOfBuilding } from '../../platform/saudi/address.js'
import { ORDER_STATUSES } from './order-states.js'

/** The Saudi national address (SPL): building number, street, district, city, postal code, additional number. */
export const DeliveryAddress = z
  .strictObject({
    recipient: line(120),
    phone: saudiMobile,
    buildingNumber,
    street: line(120),
    district: line(120),
    city: line(60),
    postalCode,
    additionalNumber: additionalNumber.optional(),
    shortAddress: shortAddress.optional(),
  })
  .refine(({ shortAddress, buildingNumber }) => !shortAddress || isOfBuilding(shortAddress, buildingNumber), {
    path: ['shortAddress'],
    message: 'address.short_building',
  })

export const PlaceOrder = z.strictObject({
  lines: z
    .array(z.strictObject({ listingId: id.toLowerCase(), quantity: z.int().min(1).max(1000) }))
    .min(1)
    .max(50)
    .refine(lines => new Set(lines.map(item => item.listingId)).size === lines.length, 'lines.duplicate'),
  deliveryAddress: DeliveryAddress,
})

export const Ship = z.strictObject({ carrier: line(60), trackingNumber: line(60) })
export const ListOrders = z.strictObject({ status: z.enum(ORDER_STATUSES).optional(), ...paging })
const orderNumber = z
  .string()
  .max(20)
  .transform(text =>
    westernDigits(text)
      .trim()
      .toUpperCase()
      .replace(/^(?=\d)/, 'CP-'),
  )
  .pipe(z.string().regex(/^CP-\d{1,12}$/))

export const SearchOrders = z
  .strictObject({
    number: orderNumber.optional().describe('CP-1002345, or its digits'),
    buyer: z.union([id, email]).optional().describe('id or e-mail address'),
    seller: z.union([id, crNumber]).optional().describe('id or CR number'),
    status: z.enum(ORDER_STATUSES).optional(),
    from: typed(z.iso.date()).optional().describe('placed on this day or later, in Riyadh'),
    to: typed(z.iso.date()).optional().describe('placed on this day or earlier, in Riyadh'),
    ...paging,
  })
  .refine(({ from, to }) => !from || !to || from <= to, { path: ['to'], message: 'dates.order' })
  .transform(({ from, to, ...rest }) => ({
    ...rest,
    from: from ? riyadhDay(from) : undefined,
    until: to ? riyadhDay(to, 1) : undefined,
  }))

export const ByIdOrNumber = z.strictObject({ id: z.union([id, z.string().regex(/^CP-\d{1,12}$/i)]) })

const OrderItemView = z.object({
  listingId: z.uuid(),
  title: z.object({ ar: z.string(), en: z.string() }),
  partNumber: z.string(),
  quantity: z.int(),
  unitPrice: Money,
  total: Money,
  vatBasisPoints: z.int().describe('1500 is 15 %'),
})

export const OrderView = z.object({
  id: z.uuid(),
  number: z.string().describe('what people see, such as CP-1002345'),
  checkoutId: z.uuid(),
  sellerId: z.uuid(),
  status: z.enum(ORDER_STATUSES),
  items: z.array(OrderItemView),
  net: Money,
  vat: Money,
  rounding: Money.describe('net + vat + rounding = total; between -1 and 1'),
  total: Money,
  deliveryAddress: z
    .record(z.string(), z.string().optional())
    .nullable()
    .describe('null for a seller until the order is paid, and in the lists of staff'),
  holdExpiresAt: z.iso.datetime().describe('unpaid stock is held until then'),
  carrier: z.string().nullable(),
  trackingNumber: z.string().nullable(),
  createdAt: z.iso.datetime(),
  paidAt: instant,
  shippedAt: instant,
  deliveredAt: instant,
})
export const OrderPage = pageOf(OrderView)
export const OrderCardView = z.object({
  id: z.uuid(),
  number: z.string(),
  status: z.enum(ORDER_STATUSES),
  buyer: z.object({ id: z.uuid(), name: z.string() }),
  seller: z.object({ id: z.uuid(), tradeName: z.string() }),
  total: Money,
  createdAt: z.iso.datetime(),
  paidAt: instant,
})
export const FoundOrders = pageOf(OrderCardView)

export const CheckoutView = z.object({
  id: z.uuid(),
  total: Money,
  deliveryAddress: z.record(z.string(), z.string().optional()),
  orders: z.array(OrderView).describe('one a seller'),
  createdAt: z.iso.datetime(),
})
