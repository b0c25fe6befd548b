import { type Actor, requireUser } from '../../platform/actor.js'
import { after, type Clock, minutes } from '../../platform/clock.js'
import type { Db, Trx } from '../../platform/database.js'
import { isUniqueViolation } from '../../platform/driver-errors.js'
import { AppError } from '../../platform/errors.js'
import { createGate } from '../../platform/gate.js'
import { newId } from '../../platform/ids.js'
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
        const placed = await insertCheckout(trx, { buyerId: buyer.id, idempotencyId, cart, parcels }, clock)
        for (const { id, totalHalalas } of placed.orders)
          await audit.record(trx, actor, 'order_created', { type: 'order', id }, { totalHalalas })
        // last: from here to the commit every other buyer of these parts waits
        await listings.take(trx, cart.lines)
        return placed
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

type NewCheckout = { buyerId: string; idempotencyId: string; cart: Cart; parcels: Parcel[] }

/** The checkout, its orders and their lines, in one statement: a round trip for each would be most of the time. */
async function insertCheckout(
  trx: Trx,
  { buyerId, idempotencyId, cart, parcels }: NewCheckout,
  clock: Clock,
): Promise<PlacedCheckout> {
  const checkout = Object.assign(new Checkout(), {
    id: newId(),
    buyerId,
    idempotencyId,
    totalHalalas: sum(parcels.map(parcel => parcel.priced.totalHalalas)),
    deliveryAddress: cart.deliveryAddress,
  })
  const orders = parcels.map(({ seller, priced: { lines: _lines, ...amounts } }) => ({
    ...{ id: newId(), sellerId: seller.id, holdExpiresAt: after(clock.now(), HOLD_MS) },
    ...amounts,
  }))
  const items = parcels.map((parcel, at) => itemsOf(parcel, orders[at]?.id as string)) // one order a parcel
  const { rows } = await trx.raw<{ rows: { id: string; checkoutCreatedAt: Date }[] }>(INSERT_CHECKOUT, [
    ...[checkout.id, buyerId, idempotencyId, checkout.totalHalalas, JSON.stringify(cart.deliveryAddress)],
    ...[JSON.stringify(orders), JSON.stringify(items.flat())],
  ])
  const written = new Map(rows.map(row => [row.id, row]))
  return {
    checkout,
    orders: orders.map(({ id }, at) => {
      const { checkoutCreatedAt, ...columns } = written.get(id) as (typeof rows)[number] // it was just written
      checkout.createdAt = checkoutCreatedAt
      return Object.assign(Order.fromDatabaseJson(columns), { checkout, items: items[at] })
    }),
  }
}

const INSERT_CHECKOUT = `
  with c as (
    insert into checkouts (id, buyer_id, idempotency_id, total_halalas, delivery_address) values (?, ?, ?, ?, ?)
    returning id, buyer_id, created_at),
  o as (
    insert into orders (id, checkout_id, buyer_id, seller_id, hold_expires_at, net_halalas, vat_halalas,
      rounding_halalas, total_halalas)
    select n.id, c.id, c.buyer_id, n."sellerId", n."holdExpiresAt", n."netHalalas", n."vatHalalas", n."roundingHalalas",
      n."totalHalalas"
    from c, jsonb_to_recordset(?) as n (id uuid, "sellerId" uuid, "holdExpiresAt" timestamptz, "netHalalas" bigint,
      "vatHalalas" bigint, "roundingHalalas" bigint, "totalHalalas" bigint)
    returning *),
  i as (
    insert into order_items (id, order_id, position, listing_id, title_ar, title_en, part_number, quantity,
      unit_price_halalas, total_halalas, net_halalas, vat_basis_points)
    select n.id, n."orderId", n.position, n."listingId", n."titleAr", n."titleEn", n."partNumber", n.quantity,
      n."unitPriceHalalas", n."totalHalalas", n."netHalalas", n."vatBasisPoints"
    from jsonb_to_recordset(?) as n (id uuid, "orderId" uuid, position integer, "listingId" uuid, "titleAr" text,
      "titleEn" text, "partNumber" text, quantity integer, "unitPriceHalalas" bigint, "totalHalalas" bigint,
      "netHalalas" bigint, "vatBasisPoints" integer))
  select o.*, c.created_at as "checkoutCreatedAt" from o, c`

const itemsOf = ({ lines, priced, rate }: Parcel, orderId: string): OrderItem[] =>
  lines.map(({ listing, quantity }, index) =>
    Object.assign(new OrderItem(), {
      id: newId(),
      orderId,
      position: index + 1,
      listingId: listing.id,
      titleAr: listing.titleAr,
      titleEn: listing.titleEn,
      partNumber: listing.partNumber,
      quantity,
      unitPriceHalalas: listing.priceHalalas,
      vatBasisPoints: rate,
      ...(priced.lines[index] as Priced['lines'][number]),
    }),
  )

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
