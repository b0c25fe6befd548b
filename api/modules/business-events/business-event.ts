/** What the business counts. The names are the interface to whoever reads the figures. */
export const BUSINESS_EVENTS = [
  'user_registered',
  'seller_onboarded',
  'listing_created',
  'order_created',
  'payment_completed',
] as const
export type BusinessEvent = (typeof BUSINESS_EVENTS)[number]

/** Which deeds of the audit trail are business events. A file of listings is as many as it created. */
const OF_DEED: Readonly<Record<string, BusinessEvent>> = {
  user_registered: 'user_registered',
  seller_onboarded: 'seller_onboarded',
  listing_created: 'listing_created',
  listings_imported: 'listing_created',
  order_created: 'order_created',
  payment_completed: 'payment_completed',
}

export type Happening = { event: BusinessEvent; objectType: string; objectId: string; count: number }
type Deed = { action: string; object: { type: string; id: string }; details: Record<string, unknown> }

/** Undefined where the deed is none, or nothing came of it. */
export function happeningOf({ action, object, details }: Deed): Happening | undefined {
  const event = Object.hasOwn(OF_DEED, action) ? OF_DEED[action] : undefined
  const count = typeof details.created === 'number' ? details.created : 1
  if (event === undefined || count < 1) return undefined
  return { event, objectType: object.type, objectId: object.id, count }
}

/** An event with what may be known of it abroad: no name, no address, no number that stands for a person. */
export type KnownEvent = {
  /** The same however often it is sent. */
  id: string
  event: BusinessEvent
  at: Date
  count: number
  /** Whose doing it is: becomes a pseudonym before it leaves. Null where the account is gone. */
  userId: string | null
  facts: Record<string, string | number | boolean | null>
}
