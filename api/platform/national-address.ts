import type { NationalAddress as Known } from './saudi/address.js'

/** As a tax document states it: a short address has no field there. */
export type NationalAddress = Omit<Known, 'shortAddress'>
