import fc from 'fast-check'
import { decimal, ofWhole } from '../../api/modules/invoices/zatca/decimal.js'
import type { TaxDocument, Vat } from '../../api/modules/invoices/zatca/document.js'
import { fromShelfPrices, type ShelfCart } from '../../api/modules/invoices/zatca/shelf-prices.js'
import { halalas } from '../../api/platform/money.js'
import { aDocument, aTaxInvoice } from './documents.js'

/** Any cart a person could fill: shelf prices with VAT in them, a delivery fee, a coupon, several rates. */

const STANDARD: Vat = { rate: 1500 }
const vats = fc.oneof(
  { weight: 8, arbitrary: fc.constant<Vat>(STANDARD) },
  { weight: 1, arbitrary: fc.constant<Vat>({ rate: 500 }) },
  { weight: 1, arbitrary: fc.constant<Vat>({ exemption: 'VATEX-SA-35' }) },
)
/** A quarter of them below five riyals, where a halala counts most. */
const paid = fc.oneof(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 5_000_000 })).map(halalas)
const title = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 })

const shelfLine = fc.record({
  name: title.map(text => `قطعة ${text}`),
  quantity: fc.oneof(
    fc.integer({ min: 1, max: 12 }).map(ofWhole),
    fc.constantFrom(decimal('2.5'), decimal('0.333')),
  ),
  paid,
  vat: vats,
})

export const shelfCarts: fc.Arbitrary<ShelfCart> = fc
  .record({
    lines: fc.array(shelfLine, { minLength: 1, maxLength: 12 }),
    delivery: fc.option(paid, { nil: undefined }),
    coupon: fc.option(fc.integer({ min: 1, max: 100 }), { nil: undefined }),
  })
  .map(({ lines, delivery, coupon }) => {
    const standard = lines.filter(line => line.vat === STANDARD).reduce((sum, line) => sum + line.paid, 0)
    const off =
      coupon && standard > 1 ? halalas(Math.max(1, Math.floor((standard * coupon) / 200))) : undefined
    return {
      lines,
      ...(delivery && {
        charges: [{ reason: 'Delivery', code: 'FC' as const, vat: STANDARD, paid: delivery }],
      }),
      ...(off && { allowances: [{ reason: 'Coupon', vat: STANDARD, paid: off }] }),
    }
  })

/** Documents over such carts, of both forms, as invoices and as notes. */
export const cartDocuments: fc.Arbitrary<TaxDocument> = fc
  .record({
    cart: shelfCarts,
    isTax: fc.boolean(),
    kind: fc.constantFrom('INVOICE', 'CREDIT_NOTE', 'DEBIT_NOTE'),
  })
  .map(({ cart, isTax, kind }) => ({
    ...(isTax ? aTaxInvoice() : aDocument({ buyer: { name: 'سارة العتيبي' } })),
    ...fromShelfPrices(cart),
    kind: kind as TaxDocument['kind'],
    flags: { thirdParty: true },
    ...(kind !== 'INVOICE' && { corrects: { numbers: ['INV-1001-000001'], reason: 'Returned' } }),
  }))
