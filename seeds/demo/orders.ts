import { type Halalas, halalas, sum, times } from '../../api/platform/money.js'
import { stableId, stableNumber } from '../stable-id.js'
import { addresses } from './addresses.js'
import { listingOf } from './listings.js'
import { type Price, priceOf } from './pricing.js'
import { type Parcel, type Purchase, purchases } from './purchases.js'
import { sellerId } from './sellers.js'
import { userId } from './users.js'

const MINUTE = 60_000
const HOLD = 30 * MINUTE
/** How long after the order each step came. */
const PAID_AFTER = 6 * MINUTE
const CONFIRMED_AFTER = 4 * 60 * MINUTE
const SHIPPED_AFTER = 26 * 60 * MINUTE
const DELIVERED_AFTER = 74 * 60 * MINUTE

const buyerId = userId('buyer@cargoparts.example')
const after = (purchase: Purchase, ms: number) => new Date(Date.parse(purchase.placedAt) + ms)
const idOf = (kind: string, purchase: Purchase, seller = '') =>
  stableId(`${kind}:${purchase.name}:${seller}`, after(purchase, 0))

const STEPS = ['PAID', 'PROCESSING', 'SHIPPED', 'DELIVERED']
const hasReached = (purchase: Purchase, step: string) => STEPS.indexOf(purchase.status) >= STEPS.indexOf(step)

/** One seller's part of a purchase, with its money worked out. */
type Priced = { purchase: Purchase; parcel: Parcel; lineTotals: Halalas[]; price: Price }
const pricedOf = (purchase: Purchase): Priced[] =>
  purchase.parcels.map(parcel => {
    const lineTotals = parcel.lines.map(([partNumber, quantity]) =>
      times(halalas(listingOf(parcel.seller, partNumber).price_halalas), quantity),
    )
    return { purchase, parcel, lineTotals, price: priceOf(parcel.seller, lineTotals) }
  })
const priced = purchases.flatMap(pricedOf)
const totalOf = (purchase: Purchase) => sum(pricedOf(purchase).map(({ price }) => price.total))

export const checkoutRows = purchases.map(purchase => ({
  id: idOf('checkout', purchase),
  buyer_id: buyerId,
  idempotency_id: idOf('checkout-request', purchase),
  total_halalas: totalOf(purchase),
  delivery_address: addresses[purchase.address],
  created_at: after(purchase, 0),
}))

export const orderRows = priced.map(({ purchase, parcel, price }) => ({
  id: idOf('order', purchase, parcel.seller),
  checkout_id: idOf('checkout', purchase),
  buyer_id: buyerId,
  seller_id: sellerId(parcel.seller),
  status: purchase.status,
  net_halalas: price.net,
  vat_halalas: price.vat,
  rounding_halalas: price.rounding,
  total_halalas: price.total,
  hold_expires_at: after(purchase, HOLD),
  carrier: parcel.shipment?.[0] ?? null,
  tracking_number: parcel.shipment?.[1] ?? null,
  paid_at: hasReached(purchase, 'PAID') ? after(purchase, PAID_AFTER) : null,
  confirmed_at: hasReached(purchase, 'PROCESSING') ? after(purchase, CONFIRMED_AFTER) : null,
  shipped_at: hasReached(purchase, 'SHIPPED') ? after(purchase, SHIPPED_AFTER) : null,
  delivered_at: hasReached(purchase, 'DELIVERED') ? after(purchase, DELIVERED_AFTER) : null,
  cancelled_at: purchase.status === 'CANCELLED' ? after(purchase, 9 * MINUTE) : null,
  created_at: after(purchase, 0),
}))

export const orderItemRows = priced.flatMap(({ purchase, parcel, lineTotals, price }) =>
  parcel.lines.map(([partNumber, quantity], at) => {
    const listing = listingOf(parcel.seller, partNumber)
    return {
      id: stableId(`item:${purchase.name}:${parcel.seller}:${at}`, after(purchase, 0)),
      order_id: idOf('order', purchase, parcel.seller),
      position: at + 1,
      listing_id: listing.id,
      title_ar: listing.title_ar,
      title_en: listing.title_en,
      part_number: partNumber,
      quantity,
      unit_price_halalas: listing.price_halalas,
      total_halalas: lineTotals[at],
      net_halalas: price.lineNets[at],
      vat_basis_points: price.rate,
    }
  }),
)

const withPayment = purchases.filter(({ status }) => status !== 'CANCELLED')

export const paymentRows = withPayment.map(purchase => {
  const isPaid = hasReached(purchase, 'PAID')
  return {
    id: idOf('payment', purchase),
    checkout_id: idOf('checkout', purchase),
    buyer_id: buyerId,
    idempotency_id: idOf('payment-request', purchase),
    provider: 'tap',
    method: purchase.method,
    status: isPaid ? 'CAPTURED' : 'FAILED',
    amount_halalas: totalOf(purchase),
    external_id: `chg_TS_demo_${stableNumber(`charge:${purchase.name}`, 1e12)}`,
    failure_code: isPaid ? null : 'ABANDONED 301',
    expires_at: after(purchase, HOLD),
    captured_at: isPaid ? after(purchase, PAID_AFTER) : null,
    created_at: after(purchase, MINUTE),
    updated_at: after(purchase, isPaid ? PAID_AFTER : HOLD),
  }
})

export const allocationRows = priced
  .filter(({ purchase }) => withPayment.includes(purchase))
  .map(({ purchase, parcel, price }) => ({
    payment_id: idOf('payment', purchase),
    order_id: idOf('order', purchase, parcel.seller),
    amount_halalas: price.total,
  }))

/** What makes the worker issue an order's invoice, as a real payment would: numbers and QR codes are its own. */
export const paidEventRows = priced
  .filter(({ purchase }) => hasReached(purchase, 'PAID'))
  .map(({ purchase, parcel }) => ({
    id: idOf('order-paid', purchase, parcel.seller),
    topic: 'order_paid',
    payload: { orderId: idOf('order', purchase, parcel.seller) },
  }))
