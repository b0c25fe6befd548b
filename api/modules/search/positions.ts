export const SORTS = ['relevance', 'newest', 'price_asc', 'price_desc'] as const
export type Sort = (typeof SORTS)[number]

/** Where a page ended, as whole numbers: which ones, the sort order says. Cursors are signed, so it is what we wrote. */
export const positionOf = (position: string): number[] => position.split(':').map(Number)
