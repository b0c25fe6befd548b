import type { QueryBuilder } from 'objection'
import type { Actor } from '../../platform/actor.js'
import type { Clock } from '../../platform/clock.js'
import type { Db, Trx } from '../../platform/database.js'
import { isForeignKeyViolation } from '../../platform/driver-errors.js'
import { AppError, notFound } from '../../platform/errors.js'
import type { Cursors, Page, PageRequest } from '../../platform/page.js'
import type { AuditService } from '../audit/audit-service.js'
import type { Seller } from '../sellers/seller.js'
import type { SellerService } from '../sellers/seller-service.js'
import { Listing } from './listing.js'
import type { Offer } from './listing-presenter.js'
import { lockStock, onSale, returnStock, type StockLine, takeStock } from './stock.js'

export type ListingFields = Pick<
  Listing,
  | 'titleAr'
  | 'titleEn'
  | 'descriptionAr'
  | 'descriptionEn'
  | 'categoryId'
  | 'makeId'
  | 'partNumber'
  | 'brand'
  | 'condition'
  | 'priceHalalas'
  | 'stock'
  | 'status'
>
export type ListingSearch = PageRequest & {
  q?: string | undefined
  category?: string | undefined
  make?: string | undefined
  seller?: string | undefined
  inStock?: boolean
}

type Deps = { db: Db; clock: Clock; cursors: Cursors; audit: AuditService; sellers: SellerService }
export type ListingService = ReturnType<typeof createListingService>

export function createListingService({ db, clock, cursors, audit, sellers }: Deps) {
  return {
    async create(input: ListingFields, actor: Actor): Promise<Offer> {
      const seller = await sellers.ownedBy(actor)
      if (input.status === 'ACTIVE') assertMayPublish(seller)
      const listing = await known(() =>
        db.transaction(async trx => {
          const created = await Listing.query(trx).insertAndFetch({ ...input, sellerId: seller.id })
          await audit.record(trx, actor, 'listing_created', { type: 'listing', id: created.id })
          return created
        }),
      )
      return offer(listing, seller)
    },

    /**
     * `stockWas` is the quantity the seller saw: an order that came between makes the edit a conflict, so that
     * an old number never puts sold parts back on sale.
     */
    async edit(id: string, input: Partial<ListingFields>, actor: Actor, stockWas?: number): Promise<Offer> {
      const seller = await sellers.ownedBy(actor)
      seller.assertNotSuspended()
      if (input.status === 'ACTIVE') assertMayPublish(seller)
      const listing = await known(() =>
        db.transaction(async trx => {
          const found = await Listing.query(trx)
            .findById(id)
            .where({ seller_id: seller.id })
            .whereNot({ status: 'REMOVED' })
            .forUpdate()
          if (!found) throw notFound('listing', id)
          if (stockWas !== undefined && stockWas !== found.stock) throw stockChanged(found.stock)
          await audit.record(
            trx,
            actor,
            'listing_edited',
            { type: 'listing', id },
            { fields: Object.keys(input) },
          )
          return found.$query(trx).patchAndFetch({ ...input, updatedAt: clock.now() })
        }),
      )
      return offer(listing, seller)
    },

    /** An offer anybody may see; one that is not on sale is seen by its seller only. */
    async get(id: string, actor: Actor): Promise<Offer> {
      const listing = await Listing.query(db).findById(id)
      if (!listing) throw notFound('listing', id)
      const seller = await sellers.get(listing.sellerId)
      const isOwner = actor.kind === 'user' && seller.ownerId === actor.id
      if (listing.status !== 'ACTIVE' && !isOwner) throw notFound('listing', id)
      return offer(listing, seller)
    },

    /** What is on sale, newest first. Words are matched whole, in either language, or as a part number. */
    async search(search: ListingSearch): Promise<Page<Offer>> {
      return offers(search, `listings:${JSON.stringify(filterOf(search))}`, query => {
        query.where({ status: 'ACTIVE' })
        filter(query, search)
      })
    },

    /** The caller's own listings, whatever their state. */
    async mine(page: PageRequest, actor: Actor): Promise<Page<Offer>> {
      const seller = await sellers.ownedBy(actor)
      return offers(page, `listings:of:${seller.id}`, query =>
        query.where({ seller_id: seller.id }).whereNot({ status: 'REMOVED' }),
      )
    },

    async makes(): Promise<{ id: string; nameAr: string; nameEn: string }[]> {
      return db('makes').orderBy('id').select('id', 'name_ar as nameAr', 'name_en as nameEn')
    },

    async categories(): Promise<{ id: string; parentId: string | null; nameAr: string; nameEn: string }[]> {
      return db('categories')
        .orderBy(['position', 'id'])
        .select('id', 'parent_id as parentId', 'name_ar as nameAr', 'name_en as nameEn')
    },

    onSale: (lines: readonly StockLine[]) => onSale(db, lines),
    /** Takes the quantities of a new order, from listings that are on sale. */
    take: (trx: Trx, lines: readonly StockLine[]) => takeStock(trx, lines, { onlyActive: true }),
    /** Takes them again for money that came late: the seller may have paused the listing since. */
    takeAgain: (trx: Trx, lines: readonly StockLine[]) => takeStock(trx, lines, { onlyActive: false }),
    putBack: returnStock,
    lock: lockStock,
  }

  async function offers(
    page: PageRequest,
    list: string,
    narrow: (query: QueryBuilder<Listing, Listing[]>) => void,
  ): Promise<Page<Offer>> {
    const query = Listing.query(db)
      .orderBy('id', 'desc')
      .limit(page.limit + 1)
    narrow(query)
    if (page.cursor !== undefined) query.where('id', '<', cursors.decode(list, page.cursor))
    const { items, nextCursor } = cursors.page(list, await query, page.limit, listing => listing.id)
    const owners = await sellers.byIds(items.map(listing => listing.sellerId))
    return { items: items.map(listing => offer(listing, owners.get(listing.sellerId) as Seller)), nextCursor }
  }

  function filter(query: QueryBuilder<Listing, Listing[]>, search: ListingSearch): void {
    const { category, make, seller, inStock, q } = search
    // a category stands for its children too
    if (category)
      query.whereRaw('category_id in (select id from categories where id = ? or parent_id = ?)', [
        category,
        category,
      ])
    if (make) query.where({ make_id: make })
    if (seller) query.where({ seller_id: seller })
    if (inStock) query.where('stock', '>', 0)
    // plainto_tsquery reads operators and wildcards as text; a part number is found however it is parted
    if (q) {
      query.whereRaw("search @@ (plainto_tsquery('simple', ?) || plainto_tsquery('simple', ?))", [
        q,
        q.replace(/[-\s./]/g, ''),
      ])
    }
  }

  function offer(listing: Listing, seller: Seller): Offer {
    return { listing, seller, now: clock.now() }
  }
}

const filterOf = ({ q, category, make, seller, inStock }: ListingSearch) => [
  q,
  category,
  make,
  seller,
  inStock,
]

function stockChanged(stock: number): AppError {
  return new AppError(
    'conflict',
    'listings.stock_changed',
    `The stock has changed meanwhile: it is ${stock}.`,
    { stock },
  )
}

function assertMayPublish(seller: Seller): void {
  if (seller.status !== 'APPROVED') {
    throw new AppError(
      'conflict',
      'sellers.not_approved',
      'The seller account is not approved yet; keep the listing a draft.',
    )
  }
}

/** A category or make that does not exist is the caller's mistake, found by the foreign key. */
async function known<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    if (!isForeignKeyViolation(error)) throw error
    throw new AppError(
      'invalid',
      'listings.unknown_reference',
      'There is no such category or make.',
      {},
      { cause: error },
    )
  }
}
