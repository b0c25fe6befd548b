import type { Happening } from './business-event.js'

/**
 * Of $1, whose doing it is (`userId`) and what may be said of it. Read users, sellers, listings, orders and payments.
 * What is not named here never leaves.
 */
const OF_OBJECT: Readonly<Record<string, string>> = {
  user: `select id as "userId", role, locale from users where id = $1`,
  seller: `select owner_id as "userId", vat_number is not null as "vatRegistered" from sellers where id = $1`,
  listing: `
    select s.owner_id as "userId", l.category_id as category, l.condition, l.price_halalas as "amountHalalas"
    from listings l join sellers s on s.id = l.seller_id where l.id = $1`,
  order: `
    select o.buyer_id as "userId", o.total_halalas as "amountHalalas",
      (select sum(quantity)::int from order_items where order_id = o.id) as units
    from orders o where o.id = $1`,
  payment: `
    select buyer_id as "userId", amount_halalas as "amountHalalas", provider, method from payments where id = $1`,
}

export const factsStatement = ({
  objectType,
}: Pick<Happening, 'objectType'>): { text: string } | undefined => {
  const text = Object.hasOwn(OF_OBJECT, objectType) ? OF_OBJECT[objectType] : undefined
  return text === undefined ? undefined : { text }
}
