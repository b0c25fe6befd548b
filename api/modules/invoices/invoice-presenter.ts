import type { z } from 'zod'
import { money } from '../../platform/money.js'
import type { Invoice } from './invoice.js'
import type { InvoiceView } from './invoice-schemas.js'

export function presentInvoice(invoice: Invoice): z.infer<typeof InvoiceView> {
  const company = invoice.buyerCompany
  return {
    id: invoice.id,
    kind: invoice.kind,
    form: invoice.form,
    number: invoice.number,
    orderId: invoice.orderId,
    orderNumber: invoice.orderNumber,
    originalId: invoice.originalId,
    seller: {
      id: invoice.sellerId,
      legalName: invoice.sellerName,
      crNumber: invoice.sellerCr,
      vatNumber: invoice.sellerVat,
    },
    buyerName: invoice.buyerName,
    buyerCompany: company && {
      name: company.name,
      vatNumber: company.vatNumber,
      otherId: company.id,
      address: company.address,
    },
    lines: invoice.lines.map(line => ({
      title: { ar: line.titleAr, en: line.titleEn },
      partNumber: line.partNumber,
      quantity: line.quantity,
      unitPrice: money(line.unitPriceHalalas),
      total: money(line.totalHalalas),
      net: money(line.netHalalas),
      vatBasisPoints: line.vatBasisPoints,
    })),
    net: money(invoice.netHalalas),
    vat: money(invoice.vatHalalas),
    rounding: money(invoice.roundingHalalas),
    total: money(invoice.totalHalalas),
    qr: invoice.document?.qr ?? invoice.qr,
    seal: invoice.document
      ? {
          isSigned: invoice.document.qr !== null,
          counter: invoice.document.counter,
          hash: invoice.document.hash,
          previousHash: invoice.document.previousHash,
        }
      : null,
    issuedAt: invoice.issuedAt.toISOString(),
  }
}
