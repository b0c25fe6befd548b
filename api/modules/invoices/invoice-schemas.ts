import { z } from 'zod'
import { Money } from '../../http/fields.js'
import { CompanyView } from '../companies/company-schemas.js'
import { INVOICE_FORMS, INVOICE_KINDS } from './invoice.js'

export const InvoiceView = z.object({
  id: z.uuid(),
  kind: z.enum(INVOICE_KINDS),
  form: z
    .enum(INVOICE_FORMS)
    .nullable()
    .describe('TAX names a firm that may claim the VAT back, SIMPLIFIED is for consumers; null: no VAT'),
  number: z.string(),
  orderId: z.uuid(),
  orderNumber: z.string(),
  originalId: z.uuid().nullable().describe('the invoice a credit note is for'),
  seller: z.object({
    id: z.uuid(),
    legalName: z.string(),
    crNumber: z.string(),
    vatNumber: z.string().nullable(),
  }),
  buyerName: z.string(),
  buyerCompany: CompanyView.nullable().describe('the firm a tax invoice is made out to'),
  lines: z.array(
    z.object({
      title: z.object({ ar: z.string(), en: z.string() }),
      partNumber: z.string(),
      quantity: z.int(),
      unitPrice: Money,
      total: Money,
      net: Money,
      vatBasisPoints: z.int(),
    }),
  ),
  net: Money,
  vat: Money,
  rounding: Money,
  total: Money,
  qr: z.string().nullable().describe('the text of the QR code (TLV in base64)'),
  seal: z
    .object({
      isSigned: z.boolean().describe('false only on documents from before there were signatures'),
      counter: z.int().describe("the place in the chain of the seller's issuing unit (ICV)"),
      hash: z.string().describe('SHA-256 of the canonical document, base64'),
      previousHash: z.string().describe('the hash of the document before it (PIH)'),
    })
    .nullable()
    .describe('null: there is no e-invoice of it'),
  issuedAt: z.iso.datetime(),
})
export const InvoiceList = z.object({ items: z.array(InvoiceView) })
