import { type Actor, mayDo } from '../../platform/actor.js'
import { type Clock, riyadhYear } from '../../platform/clock.js'
import type { Db, Trx } from '../../platform/database.js'
import { AppError, notFound } from '../../platform/errors.js'
import { newId } from '../../platform/ids.js'
import type { Logger } from '../../platform/logger.js'
import type { Cursors, Page, PageRequest } from '../../platform/page.js'
import type { Reads } from '../../platform/reads.js'
import { createTogether } from '../../platform/together.js'
import type { AuditService } from '../audit/audit-service.js'
import type { CatalogueService } from '../catalogue/catalogue-service.js'
import type { Seller } from '../sellers/seller.js'
import type { SellerService } from '../sellers/seller-service.js'
import { type CrossReference, conceptsOf, keysOf } from './fitment.js'
import { Listing } from './listing.js'
import type { DetailRow, OwnCardRow } from './listing-presenter.js'
import { DETAIL, OWN_CARDS } from './listing-queries.js'
import { type RefreshProgress, refreshListings } from './listing-refresh.js'
import {
  assertMayPublish,
  completed,
  known,
  replaceFitments,
  replaceNumbers,
  type WantedFitment,
} from './listing-writing.js'
import { lockStock, onSale, returnStock, type StockLine, takeStock } from './stock.js'
import { learn } from './vocabulary.js'

export type ListingFields = Pick<
  Listing,
  | 'sku'
  | 'titleAr'
  | 'titleEn'
  | 'descriptionAr'
  | 'descriptionEn'
  | 'categoryId'
  | 'partNumber'
  | 'brand'
  | 'condition'
  | 'priceHalalas'
  | 'stock'
  | 'warrantyMonths'
  | 'status'
> & { fits: readonly WantedFitment[]; crossReferences: readonly CrossReference[] }

/** A listing, the moment it was looked at, and whether its own seller looked. */
export type Seen = { listing: DetailRow; at: Date; isOwner: boolean }

type Deps = {
  db: Db
  reads: Reads
  clock: Clock
  logger: Logger
  cursors: Cursors
  audit: AuditService
  catalogue: CatalogueService
  sellers: SellerService
}
export type ListingService = ReturnType<typeof createListingService>

export function createListingService(deps: Deps) {
  const { db, reads, clock, logger, cursors, audit, catalogue, sellers } = deps
  /** One statement for all who look at a listing in the same moment. */
  const together = createTogether(
    async (ids: string[]) => {
      const rows = await reads<DetailRow>(DETAIL, [[...new Set(ids)]])
      const found = new Map(rows.map(row => [row.id, row]))
      return ids.map(id => found.get(id.toLowerCase()))
    },
    { most: 50 },
  )
  return {
    async create({ fits, crossReferences, ...fields }: ListingFields, actor: Actor): Promise<Seen> {
      const seller = await sellers.ownedBy(actor)
      if (fields.status === 'ACTIVE') assertMayPublish(seller)
      const fitments = await complete(fits)
      const concepts = conceptsOf(await catalogue.lexicon(), fields)
      const id = newId()
      await known(() =>
        db.transaction(async trx => {
          const keys = keysOf(fitments, crossReferences, concepts, fields.categoryId)
          await Listing.query(trx).insert({ id, ...fields, keys, sellerId: seller.id })
          await replaceFitments(trx, new Map([[id, fitments]]))
          await replaceNumbers(trx, new Map([[id, crossReferences]]))
          await audit.record(trx, actor, 'listing_created', { type: 'listing', id })
        }),
      )
      return written(id)
    },

    /**
     * `stockWas` is the quantity the seller saw: an order that came between makes the edit a conflict, so that
     * an old number never puts sold parts back on sale.
     */
    async edit(id: string, input: Partial<ListingFields>, actor: Actor, stockWas?: number): Promise<Seen> {
      const seller = await sellers.ownedBy(actor)
      seller.assertNotSuspended()
      if (input.status === 'ACTIVE') assertMayPublish(seller)
      const { fits, crossReferences, ...fields } = input
      // what is gone must not stand in the way of its successor
      if (fields.status === 'REMOVED') fields.sku = null
      const fitments = fits && (await complete(fits))
      const lexicon = await catalogue.lexicon()
      await known(() =>
        db.transaction(async trx => {
          const found = await lockOwn(trx, id, seller)
          if (stockWas !== undefined && stockWas !== found.stock) throw stockChanged(found.stock)
          await audit.record(
            trx,
            actor,
            'listing_edited',
            { type: 'listing', id },
            { fields: Object.keys(input) },
          )
          if (fitments) await replaceFitments(trx, new Map([[id, fitments]]))
          if (crossReferences) await replaceNumbers(trx, new Map([[id, crossReferences]]))
          const kept = await detail(id, trx)
          const { categoryId, ...texts } = { ...kept, ...fields }
          const concepts = conceptsOf(lexicon, texts)
          const [cars, numbers] = [fitments ?? kept.fits, crossReferences ?? kept.crossReferences]
          const keys = keysOf(cars, numbers, concepts, categoryId)
          await found.$query(trx).patch({ ...fields, keys, updatedAt: clock.now() })
        }),
      )
      return written(id)
    },

    /** A listing anybody may see; one that is not on sale is seen by its seller only. */
    async get(id: string, actor: Actor): Promise<Seen> {
      const listing = await detail(id)
      const isOwner = actor.kind === 'user' && listing.ownerId === actor.id && mayDo(actor, 'listings:read')
      if (!isShown(listing) && !isOwner) throw notFound('listing', id)
      return { listing, at: clock.now(), isOwner }
    },

    /** The caller's own listings, whatever their state. */
    async mine({ limit, cursor }: PageRequest, actor: Actor): Promise<Page<OwnCardRow> & { at: Date }> {
      const seller = await sellers.ownedBy(actor)
      const list = `listings:of:${seller.id}`
      const below = cursor === undefined ? null : cursors.decode(list, cursor)
      const rows = await reads<OwnCardRow>(OWN_CARDS, [seller.id, below, limit + 1])
      return { ...cursors.page(list, rows, limit, row => String(row.seq)), at: clock.now() }
    },

    refresh: (onProgress: RefreshProgress) => refreshListings(db, catalogue, onProgress),

    onSale: (lines: readonly StockLine[]) => onSale(db, lines),
    /** Takes the quantities of a new order, from listings that are on sale. */
    take: (trx: Trx, lines: readonly StockLine[]) => takeStock(trx, lines, { onlyActive: true }),
    /** Takes them again for money that came late: the seller may have paused the listing since. */
    takeAgain: (trx: Trx, lines: readonly StockLine[]) => takeStock(trx, lines, { onlyActive: false }),
    putBack: returnStock,
    lock: lockStock,
  }

  async function complete(fits: readonly WantedFitment[]) {
    return completed(fits, await catalogue.reference(), riyadhYear(clock.now()))
  }

  async function detail(id: string, trx?: Trx): Promise<DetailRow> {
    const rows = trx
      ? (await trx.raw<{ rows: DetailRow[] }>(DETAIL.text.replace('$1', '?'), [[id]])).rows
      : [await together(id)]
    const [listing] = rows
    if (!listing) throw notFound('listing', id)
    return listing
  }

  async function written(id: string): Promise<Seen> {
    const listing = await detail(id)
    const numbers = [listing.partNumber, ...listing.crossReferences.map(({ number }) => number)]
    // what nobody may see yet must not show through what is mended
    if (isShown(listing)) await learn(db, logger, [{ ...listing, numbers }])
    return { listing, at: clock.now(), isOwner: true }
  }
}

const isShown = ({ state, sellerStatus }: DetailRow): boolean =>
  (state === 'ACTIVE' || state === 'SOLD_OUT') && sellerStatus === 'APPROVED'

async function lockOwn(trx: Trx, id: string, seller: Seller): Promise<Listing> {
  const found = await Listing.query(trx)
    .findById(id)
    .where({ seller_id: seller.id })
    .whereNot({ status: 'REMOVED' })
    .forUpdate()
  if (!found) throw notFound('listing', id)
  return found
}

function stockChanged(stock: number): AppError {
  return new AppError(
    'conflict',
    'listings.stock_changed',
    `The stock has changed meanwhile: it is ${stock}.`,
    { stock },
  )
}
