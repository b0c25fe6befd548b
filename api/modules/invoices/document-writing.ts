import type { Clock } from '../../platform/clock.js'
import type { Trx } from '../../platform/database.js'
import { AppError } from '../../platform/errors.js'
import { endChain, nextLink } from './chain.js'
import type { Invoice } from './invoice.js'
import { documentOf, type InvoiceFacts, type Link } from './invoice-document.js'
import { SealedDocument } from './tax-document.js'
import { FIRST_PREVIOUS_HASH, writeDocument } from './zatca/sealing.js'
import { findingsIn, isInTheWay } from './zatca/validate.js'

/** Any place in a chain does where only the rules are asked. */
const TRIAL: Link = { counter: 1, previousHash: FIRST_PREVIOUS_HASH }

/** The XML of invoices: checked before anything is spent on it, then written with its place in the seller's chain. */
export function createDocumentWriting({ clock }: { clock: Clock }) {
  return {
    /**
     * Refuses what ZATCA would warn of or refuse: the caller has given no number yet, so nothing is spent.
     * `qr` is the code the document will carry.
     */
    assertRulesKept(invoice: InvoiceFacts, qr: string, original?: string): void {
      const { document, totals } = documentOf(invoice, TRIAL, original)
      const xml = writeDocument(document, totals).seal({ signature: '', qr })
      const findings = findingsIn(xml, clock.now()).filter(isInTheWay)
      if (findings.length === 0) return
      const ids = [...new Set(findings.map(finding => finding.id))]
      throw new AppError(
        'invalid',
        'invoices.rules_broken',
        `ZATCA's rules do not let this document pass: ${ids.join(', ')}.`,
        { rules: ids.join(', '), findings },
      )
    },

    /** Takes the next place in the chain. In the transaction that gives the number. */
    async write(trx: Trx, invoice: Invoice, original?: string): Promise<void> {
      const link = await nextLink(trx, invoice.sellerId)
      const { document, totals } = documentOf(invoice, link, original)
      const written = writeDocument(document, totals)
      await SealedDocument.query(trx).insert({
        invoiceId: invoice.id,
        sellerId: invoice.sellerId,
        ...link,
        hash: written.hash,
        xml: written.seal({ signature: '', qr: invoice.qr as string }),
        createdAt: clock.now(),
      })
      await endChain(trx, invoice.sellerId, link.counter, written.hash)
    },
  }
}
