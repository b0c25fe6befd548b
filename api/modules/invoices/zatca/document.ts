import type { BasisPoints, Halalas } from '../../../platform/money.js'
import type { Decimal } from './decimal.js'
import type { ExemptionCode } from './exemptions.js'

/**
 * A tax document as ZATCA wants it told (XML Implementation Standard; BT and KSA numbers stand in ubl/invoice-xml.ts).
 * Amounts are whole hundredths of the document's currency and never negative: a credit note says so by its kind.
 */
export type TaxDocument = {
  kind: DocumentKind
  /** A tax invoice names a buyer that may claim the VAT back; a simplified one is for consumers. */
  form: 'TAX' | 'SIMPLIFIED'
  flags?: Partial<Record<Flag, boolean>>
  number: string
  /** Lower case. */
  uuid: string
  /** `2026-03-01T14:05:09`: Riyadh time, no zone. */
  issuedAt: string
  /** SAR where nothing is said; another one brings its rate. */
  currency?: { code: string; sarPerUnit: Decimal }
  notes?: readonly string[]
  purchaseOrder?: string
  contract?: string
  /** What a credit or debit note is about, and why it is. */
  corrects?: { numbers: readonly string[]; reason: string }
  /** Place in the issuing unit's chain: see chain.ts. */
  counter: number
  previousHash: string
  seller: Seller
  buyer: Buyer | null
  supply?: { from: string; until?: string }
  /** UNTDID 4461: 10 cash, 30 credit, 42 bank account, 48 card, 1 not said. */
  payment?: { code: '1' | '10' | '30' | '42' | '48' }
  allowances?: readonly Allowance[]
  charges?: readonly Charge[]
  lines: readonly Line[]
  /** Advances that were invoiced before and count here. */
  advances?: readonly Advance[]
  /** What the sum paid differs from net + VAT: negative where less is paid. */
  rounding?: Halalas
}

export type DocumentKind = 'INVOICE' | 'CREDIT_NOTE' | 'DEBIT_NOTE' | 'ADVANCE'
export type Flag =
  | 'thirdParty'
  | 'nominal'
  | 'export'
  | 'summary'
  | 'selfBilled'
  | 'continuous'
  | 'government'

export type IdScheme = 'TIN' | 'CRN' | 'MOM' | 'MLS' | '700' | 'SAG' | 'NAT' | 'GCC' | 'IQA' | 'PAS' | 'OTH'
export type PartyId = { scheme: IdScheme; value: string }
export type Seller = { name: string; vatNumber: string; id: PartyId; address: Address }
/** Only the name where no more is known: enough on a simplified document. */
export type Buyer = {
  name: string
  vatNumber?: string | null
  id?: PartyId | null
  address?: Address
  /** Government buyers of Article 20(5). */
  isGovernment?: boolean
}
export type Address = {
  street: string
  additionalStreet?: string
  buildingNumber?: string
  additionalNumber?: string
  district?: string
  city: string
  postalCode?: string
  province?: string
  /** ISO 3166-1, two letters. */
  country: string
}

/** 15 % and 5 % are 1500 and 500 of category S; the others state why nothing is charged. */
export type Vat = { rate: BasisPoints } | { exemption: ExemptionCode; text?: string }

export type Line = {
  name: string
  sellerItemId?: string
  quantity: Decimal
  /** UN/ECE recommendation 20; PCE where nothing is said. */
  unit?: string
  /** Net of VAT and of `discount`, for one unit. As many decimals as it takes. */
  unitPrice: Decimal
  /** What one unit costs less than its list price: the list price is `unitPrice + discount`. */
  discount?: Decimal
  allowances?: readonly LineAllowance[]
  charges?: readonly LineCharge[]
  vat: Vat
}

/** A fixed sum, or a percentage (hundredths of a per cent) of a base. */
export type Part = { amount: Halalas } | { percent: BasisPoints; of: Halalas }
export type LineAllowance = Part & { reason: string }
export type LineCharge = Part & { reason: string; code: ChargeCode }
export type Allowance = LineAllowance & { vat: Vat }
export type Charge = LineCharge & { vat: Vat }
/** Of UNTDID 7161: freight, shipping and handling, packing, rush delivery, legalisation, anything else. */
export type ChargeCode = 'FC' | 'SAA' | 'PC' | 'AAT' | 'LF' | 'ZZZ'

/** An earlier invoice of kind ADVANCE; one entry for each rate it had. */
export type Advance = {
  name: string
  number: string
  uuid?: string
  issuedAt: string
  taxable: Halalas
  vatAmount: Halalas
  vat: Vat
}
