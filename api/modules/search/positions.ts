export const SORTS = ['relevance', 'newest', 'price_asc', 'price_desc'] as const
export type Sort = (typeof SORTS)[number]

/**
 * Where a page ended, as whole numbers: which ones, the sort order says. And how the search was gone about, so that its
 * other pages are found the same way, whatever the statistics say by then: whether it had been mended, and whether
 * it was taken for one that finds few.
 */
export type Position = { numbers: number[]; isMended: boolean; isFew: boolean }

const [MENDED, FEW] = ['mended:', 'few:']

export const positionText = ({ numbers, isMended, isFew }: Position): string =>
  `${isMended ? MENDED : ''}${isFew ? FEW : ''}${numbers.join(':')}`

/** Cursors are signed, so it is what we wrote. */
export const positionOf = (text: string): Position => ({
  isMended: text.includes(MENDED),
  isFew: text.includes(FEW),
  numbers: text.replace(MENDED, '').replace(FEW, '').split(':').map(Number),
})
