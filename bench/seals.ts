import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { availableParallelism, cpus } from 'node:os'
import { pathToFileURL } from 'node:url'
import { createSealCheck } from '../api/modules/invoices/zatca/checks/seal-check.js'
import type { TaxDocument } from '../api/modules/invoices/zatca/document.js'
import { writeDocument } from '../api/modules/invoices/zatca/sealing.js'
import { totalsOf } from '../api/modules/invoices/zatca/totals.js'
import { findingsIn } from '../api/modules/invoices/zatca/validate.js'
import { aSigner, signed } from '../test/zatca/a-signer.js'
import { QR } from '../test/zatca/documents.js'
import { SHAPES } from '../test/zatca/shapes.js'
import { median } from './figures.js'

/*
 * npm run bench:seals [-- FOLDER]: what signing documents costs, against bare signatures in the same rounds. FOLDER is one
 * where `npm install zatca-xml-js` was run: its documents a second stand beside ours, for scale.
 */

const ROUNDS = 9
const TIMES = 150
const now = new Date('2026-03-01T15:00:00+03:00')
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'secp256k1' })
const bytes = Buffer.alloc(32, 7)
const signer = aSigner()
const check = createSealCheck()

const bare = (key: KeyObject = privateKey) => sign('sha256', bytes, key)
/** As a document is issued: the rules are held against a trial, the check of the seal reads the final bytes. */
const whole = (document: TaxDocument) => () => {
  const trial = writeDocument(document, totalsOf(document)).seal({ signature: '', qr: QR })
  if (findingsIn(trial, now).length > 0) throw new Error('it breaks a rule')
  if (check(signed(document, signer).xml).findings.length > 0) throw new Error('it does not verify')
}

/** A second, in this round. */
function perSecond(work: () => unknown, times = TIMES): number {
  const start = performance.now()
  for (let count = 0; count < times; count++) work()
  return (times * 1_000) / (performance.now() - start)
}

const row = (name: string, ratio: string, figure: string, mark = '') =>
  console.log(`${name.padEnd(52)}${ratio.padStart(8)}${figure.padStart(12)}   ${mark}`)

console.log(
  `Node ${process.version}, ${availableParallelism()} cores, ${cpus()[0]?.model ?? 'unknown'}; medians of ${ROUNDS} rounds`,
)
for (const name of ['simplified', 'tax', 'simplified, many shelf prices']) {
  const document = SHAPES[name] as TaxDocument
  const works = [bare, () => signed(document, signer), whole(document)] as const
  for (const work of works) perSecond(() => work(), 300)
  const rounds = Array.from({ length: ROUNDS }, () => works.map(work => perSecond(() => work())))
  const figure = (index: number) => median(rounds.map(round => round[index] as number))
  const ratio = (index: number) =>
    median(rounds.map(round => (round[index] as number) / (round[0] as number)))
  const isTypical = document.lines.length <= 5
  const lines = document.lines.length === 1 ? '1 line' : `${document.lines.length} lines`
  const tell = (what: string, index: number, mark: string) =>
    row(
      what,
      ratio(index).toFixed(2),
      `${Math.round(figure(index)).toLocaleString('en')}/s`,
      isTypical ? mark : '',
    )
  row(`bare signatures on secp256k1`, '1.00', `${Math.round(figure(0)).toLocaleString('en')}/s`)
  tell(`${name}, ${lines}: built, hashed, signed, QR code`, 1, 'mark ≥ 0.40')
  tell('  with rules and the check of the seal', 2, 'mark ≥ 0.15')
}
const [folder] = process.argv.slice(2)
if (folder) await besideZatcaXmlJs(folder)

/** The package as its own example uses it: one simplified invoice of one line, signed. */
async function besideZatcaXmlJs(folder: string): Promise<void> {
  const { createRequire } = await import('node:module')
  const require = createRequire(pathToFileURL(`${folder}/`))
  const { ZATCASimplifiedTaxInvoice } = require('zatca-xml-js')
  const unit = {
    ...{
      uuid: '6f4d20e0-6bfe-4a80-9389-7dabe6620f12',
      custom_id: 'EGS1',
      model: 'IOS',
      CRN_number: '1010183482',
    },
    ...{ VAT_name: 'Parts', VAT_number: '310175397400003', branch_name: 'Riyadh', branch_industry: 'Parts' },
    location: {
      ...{ city: 'Riyadh', city_subdivision: 'Olaya', street: 'King Fahd', plot_identification: '0000' },
      ...{ building: '7421', postal_zone: '12211' },
    },
  }
  const line = {
    id: '1',
    name: 'Pads',
    quantity: 1,
    tax_exclusive_price: 100,
    VAT_percent: 0.15,
    other_taxes: [],
    discounts: [],
  }
  const pem = `-----BEGIN CERTIFICATE-----\n${signer.certificate.text}\n-----END CERTIFICATE-----`
  const key = privateKey.export({ type: 'sec1', format: 'pem' })
  const one = () => {
    const invoice = new ZATCASimplifiedTaxInvoice({
      props: {
        egs_info: unit,
        ...{ invoice_counter_number: 1, invoice_serial_number: 'INV-1001-000001' },
        ...{
          issue_date: '2026-03-01',
          issue_time: '14:05:09',
          previous_invoice_hash:
            'NWZlY2ViNjZmZmM4NmYzOGQ5NTI3ODZjNmQ2OTZjNzljMmRiYzIzOWRkNGU5MWI0NjcyOWQ3M2EyN2ZiNTdlOQ==',
        },
        line_items: [line],
      },
    })
    return invoice.sign(pem, key)
  }
  one()
  const { log } = console
  console.log = () => undefined
  const rounds = Array.from({ length: 3 }, () => perSecond(one, 30))
  console.log = log
  row('zatca-xml-js: built, hashed, signed, QR code', '', `${Math.round(median(rounds))}/s`, 'for scale')
}
