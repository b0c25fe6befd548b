import { commissionDocument } from '../../api/modules/invoices/commission.js'
import { decimal, ofWhole } from '../../api/modules/invoices/zatca/decimal.js'
import type { TaxDocument } from '../../api/modules/invoices/zatca/document.js'
import { FIRST_PREVIOUS_HASH } from '../../api/modules/invoices/zatca/sealing.js'
import { fromShelfPrices } from '../../api/modules/invoices/zatca/shelf-prices.js'
import { halalas } from '../../api/platform/money.js'
import type { NationalAddress } from '../../api/platform/national-address.js'
import { aDocument, aTaxInvoice, BUYER, line, SELLER } from './documents.js'

const S = { rate: 1500 } as const
const FIVE = { rate: 500 } as const
const EXPORT = { exemption: 'VATEX-SA-32' } as const
const MEDICAL = { exemption: 'VATEX-SA-35' } as const
const INSURANCE = { exemption: 'VATEX-SA-29-7' } as const
const SCOPE = { exemption: 'VATEX-SA-OOS' } as const

const correction = { numbers: ['INV-1001-000001'], reason: 'إلغاء الطلب | Order cancelled' }
const usd = { code: 'USD', sarPerUnit: decimal('3.75') }
const freight = (amount: number) =>
  ({ amount: halalas(amount), reason: 'Delivery', code: 'FC', vat: S }) as const
const abroad = {
  name: 'Gulf Spares LLC',
  id: { scheme: 'OTH', value: 'AE4471902' },
  address: { street: 'Sheikh Zayed Road', city: 'Dubai', country: 'AE' },
} as const
const shelf = (cart: Parameters<typeof fromShelfPrices>[0]) => fromShelfPrices(cart)
const paid = (amount: number, quantity = 1) => ({
  name: 'مصباح | Bulb H7',
  quantity: ofWhole(quantity),
  vat: S,
  paid: halalas(amount),
})
const advance = {
  name: 'دفعة مقدمة | Advance for an engine',
  number: 'ADV-1001-000001',
  uuid: '01976a3e-5c1f-7c3a-9d2e-4b5a6c7d8e90',
  issuedAt: '2026-02-15T10:00:00',
  taxable: halalas(100_000),
  vatAmount: halalas(15_000),
  vat: S,
}

/** Every kind of document CargoParts writes, and those the law knows beside them. */
export const SHAPES: Record<string, TaxDocument> = {
  simplified: aDocument(),
  'simplified, named buyer': aDocument({ buyer: { name: 'سارة العتيبي' } }),
  'simplified by a third party': aDocument({ flags: { thirdParty: true } }),
  'simplified, shelf price 0.50': aDocument(shelf({ lines: [paid(50)] })),
  'simplified, shelf price 1.50': aDocument(shelf({ lines: [paid(150)] })),
  'simplified, many shelf prices': aDocument(
    shelf({ lines: [paid(190), paid(230, 3), paid(330), paid(410, 7), paid(430)] }),
  ),
  'simplified, delivery fee in the shelf price': aDocument(
    shelf({
      lines: [paid(9_999, 3)],
      charges: [{ reason: 'Delivery', code: 'FC', vat: S, paid: halalas(2_500) }],
    }),
  ),
  'simplified, coupon off the shelf price': aDocument(
    shelf({ lines: [paid(12_345)], allowances: [{ reason: 'Coupon', vat: S, paid: halalas(1_000) }] }),
  ),
  'simplified, nominal supply': aDocument({ flags: { nominal: true } }),
  'simplified summary': aDocument({
    flags: { summary: true },
    buyer: { name: 'سارة العتيبي' },
    supply: { from: '2026-02-01', until: '2026-02-28' },
  }),
  'simplified, zero rate': aDocument({ lines: [line({ vat: MEDICAL })] }),
  'simplified, private health care of a citizen': aDocument({
    lines: [line({ name: 'Clinic visit', vat: { exemption: 'VATEX-SA-HEA' } })],
    buyer: { name: 'سارة العتيبي', id: { scheme: 'NAT', value: '1082736456' } },
  }),
  'simplified credit note': aDocument({ kind: 'CREDIT_NOTE', corrects: correction }),
  'simplified debit note': aDocument({ kind: 'DEBIT_NOTE', corrects: correction }),
  'simplified credit note over a rounded price': aDocument({
    kind: 'CREDIT_NOTE',
    corrects: correction,
    ...shelf({ lines: [paid(50)] }),
  }),
  tax: aTaxInvoice(),
  'tax by a third party': aTaxInvoice({ flags: { thirdParty: true } }),
  'tax, buyer by another id': aTaxInvoice({
    buyer: { ...BUYER, vatNumber: null, id: { scheme: '700', value: '7018365294' } },
  }),
  'tax, shelf prices': aTaxInvoice(shelf({ lines: [paid(115_00), paid(1_010, 3)] })),
  'tax, decimals in price and quantity': aTaxInvoice({
    lines: [line({ quantity: decimal('2.750'), unit: 'LTR', unitPrice: decimal('33.333333') })],
  }),
  'tax, list price and discount': aTaxInvoice({
    lines: [line({ unitPrice: decimal('90.00'), discount: decimal('10.00') })],
  }),
  'tax, allowance and charge of a line': aTaxInvoice({
    lines: [
      line({
        quantity: ofWhole(3),
        allowances: [{ reason: 'Trade discount', percent: 1000, of: halalas(30_000) }],
        charges: [{ reason: 'Packing', code: 'PC', amount: halalas(1_234) }],
      }),
    ],
  }),
  'tax, allowance and charge of the document': aTaxInvoice({
    allowances: [{ reason: 'Loyalty', percent: 500, of: halalas(10_000), vat: S }],
    charges: [freight(2_500)],
  }),
  'tax, 3 × 33.33': aTaxInvoice({
    lines: [33.33, 33.33, 33.33].map(() => line({ unitPrice: decimal('33.33') })),
  }),
  'tax, 15 % and 5 %': aTaxInvoice({ lines: [line(), line({ vat: FIVE })] }),
  'tax, standard and zero rate': aTaxInvoice({ lines: [line(), line({ vat: MEDICAL })] }),
  'tax, exempt': aTaxInvoice({ lines: [line({ name: 'Life cover', vat: INSURANCE })] }),
  'tax, out of scope': aTaxInvoice({ lines: [line({ name: 'Deposit kept', vat: SCOPE })] }),
  'tax, every category': aTaxInvoice({
    lines: [line(), line({ vat: MEDICAL }), line({ vat: INSURANCE }), line({ vat: SCOPE })],
  }),
  'tax summary': aTaxInvoice({
    flags: { summary: true },
    supply: { from: '2026-02-01', until: '2026-02-28' },
    lines: Array.from({ length: 40 }, (_, index) => line({ unitPrice: decimal(`${index + 1}.37`) })),
  }),
  export: aTaxInvoice({ flags: { export: true }, buyer: abroad, lines: [line({ vat: EXPORT })] }),
  'export in dollars': aTaxInvoice({
    flags: { export: true },
    currency: usd,
    buyer: abroad,
    lines: [line({ vat: EXPORT })],
  }),
  'tax in dollars': aTaxInvoice({ currency: usd }),
  'tax, self-billed': aTaxInvoice({ flags: { selfBilled: true } }),
  'tax, continuous supply': aTaxInvoice({ flags: { continuous: true } }),
  'tax, government': aTaxInvoice({
    flags: { government: true },
    buyer: { ...BUYER, isGovernment: true },
    contract: 'MOH-2026-117',
  }),
  'tax, purchase order and notes': aTaxInvoice({
    purchaseOrder: 'PO-4471',
    notes: ['طلب رقم CP-1000001', 'Second note'],
  }),
  'tax credit note': aTaxInvoice({ kind: 'CREDIT_NOTE', corrects: correction }),
  'tax debit note over two invoices': aTaxInvoice({
    kind: 'DEBIT_NOTE',
    corrects: { ...correction, numbers: ['INV-1001-000001', 'INV-1001-000002'] },
  }),
  advance: aTaxInvoice({ kind: 'ADVANCE', lines: [line({ name: 'Advance for an engine' })] }),
  'settlement of an advance': aTaxInvoice({
    lines: [line({ name: 'Engine 2.5', unitPrice: decimal('2000.00') })],
    allowances: [{ reason: 'Discount', amount: halalas(10_000), vat: S }],
    advances: [advance],
  }),
  'settlement of two advances at two rates': aTaxInvoice({
    lines: [line({ unitPrice: decimal('5000.00') }), line({ unitPrice: decimal('1000.00'), vat: FIVE })],
    advances: [advance, { ...advance, taxable: halalas(50_000), vatAmount: halalas(2_500), vat: FIVE }],
  }),
  'settlement in dollars': aTaxInvoice({
    currency: usd,
    lines: [line({ unitPrice: decimal('2000.00') })],
    advances: [advance],
  }),
  commission: commission('310175397400003'),
  'commission of a seller without a VAT number': commission(null),
}

function commission(vatNumber: string | null): TaxDocument {
  const { country: _country, ...address } = SELLER.address
  return commissionDocument(
    {
      number: 'COM-1001-000001',
      uuid: '01976a3e-5c1f-7c3a-9d2e-4b5a6c7d8e91',
      issuedAt: '2026-03-01T14:05:09',
      period: { from: '2026-02-01', until: '2026-02-28' },
      items: [
        { name: 'عمولة المبيعات | Sales commission', net: halalas(43_719) },
        { name: 'إبراز الإعلانات | Featured listings', net: halalas(15_00) },
      ],
      platform: {
        ...SELLER,
        name: 'CargoParts',
        vatNumber: '310961842500003',
        id: { scheme: '700', value: '7026184935' },
      },
      seller: {
        legalName: SELLER.name,
        crNumber: SELLER.id.value,
        vatNumber,
        address: address as NationalAddress,
      },
    },
    { counter: 1, previousHash: FIRST_PREVIOUS_HASH },
  )
}
