import { ZERO } from '../../../../platform/money.js'
import { add, toText } from '../decimal.js'
import type { Advance, Line } from '../document.js'
import type { LineTotals } from '../totals.js'
import { TYPE_CODES } from '../type-codes.js'
import { attribute, cac, cbc } from './element.js'
import { type MoneyElement, partContent, taxCategory } from './parts-xml.js'

/* Lines, from our fields to BT and KSA numbers; the rest of the document is in invoice-xml.ts. */

export function invoiceLine(line: Line, totals: LineTotals, id: number, money: MoneyElement): string {
  return cac(
    'InvoiceLine',
    cbc('ID', String(id)), // BT-126
    cbc('InvoicedQuantity', toText(line.quantity), attribute('unitCode', line.unit ?? 'PCE')), // BT-129, BT-130
    money('LineExtensionAmount', totals.net), // BT-131
    ...(line.allowances ?? []).map(part => cac('AllowanceCharge', partContent(part, 'false', money))), // BG-27
    ...(line.charges ?? []).map(part => cac('AllowanceCharge', partContent(part, 'true', money))), // BG-28
    cac(
      'TaxTotal',
      money('TaxAmount', totals.vat), // KSA-11
      money('RoundingAmount', totals.gross), // KSA-12
    ),
    cac(
      'Item',
      cbc('Name', line.name), // BT-153
      cac('SellersItemIdentification', cbc('ID', line.sellerItemId)), // BT-155
      taxCategory('ClassifiedTaxCategory', line.vat),
    ),
    price(line, money),
  )
}

function price({ unitPrice, discount }: Line, money: MoneyElement): string {
  const currency = attribute('currencyID', money.currency)
  return cac(
    'Price',
    cbc('PriceAmount', toText(unitPrice), currency), // BT-146
    discount
      ? cac(
          'AllowanceCharge',
          cbc('ChargeIndicator', 'false'),
          cbc('Amount', toText(discount), currency), // BT-147
          cbc('BaseAmount', toText(add(unitPrice, discount)), currency), // BT-148
        )
      : '',
  )
}

/** A line of nothing that tells of an advance which was invoiced by itself. */
export function advanceLine(advance: Advance, id: number, money: MoneyElement): string {
  return cac(
    'InvoiceLine',
    cbc('ID', String(id)),
    cbc('InvoicedQuantity', '0.00', attribute('unitCode', 'PCE')),
    money('LineExtensionAmount', ZERO),
    cac(
      'DocumentReference',
      cbc('ID', advance.number), // KSA-26
      cbc('UUID', advance.uuid), // KSA-27
      cbc('IssueDate', advance.issuedAt.slice(0, 10)), // KSA-28
      cbc('IssueTime', advance.issuedAt.slice(11)), // KSA-29
      cbc('DocumentTypeCode', TYPE_CODES.ADVANCE), // KSA-30
    ),
    cac(
      'TaxTotal',
      money('TaxAmount', ZERO),
      money('RoundingAmount', ZERO),
      cac(
        'TaxSubtotal',
        money('TaxableAmount', advance.taxable), // KSA-31
        money('TaxAmount', advance.vatAmount), // KSA-32
        taxCategory('TaxCategory', advance.vat, true),
      ),
    ),
    cac('Item', cbc('Name', advance.name), taxCategory('ClassifiedTaxCategory', advance.vat)),
    cac('Price', money('PriceAmount', ZERO)),
  )
}
