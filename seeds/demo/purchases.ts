import type { addresses } from './addresses.js'
import type { SellerKey } from './sellers.js'

export type Reached = 'PAID' | 'PROCESSING' | 'SHIPPED' | 'DELIVERED'
export type Line = readonly [partNumber: string, quantity: number]
export type Parcel = {
  seller: SellerKey
  lines: readonly Line[]
  shipment?: readonly [carrier: string, tracking: string]
}

/** One checkout of the demo buyer. Where it was paid, each of its orders has `status`; else nothing was sent. */
export type Purchase = {
  name: string
  placedAt: string
  address: keyof typeof addresses
  method: 'mada' | 'card'
  status: Reached | 'EXPIRED' | 'CANCELLED'
  parcels: readonly Parcel[]
}

export const purchases: readonly Purchase[] = [
  {
    name: 'camry-service',
    placedAt: '2026-05-03T16:20:00Z',
    address: 'home',
    method: 'mada',
    status: 'DELIVERED',
    parcels: [
      {
        seller: 'riyadh',
        lines: [
          ['04465-33480', 1],
          ['04152-YZZA1', 2],
          ['87139-YZZ20', 1],
        ],
        shipment: ['SMSA Express', '290038417726'],
      },
      { seller: 'buraydah', lines: [['154315', 2]], shipment: ['Naqel Express', '338214095'] },
    ],
  },
  {
    name: 'elantra-brakes',
    placedAt: '2026-05-17T18:05:00Z',
    address: 'family',
    method: 'card',
    status: 'SHIPPED',
    parcels: [
      {
        seller: 'jeddah',
        lines: [
          ['58101-F2A00', 1],
          ['58302-F2A00', 1],
        ],
        shipment: ['Aramex', '48102297365'],
      },
    ],
  },
  {
    name: 'tahoe-tune-up',
    placedAt: '2026-05-24T09:40:00Z',
    address: 'home',
    method: 'mada',
    status: 'PROCESSING',
    parcels: [
      {
        seller: 'dammam',
        lines: [
          ['41-114', 8],
          ['PF63E', 1],
        ],
      },
    ],
  },
  {
    name: 'hilux-front',
    placedAt: '2026-05-26T20:15:00Z',
    address: 'home',
    method: 'mada',
    status: 'PAID',
    parcels: [
      {
        seller: 'riyadh',
        lines: [
          ['04465-0K380', 1],
          ['17801-0L040', 1],
        ],
      },
      { seller: 'khamis', lines: [['81110-0K700', 1]] },
    ],
  },
  {
    name: 'bmw-pump',
    placedAt: '2026-05-20T11:30:00Z',
    address: 'family',
    method: 'card',
    status: 'EXPIRED',
    parcels: [{ seller: 'jeddah', lines: [['11517597715', 1]] }],
  },
  {
    name: 'second-thoughts',
    placedAt: '2026-05-21T08:00:00Z',
    address: 'home',
    method: 'card',
    status: 'CANCELLED',
    parcels: [{ seller: 'khamis', lines: [['53301-02270', 1]] }],
  },
]
