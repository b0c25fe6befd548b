import { stableId } from '../stable-id.js'
import { buraydah } from './shelves/buraydah.js'
import { dammam } from './shelves/dammam.js'
import { jeddah } from './shelves/jeddah.js'
import { khamis } from './shelves/khamis.js'
import { riyadh } from './shelves/riyadh.js'
import type { Shelf } from './shelves/shelf.js'
import { type DemoEmail, userId } from './users.js'

const APPROVED_AT = new Date('2026-01-11T07:00:00Z')

type Seller = {
  owner: DemoEmail
  tradeName: string
  legalName: string
  crNumber: string
  vatNumber: string | null
  city: string
  address: { buildingNumber: string; street: string; district: string; postalCode: string }
  shelf: Shelf
}

/** Invented firms. The first four digits of a CR number name the chamber: 1010 Riyadh, 4030 Jeddah, … */
export const sellers = {
  riyadh: {
    owner: 'seller@cargoparts.example',
    tradeName: 'واحة اليابان لقطع الغيار',
    legalName: 'شركة واحة اليابان لقطع غيار السيارات المحدودة',
    crNumber: '1010784512',
    vatNumber: '310784512600003',
    city: 'الرياض',
    address: { buildingNumber: '7421', street: 'شارع العليا', district: 'العليا', postalCode: '12211' },
    shelf: riyadh,
  },
  jeddah: {
    owner: 'seller2@cargoparts.example',
    tradeName: 'مستودع العروس لقطع الغيار',
    legalName: 'شركة مستودع العروس للتجارة المحدودة',
    crNumber: '4030561927',
    vatNumber: '311056192700003',
    city: 'جدة',
    address: { buildingNumber: '3168', street: 'شارع فلسطين', district: 'الرحاب', postalCode: '23344' },
    shelf: jeddah,
  },
  dammam: {
    owner: 'seller3@cargoparts.example',
    tradeName: 'قطع الساحل الشرقي',
    legalName: 'مؤسسة الساحل الشرقي لقطع غيار السيارات',
    crNumber: '2050193846',
    vatNumber: '310219384600003',
    city: 'الدمام',
    address: { buildingNumber: '2947', street: 'طريق الملك فهد', district: 'الخالدية', postalCode: '32221' },
    shelf: dammam,
  },
  khamis: {
    owner: 'seller4@cargoparts.example',
    tradeName: 'تشليح قمم السودة',
    legalName: 'مؤسسة قمم السودة لقطع الغيار المستعملة',
    crNumber: '5855072163',
    vatNumber: '310507216300003',
    city: 'خميس مشيط',
    address: {
      buildingNumber: '6385',
      street: 'طريق المدينة العسكرية',
      district: 'الموسى',
      postalCode: '62461',
    },
    shelf: khamis,
  },
  buraydah: {
    owner: 'seller5@cargoparts.example',
    tradeName: 'ركن أبو صالح لقطع الصيني',
    legalName: 'مؤسسة ركن أبو صالح التجارية',
    crNumber: '1131048275',
    vatNumber: null, // below the threshold of 375,000 SAR a year
    city: 'بريدة',
    address: {
      buildingNumber: '4712',
      street: 'طريق الملك عبدالعزيز',
      district: 'الصفراء',
      postalCode: '52361',
    },
    shelf: buraydah,
  },
} satisfies Record<string, Seller>

export type SellerKey = keyof typeof sellers
export const sellerEntries = Object.entries(sellers) as [SellerKey, Seller][] // entries() forgets the keys

export const sellerId = (key: SellerKey): string => stableId(`seller:${key}`, APPROVED_AT)

export const sellerRows = sellerEntries.map(([key, seller]) => ({
  id: sellerId(key),
  owner_id: userId(seller.owner),
  trade_name: seller.tradeName,
  legal_name: seller.legalName,
  cr_number: seller.crNumber,
  vat_number: seller.vatNumber,
  city: seller.city,
  address: { ...seller.address, city: seller.city },
  status: 'APPROVED',
  created_at: APPROVED_AT,
}))
