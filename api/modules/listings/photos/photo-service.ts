import { type Actor, requireUser } from '../../../platform/actor.js'
import type { Db, Trx } from '../../../platform/database.js'
import { AppError, notFound } from '../../../platform/errors.js'
import { newId } from '../../../platform/ids.js'
import type { Outbox } from '../../../platform/outbox.js'
import { contentHash, type Storage } from '../../../platform/storage/index.js'
import type { AuditService } from '../../audit/audit-service.js'
import type { SellerService } from '../../sellers/seller-service.js'
import { endingOf, MOST_PHOTOS, type Photo, type PhotoSize, SIDES } from './photo.js'
import { variantsOf } from './variants.js'

type Deps = { db: Db; audit: AuditService; outbox: Outbox; storage: Storage; sellers: SellerService }
type Change = { photos: Photo[]; action: string; removed?: Photo }
export type PhotoService = ReturnType<typeof createPhotoService>

const SIZES = Object.keys(SIDES) as PhotoSize[]

/** The pictures of a listing. Files are written before the row that names them, and go after it is gone. */
export function createPhotoService({ db, audit, outbox, storage, sellers }: Deps) {
  return {
    /** Adds a picture at the end. The same picture again is the one that is there. */
    async add(listingId: string, bytes: Buffer, actor: Actor): Promise<Photo> {
      const { id: sellerId } = await sellers.ownedBy(actor)
      const present = await photosOf(db, listingId, sellerId)
      // a seller's own: taking it down must not ask what other shops show
      const content = contentHash(`${sellerId}\n`, bytes)
      const known = present.find(photo => photo.content === content)
      if (known) return known
      assertRoom(present)
      const { width, height, files } = await variantsOf(bytes)
      await keep(content, files)
      const photo = { id: newId(), content, width, height }
      const photos = await change(listingId, sellerId, actor, now => {
        if (now.some(other => other.content === content)) return undefined
        assertRoom(now)
        return { photos: [...now, photo], action: 'listing_photo_added' }
      })
      // one that was being taken down elsewhere may have taken the files along meanwhile
      await keep(content, files)
      return photos.find(other => other.content === content) as Photo
    },

    /** All of a listing's pictures in a new order: the first is shown in lists. */
    async arrange(listingId: string, ids: readonly string[], actor: Actor): Promise<Photo[]> {
      const { id: sellerId } = await sellers.ownedBy(actor)
      return change(listingId, sellerId, actor, now => {
        const photos = ids.flatMap(id => now.find(photo => photo.id === id) ?? [])
        if (photos.length !== now.length || new Set(ids).size !== now.length) throw changed()
        return { photos, action: 'listing_photos_arranged' }
      })
    },

    async remove(listingId: string, photoId: string, actor: Actor): Promise<void> {
      const { id: sellerId } = await sellers.ownedBy(actor)
      await change(listingId, sellerId, actor, now => {
        const removed = now.find(photo => photo.id === photoId)
        if (!removed) throw notFound('photo', photoId)
        return { photos: now.filter(photo => photo !== removed), action: 'listing_photo_removed', removed }
      })
    },

    /** After a picture was taken down: its files go, unless another listing of the seller shows it too. */
    async forgetFiles(sellerId: string, content: string): Promise<void> {
      const [shown] = await db('listings')
        .where({ seller_id: sellerId })
        .whereRaw('photos @> ?::jsonb', [JSON.stringify([{ content }])])
        .limit(1)
        .select('id')
      if (shown) return
      for (const size of SIZES) await storage.remove(storage.publicKey(content, endingOf(size)))
    },
  }

  async function keep(content: string, files: ReadonlyMap<PhotoSize, Buffer>): Promise<void> {
    for (const [size, bytes] of files)
      await storage.putPublic(storage.publicKey(content, endingOf(size)), bytes, 'image/webp')
  }

  async function change(
    listingId: string,
    sellerId: string,
    actor: Actor,
    decide: (now: Photo[]) => Change | undefined,
  ): Promise<Photo[]> {
    return db.transaction(async trx => {
      const now = await photosOf(trx, listingId, sellerId)
      const decided = decide(now)
      if (!decided) return now
      const { photos, action, removed } = decided
      await trx('listings')
        .where({ id: listingId })
        .update({ photos: JSON.stringify(photos), updated_at: trx.fn.now() })
      await audit.record(trx, requireUser(actor), action, { type: 'listing', id: listingId })
      if (removed) await outbox.add(trx, 'photo_removed', { sellerId, content: removed.content })
      return photos
    })
  }
}

async function photosOf(on: Db | Trx, id: string, sellerId: string): Promise<Photo[]> {
  const found = on('listings')
    .where({ id, seller_id: sellerId })
    .whereNot({ status: 'REMOVED' })
    .first('photos')
  const row = await ('isTransaction' in on && on.isTransaction ? found.forUpdate() : found)
  if (!row) throw notFound('listing', id)
  return row.photos
}

function assertRoom(photos: readonly Photo[]): void {
  if (photos.length < MOST_PHOTOS) return
  throw new AppError('conflict', 'photos.too_many', `A listing shows ${MOST_PHOTOS} photos at most.`, {
    most: MOST_PHOTOS,
  })
}

const changed = () =>
  new AppError(
    'conflict',
    'photos.changed',
    'Name each photo of the listing once; they have changed meanwhile.',
  )
