import { type Actor, requireUser } from '../../platform/actor.js'
import { after, type Clock, minutes } from '../../platform/clock.js'
import type { Db, Trx } from '../../platform/database.js'
import { isUniqueViolation } from '../../platform/driver-errors.js'
import { AppError } from '../../platform/errors.js'
import { createGate } from '../../platform/gate.js'
import type { BasisPoints } from '../../platform/money.js'
import { sum } from '../../platform/money.js'
import type { AuditService } from '../audit/audit-service.js'
import type { Listing } from '../listings/listing.js'
import type { ListingService } from '../listings/listing-service.js'
import type { StockLine } from '../listings/stock.js'
import type { Seller } from '../sellers/seller.js'
import type { SellerService } from '../sellers/seller-service.js'
import { Checkout, type DeliveryAddress } from './checkout.js'
import { Order, OrderItem } from './order.js'
import { type Priced, priceOrder } from './pricing.js'

/** How long unpaid stock is held: the life of a Tap charge. */
export const HOLD_MS = minutes(30)

/** Half of a process's connections: a run on one part must not keep the rest of the API waiting for one. */
const AT_ONCE = 5

export type Cart = { lines: StockLine[]; deliveryAddress: DeliveryAddress }
export type PlacedCheckout = { checkout: Checkout; orders: Order[] }

type Deps = {
  db: Db
  clock: Clock
  audit: AuditService
  listings: ListingService
  sellers: SellerService
  vatRate: BasisPoints
}

/** Places a cart: writes one order a seller and takes the stock of every line, or changes nothing. */
export function createPlacement({ db, clock, audit, listings, sellers, vatRate }: Deps) {
  const pass = createGate(AT_ONCE)
  return (cart: Cart, actor: Actor, idempotencyId: string): Promise<PlacedCheckout> =>
    pass(() => place(cart, actor, idempotencyId))

  async function place(cart: Cart, actor: Actor, idempotencyId: string): Promise<PlacedCheckout> {
    const buyer = requireUser(actor)
    const earlier = await placedUnder(db, idempotencyId)
    if (earlier) return earlier
    const offers = await listings.onSale(cart.lines)
    const shops = await sellers.byIds([...offers.values()].map(listing => listing.sellerId))
    if ([...shops.values()].some(shop => shop.ownerId === buyer.id)) throw ownListing()
    for (const shop of shops.values()) shop.assertSells()
    const parcels = split(cart.lines, offers, shops, vatRate)
    try {
      return await db.transaction(async trx => {
        const checkout = await Checkout.query(trx)
          .insert({
            buyerId: buyer.id,
            idempotencyId,
            totalHalalas: sum(parcels.map(parcel => parcel.priced.totalHalalas)),
            deliveryAddress: cart.deliveryAddress,
          })
          .returning('*')
        const orders: Order[] = []
        for (const parcel of parcels) {
          const order = await insertOrder(trx, checkout, parcel, after(clock.now(), HOLD_MS))
          await audit.record(
            trx,
            actor,
            'order_created',
            { type: 'order', id: order.id },
            { totalHalalas: order.totalHalalas },
          )
          orders.push(order)
        }
        // last: from here to the commit every other buyer of these parts waits
        await listings.take(trx, cart.lines)
        return { checkout, orders }
      })
    } catch (error) {
      // the same request, taken up twice: the other one placed it
      const twin = isUniqueViolation(error, 'checkouts_idempotency_id_key')
        ? await placedUnder(db, idempotencyId)
        : undefined
      if (twin) return twin
      throw error
    }
  }
}

type Parcel = {
  seller: Seller
  lines: { quantity: number; listing: Listing }[]
  priced: Priced
  rate: BasisPoints
}

/** The cart's lines by seller, each priced with or without VAT as its seller is registered. */
function split(
  lines: StockLine[],
  offers: Map<string, Listing>,
  shops: Map<string, Seller>,
  vatRate: BasisPoints,
): Parcel[] {
  const bySeller = new Map<string, Parcel['lines']>()
  for (const { listingId, quantity } of lines) {
    const listing = offers.get(listingId) as Listing
    bySeller.set(listing.sellerId, [...(bySeller.get(listing.sellerId) ?? []), { quantity, listing }])
  }
  return [...bySeller].map(([sellerId, parcel]) => {
    const seller = shops.get(sellerId) as Seller
    const rate = seller.isVatRegistered ? vatRate : 0
    const priced = priceOrder(
      parcel.map(line => ({ unitPriceHalalas: line.listing.priceHalalas, quantity: line.quantity })),
      rate,
    )
    return { seller, lines: parcel, priced, rate }
  })
}

async function insertOrder(
  trx: Trx,
  checkout: Checkout,
  { seller, lines, priced, rate }: Parcel,
  holdExpiresAt: Date,
): Promise<Order> {
  const { lines: pricedLines, ...amounts } = priced
  const order = await Order.query(trx)
    .insert({
      checkoutId: checkout.id,
      buyerId: checkout.buyerId,
      sellerId: seller.id,
      holdExpiresAt,
      ...amounts,
    })
    .returning('*')
  order.checkout = checkout
  order.items = await OrderItem.query(trx).insert(
    lines.map(({ listing, quantity }, index) => ({
      orderId: order.id,
      position: index + 1,
      listingId: listing.id,
      titleAr: listing.titleAr,
      titleEn: listing.titleEn,
      partNumber: listing.partNumber,
      quantity,
      unitPriceHalalas: listing.priceHalalas,
      vatBasisPoints: rate,
      ...(pricedLines[index] as Priced['lines'][number]),
    })),
  )
  return order
}

async function placedUnder(db: Db, idempotencyId: string): Promise<PlacedCheckout | undefined> {
  const checkout = await Checkout.query(db).findOne({ idempotency_id: idempotencyId })
  if (!checkout) return undefined
  const orders = await Order.query(db)
    .where({ checkout_id: checkout.id })
    .orderBy('id')
    .withGraphFetched(Order.details)
  return { checkout, orders }
}

function ownListing(): AppError {
  return new AppError('conflict', 'orders.own_listing', 'You cannot buy what you sell yourself.')
}
