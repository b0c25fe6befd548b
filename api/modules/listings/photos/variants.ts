import { AppError } from '../../../platform/errors.js'
import { withPicture } from '../../../platform/pictures.js'
import { type PhotoSize, SIDES } from './photo.js'

const QUALITY = 80

export type Variants = { width: number; height: number; files: Map<PhotoSize, Buffer> }

/**
 * A picture in our sizes, as WebP, upright, and without what a camera wrote into it: where it was taken is nobody's
 * business. What is no JPEG, PNG or WebP by its bytes, or is broken or too large, is refused.
 */
export async function variantsOf(bytes: Buffer): Promise<Variants> {
  try {
    return await withPicture(bytes, async (picture, open) => {
      const upright = await picture
        .autoOrient()
        .resize(SIDES.large, SIDES.large, { fit: 'inside', withoutEnlargement: true })
        .toColourspace('srgb')
        .raw()
        .toBuffer({ resolveWithObject: true })
      const { width, height, channels } = upright.info
      const files = new Map<PhotoSize, Buffer>()
      for (const [size, side] of Object.entries(SIDES) as [PhotoSize, number][]) {
        const one = open(upright.data, { raw: { width, height, channels } })
        const resized = one.resize(side, side, { fit: 'inside', withoutEnlargement: true })
        files.set(size, await resized.webp({ quality: QUALITY }).toBuffer())
      }
      return { width, height, files }
    })
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    const message = 'This is no JPEG, PNG or WebP picture we can read.'
    throw new AppError('invalid', 'photos.unreadable', message, {}, { cause })
  }
}
