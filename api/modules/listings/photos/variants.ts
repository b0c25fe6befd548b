import { AppError } from '../../../platform/errors.js'
import { createGate } from '../../../platform/gate.js'
import { type PhotoSize, SIDES } from './photo.js'

/** 40 megapixels: more than a phone's camera takes, and 160 MB when unpacked. */
const MOST_PIXELS = 40_000_000
const FORMATS = new Set(['jpeg', 'png', 'webp'])
const QUALITY = 80

export type Variants = { width: number; height: number; files: Map<PhotoSize, Buffer> }

// two at once, each on one thread, so that requests beside it go on; memory and cores both count here
const pass = createGate(2, {
  mostWaiting: 20,
  refuse: () =>
    new AppError('unavailable', 'photos.busy', 'Too many photos are being read; send it again soon.'),
})

/**
 * A picture in our sizes, as WebP, upright, and without what a camera wrote into it: where it was taken is nobody's
 * business. What is no JPEG, PNG or WebP by its bytes, or is broken or too large, is refused.
 */
export function variantsOf(bytes: Buffer): Promise<Variants> {
  return pass(async () => {
    const sharp = await library()
    try {
      const input = sharp(bytes, { limitInputPixels: MOST_PIXELS, failOn: 'error' })
      const { format } = await input.metadata()
      if (!FORMATS.has(String(format))) throw new Error(`${format} is no format of ours`)
      const upright = await input
        .autoOrient()
        .resize(SIDES.large, SIDES.large, { fit: 'inside', withoutEnlargement: true })
        .toColourspace('srgb')
        .raw()
        .toBuffer({ resolveWithObject: true })
      const { width, height, channels } = upright.info
      const files = new Map<PhotoSize, Buffer>()
      for (const [size, side] of Object.entries(SIDES) as [PhotoSize, number][]) {
        const one = sharp(upright.data, { raw: { width, height, channels } })
        const resized = one.resize(side, side, { fit: 'inside', withoutEnlargement: true })
        files.set(size, await resized.webp({ quality: QUALITY }).toBuffer())
      }
      return { width, height, files }
    } catch (cause) {
      throw new AppError(
        'invalid',
        'photos.unreadable',
        'This is no JPEG, PNG or WebP picture we can read.',
        {},
        { cause },
      )
    }
  })
}

/** Loaded with the first picture: most processes never see one. */
async function library() {
  const { default: sharp } = await import('sharp')
  sharp.concurrency(1)
  sharp.cache(false)
  return sharp
}
