/** What the shopper is given. */
export type ShoppingList = {
  apiUrl: string
  providerUrl: string
  secretKey: string
  tokens: string[]
  queries: string[]
  listingIds: string[]
  seconds: number
}

/** What it saw. */
export type OrderLoad = {
  orders: number
  perSecond: number
  /** Seven, and the looks that came too early. */
  requestsAnOrder: number
  steps: { name: string; p50Ms: number; p99Ms: number }[]
  failed: number
  failures: string[]
}
