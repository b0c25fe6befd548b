import { type Clock, riyadhLocal } from '../../platform/clock.js'
import type { Trx } from '../../platform/database.js'
import { AppError } from '../../platform/errors.js'
import { documentOf, type InvoiceFacts, type Link } from './invoice-document.js'
import { digestOfBytes, SealedDocument } from './tax-document.js'
import { endChain, nextLink } from './units/chain.js'
import type { UnitAtWork } from './units/unit-service.js'
import { createSealCheck } from './zatca/checks/seal-check.js'
import { FIRST_PREVIOUS_HASH, writeDocument } from './zatca/sealing.js'
import { qrText } from './zatca/signing/qr-code.js'
import { qrFieldsOf, type Signed, signDocument } from './zatca/signing/sign-document.js'
import { findingsIn, isInTheWay } from './zatca/validate.js'

/** Any place in a chain does where only the rules are asked. */
const TRIAL: Link = { counter: 1, previousHash: FIRST_PREVIOUS_HASH }
/** As long as what stands there in the end. */
const TRIAL_PROOF = { hash: 'A'.repeat(44), signature: 'A'.repeat(96) }

/** A document with its place in a chain: signed, checked, and not yet stored. */
export type Sealed = Signed & Link & { unitId: string }

/** The XML of invoices: checked before anything is spent on it, then written, signed and chained. */
export function createDocumentWriting({ clock }: { clock: Clock }) {
  const check = createSealCheck()
  return {
    /** Refuses what ZATCA would warn of or refuse: the caller has given no number yet, so nothing is spent. */
    assertRulesKept(invoice: InvoiceFacts, { signer }: UnitAtWork, original?: string): void {
      const { document, totals } = documentOf(invoice, TRIAL, original)
      const { spki: publicKey, authoritySignature } = signer.certificate
      const qr = qrText(qrFieldsOf(document, totals), { ...TRIAL_PROOF, publicKey, authoritySignature })
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

    /** Takes the next place in the unit's chain, which stays locked until the transaction ends, and signs. */
    async seal(
      trx: Trx,
      invoice: InvoiceFacts,
      { id, signer }: UnitAtWork,
      original?: string,
    ): Promise<Sealed> {
      const link = await nextLink(trx, id)
      const { document, totals } = documentOf(invoice, link, original)
      const signed = signDocument(document, totals, signer, riyadhLocal(clock.now()))
      assertWhole(signed, link)
      return { ...signed, ...link, unitId: id }
    },

    /** Stores it with the end of its chain. In the transaction that gave the place. */
    async store(trx: Trx, invoice: { id: string; sellerId: string }, sealed: Sealed): Promise<void> {
      const { unitId, counter, previousHash, hash, qr, xml } = sealed
      await SealedDocument.query(trx).insert({
        invoiceId: invoice.id,
        sellerId: invoice.sellerId,
        ...{ unitId, counter, previousHash, hash, qr, xml },
        digest: digestOfBytes(xml),
        createdAt: clock.now(),
      })
      await endChain(trx, unitId, counter, hash)
    },
  }

  /** The last look at the bytes, by code that did not write them. What it finds is a bug of ours: nothing is issued. */
  function assertWhole(signed: Signed, link: Link): void {
    const { findings, ...read } = check(signed.xml)
    const isSame =
      read.hash === signed.hash &&
      read.qr === signed.qr &&
      read.counter === String(link.counter) &&
      read.previousHash === link.previousHash
    if (findings.length === 0 && isSame) return
    const what = findings.map(({ id, place }) => `${id} at ${place}`).join(', ')
    throw new Error(`a signed document does not verify: ${what || 'it says another place of itself'}`)
  }
}
