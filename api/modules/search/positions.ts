export const SORTS = ['relevance', 'newest', 'price_asc', 'price_desc'] as const
export type Sort = (typeof SORTS)[number]

/** How a search was read: mended, and from the newest on because it is in many listings, whatever the statistics say. */
export type Manner = { isMended: boolean; isMany: boolean }
/** Where a page ended, as whole numbers: which ones, the sort order says; and how the search was read. */
export type Position = Manner & { numbers: number[] }

export const positionText = ({ isMended, isMany }: Manner, numbers: readonly number[]): string =>
  `${isMended ? 'mended:' : ''}${isMany ? 'many:' : ''}${numbers.join(':')}`

/** Cursors are signed, so it is what we wrote. */
export function positionOf(text: string): Position {
  const parts = text.split(':')
  const numbers = parts.filter(part => /^-?\d+$/.test(part)).map(Number)
  return { isMended: parts.includes('mended'), isMany: parts.includes('many'), numbers }
}
