import { ById } from '../../http/fields.js'
import { NationalAddress } from '../../http/national-address.js'
import { type Operation, operation } from '../../http/operation.js'
import { presentSeller } from './seller-presenter.js'
import { ApplyAsSeller, SellerAddressView, SellerView } from './seller-schemas.js'
import type { SellerService } from './seller-service.js'

const tag = 'Sellers'

export function sellerOperations(sellers: SellerService): Operation[] {
  return [
    operation({
      id: 'applyAsSeller',
      method: 'post',
      path: '/sellers',
      tag,
      access: ['buyer', 'seller'],
      status: 201,
      summary: 'Become a seller; an officer approves',
      body: ApplyAsSeller,
      response: SellerView,
      errors: { 'sellers.exists': 'conflict', 'sellers.identifier_taken': 'conflict' },
      handle: async ({ body, actor }) => presentSeller(await sellers.apply(body, actor)),
    }),
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
      summary: 'A seller',
      params: ById,
      response: SellerView,
      handle: async ({ params }) => presentSeller(await sellers.get(params.id)),
    }),
    operation({
      id: 'approveSeller',
      method: 'post',
      path: '/sellers/:id/approve',
      tag,
      access: ['officer', 'admin'],
      status: 200,
      summary: 'Let a seller publish',
      params: ById,
      response: SellerView,
      handle: async ({ params, actor }) => presentSeller(await sellers.approve(params.id, actor)),
    }),
  ]
}
