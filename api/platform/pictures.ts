import type { Sharp, SharpOptions } from 'sharp'
import { AppError } from './errors.js'
import { createGate } from './gate.js'
import { type FileKind, fileKindOf } from './saudi/file-kind.js'

/** 40 megapixels: more than a phone's camera takes, and 160 MB when unpacked. */
const MOST_PIXELS = 40_000_000
export const PICTURE_KINDS = ['image/jpeg', 'image/png', 'image/webp'] as const satisfies readonly FileKind[]

// two at once, each on one thread, so that requests beside it go on; memory and cores both count here
const pass = createGate(2, {
  mostWaiting: 20,
  refuse: () =>
    new AppError('unavailable', 'photos.busy', 'Too many photos are being read; send it again soon.'),
})

type Open = (input: Parameters<typeof import('sharp').default>[0], options?: SharpOptions) => Sharp

/**
 * Works on a JPEG, PNG or WebP that a stranger sent. What it is, its own first bytes say before the library sees it:
 * the library would try its readers of SVG and a dozen formats more. Throws where it is none, broken or too large.
 */
export function withPicture<T>(bytes: Buffer, work: (picture: Sharp, open: Open) => Promise<T>): Promise<T> {
  const kind = fileKindOf(bytes)
  return pass(async () => {
    if (!PICTURE_KINDS.some(known => known === kind)) throw new Error(`${kind} is no picture of ours`)
    const open = await library()
    return work(open(bytes, { limitInputPixels: MOST_PIXELS, failOn: 'error' }), open)
  })
}

/** Whether a picture can be seen to its end, and is no bomb: it is read whole, and thrown away. */
export async function canBeSeen(bytes: Buffer): Promise<boolean> {
  try {
    await withPicture(bytes, picture => picture.resize(64, 64, { fit: 'inside' }).raw().toBuffer())
    return true
  } catch (error) {
    if (error instanceof AppError) throw error
    return false
  }
}

/** Loaded with the first picture: most processes never see one. */
async function library() {
  const { default: sharp } = await import('sharp')
  sharp.concurrency(1)
  sharp.cache(false)
  return sharp
}
