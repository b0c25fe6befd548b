import { ById } from '../../http/fields.js'
import { NationalAddress } from '../../http/national-address.js'
import { type Operation, operation } from '../../http/operation.js'
import { presentSeller } from './seller-presenter.js'
import { SellerAddressView, SellerView } from './seller-schemas.js'
import type { SellerService } from './seller-service.js'

const tag = 'Sellers'

export function sellerOperations(sellers: SellerService): Operation[] {
  return [
    operation({
      id: 'mySeller',
      method: 'get',
      path: '/sellers/me',
      tag,
      access: ['seller'],
      summary: 'The seller the caller trades as',
      response: SellerView,
      handle: async ({ actor }) => presentSeller(await sellers.ownedBy(actor)),
    }),
    operation({
      id: 'mySellerAddress',
      method: 'get',
      path: '/sellers/me/address',
      tag,
      access: ['seller'],
      summary: "Where tax documents say the caller's shop is",
      response: SellerAddressView,
      handle: async ({ actor }) => ({ address: (await sellers.ownedBy(actor)).address }),
    }),
    operation({
      id: 'keepSellerAddress',
      method: 'put',
      path: '/sellers/me/address',
      tag,
      access: ['seller'],
      summary: "Say where the caller's shop is: e-invoices need the national address",
      body: NationalAddress,
      response: SellerAddressView,
      handle: async ({ body, actor }) => ({ address: await sellers.keepAddress(body, actor) }),
    }),
    operation({
      id: 'getSeller',
      method: 'get',
      path: '/sellers/:id',
      tag,
      access: 'anyone',
      summary: 'A seller, as buyers see him',
      params: ById,
      response: SellerView,
      handle: async ({ params, actor }) => presentSeller(await sellers.shown(params.id, actor)),
    }),
  ]
}
