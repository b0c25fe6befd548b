import { z } from 'zod'

/** A picture as a listing's row keeps it. `content` names what the storage holds of it. */
export type Photo = { id: string; content: string; width: number; height: number }

export const MOST_PHOTOS = 12
/** The longer side, in pixels: a card in a list, a page, the whole screen. */
export const SIDES = { small: 320, medium: 800, large: 1600 } as const
export type PhotoSize = keyof typeof SIDES

export const endingOf = (size: PhotoSize): string => `-${SIDES[size]}.webp`

const Address = z.string().describe('below the address of the API; the file there never changes')
export const PhotoView = z.object({
  id: z.uuid(),
  width: z.int().describe('of the largest, in pixels'),
  height: z.int(),
  small: Address,
  medium: Address,
  large: Address,
})

export const presentPhoto = ({ id, content, width, height }: Photo): z.infer<typeof PhotoView> => ({
  id,
  width,
  height,
  small: addressOf(content, 'small'),
  medium: addressOf(content, 'medium'),
  large: addressOf(content, 'large'),
})

const addressOf = (content: string, size: PhotoSize): string => `/media/${content}${endingOf(size)}`
