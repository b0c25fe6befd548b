export const SORTS = ['relevance', 'newest', 'price_asc', 'price_desc'] as const
export type Sort = (typeof SORTS)[number]

/** Where a page ended, as whole numbers: which ones, the sort order says; and whether the search had been mended. */
export type Position = { numbers: number[]; isMended: boolean }

export const positionText = (isMended: boolean, numbers: readonly number[]): string =>
  `${isMended ? 'mended:' : ''}${numbers.join(':')}`

/** Cursors are signed, so it is what we wrote. */
export function positionOf(text: string): Position {
  const isMended = text.startsWith('mended:')
  return {
    isMended,
    numbers: text
      .slice(isMended ? 7 : 0)
      .split(':')
      .map(Number),
  }
}
