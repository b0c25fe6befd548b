import { z } from 'zod'
import { ById, id } from '../../../http/fields.js'
import { type Operation, operation } from '../../../http/operation.js'
import { MOST_FILE_BYTES } from '../../../platform/storage/index.js'
import { MOST_PHOTOS, PhotoView, presentPhoto } from './photo.js'
import type { PhotoService } from './photo-service.js'

const shared = { tag: 'Listings', access: ['seller'], scope: 'listings:write' } as const
const PhotoList = z.object({ items: z.array(PhotoView) })

export function photoOperations(photos: PhotoService): Operation[] {
  return [
    operation({
      ...shared,
      id: 'addPhoto',
      method: 'post',
      path: '/listings/:id/photos',
      status: 201,
      summary: 'Add a photo to a listing: the bytes of a JPEG, PNG or WebP file',
      params: ById,
      rawBody: MOST_FILE_BYTES,
      rawTypes: ['image/jpeg', 'image/png', 'image/webp'],
      response: PhotoView,
      errors: {
        'photos.unreadable': 'invalid',
        'photos.too_many': 'conflict',
        'photos.busy': 'unavailable',
        'storage.unavailable': 'unavailable',
      },
      handle: async ({ params, rawBody, actor }) => presentPhoto(await photos.add(params.id, rawBody, actor)),
    }),
    operation({
      ...shared,
      id: 'arrangePhotos',
      method: 'put',
      path: '/listings/:id/photos',
      summary: 'Put the photos of a listing in order; the first one stands for it in lists',
      params: ById,
      body: z.strictObject({ ids: z.array(id).max(MOST_PHOTOS) }),
      response: PhotoList,
      errors: { 'photos.changed': 'conflict' },
      handle: async ({ params, body, actor }) => ({
        items: (await photos.arrange(params.id, body.ids, actor)).map(presentPhoto),
      }),
    }),
    operation({
      ...shared,
      id: 'removePhoto',
      method: 'delete',
      path: '/listings/:id/photos/:photoId',
      summary: 'Take a photo down',
      params: ById.extend({ photoId: id }),
      errors: { 'photos.not_found': 'not_found' },
      handle: ({ params, actor }) => photos.remove(params.id, params.photoId, actor),
    }),
  ]
}
