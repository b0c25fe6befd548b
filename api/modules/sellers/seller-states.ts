/** What a seller is. Only who is APPROVED sells; who is SUSPENDED neither sells nor changes what is for sale. */
export const SELLER_STATUSES = [
  'DRAFT',
  'SUBMITTED',
  'IN_REVIEW',
  'APPROVED',
  'REJECTED',
  'EXPIRED',
  'SUSPENDED',
] as const
export type SellerStatus = (typeof SELLER_STATUSES)[number]

/** What can become of a seller from where. */
export const SELLER_MOVES: Readonly<Record<SellerStatus, readonly SellerStatus[]>> = {
  DRAFT: ['SUBMITTED', 'SUSPENDED'],
  SUBMITTED: ['IN_REVIEW', 'DRAFT', 'EXPIRED', 'SUSPENDED'],
  IN_REVIEW: ['APPROVED', 'REJECTED', 'SUSPENDED'],
  // a renewal leaves it as it is; what is still open when the time is over goes on where it stood
  APPROVED: ['EXPIRED', 'SUBMITTED', 'IN_REVIEW', 'REJECTED', 'SUSPENDED'],
  REJECTED: ['SUBMITTED', 'SUSPENDED'],
  EXPIRED: ['SUBMITTED', 'SUSPENDED'],
  SUSPENDED: [],
}

/** A seller who sells nothing now has what he had on sale shown as paused: it is back when he is approved again. */
export const mayMove = (from: SellerStatus, to: SellerStatus): boolean => SELLER_MOVES[from].includes(to)
