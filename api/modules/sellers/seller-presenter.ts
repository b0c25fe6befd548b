import type { z } from 'zod'
import type { Seller } from './seller.js'
import type { SellerView } from './seller-schemas.js'

export function presentSeller(seller: Seller): z.infer<typeof SellerView> {
  const { id, tradeName, legalName, crNumber, vatNumber, city, status } = seller
  return { id, tradeName, legalName, crNumber, vatNumber, city, status }
}
