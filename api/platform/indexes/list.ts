import { LISTINGS } from './listings.js'
import { MONEY } from './money.js'
import { ORDERS } from './orders.js'
import { PEOPLE } from './people.js'
import { RECORDS } from './records.js'
import type { IndexSpec } from './spec.js'

/** Every index on a live table that is not a promise of the schema itself. Built one by one, without blocking writes. */
export const INDEXES: readonly IndexSpec[] = [...PEOPLE, ...ORDERS, ...LISTINGS, ...MONEY, ...RECORDS]
