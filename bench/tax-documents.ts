import { availableParallelism, cpus } from 'node:os'
import type { TaxDocument } from '../api/modules/invoices/zatca/document.js'
import { RULES } from '../api/modules/invoices/zatca/rules/index.js'
import { readXml } from '../api/modules/invoices/zatca/rules/xml-tree.js'
import { writeDocument } from '../api/modules/invoices/zatca/sealing.js'
import { totalsOf } from '../api/modules/invoices/zatca/totals.js'
import { findingsIn } from '../api/modules/invoices/zatca/validate.js'
import { QR } from '../test/zatca/documents.js'
import { SHAPES } from '../test/zatca/shapes.js'
import { median } from './figures.js'

/** `npm run bench:tax`: how many tax documents are built a second, and what holding one against all rules takes. */
const ROUNDS = 7
const now = new Date('2026-03-01T15:00:00+03:00')

const build = (document: TaxDocument): string =>
  writeDocument(document, totalsOf(document)).seal({ signature: '', qr: QR })

/** Milliseconds for one, the median of the rounds. */
function timeOf(work: () => unknown, times: number): number {
  for (let count = 0; count < times / 4; count++) work()
  const rounds = Array.from({ length: ROUNDS }, () => {
    const start = performance.now()
    for (let count = 0; count < times; count++) work()
    return (performance.now() - start) / times
  })
  return median(rounds)
}

const row = (name: string, value: string, mark = '') =>
  console.log(`${name.padEnd(46)}${value.padStart(14)}   ${mark}`)

console.log(
  `Node ${process.version}, ${availableParallelism()} cores, ${cpus()[0]?.model ?? 'unknown'}; medians of ${ROUNDS} rounds`,
)
for (const name of ['simplified', 'tax', 'simplified, many shelf prices', 'tax summary']) {
  const document = SHAPES[name] as TaxDocument
  const xml = build(document)
  const about = `${name}: ${document.lines.length} ${document.lines.length === 1 ? 'line' : 'lines'}, ${(xml.length / 1024).toFixed(1)} KiB`
  const built = timeOf(() => build(document), 2_000)
  const isTypical = document.lines.length <= 5
  row(
    `${about}, built`,
    `${Math.round(1_000 / built).toLocaleString('en')}/s`,
    isTypical ? 'mark ≥ 20,000/s' : '',
  )
  row('  read', `${timeOf(() => readXml(xml), 400).toFixed(3)} ms`)
  row(
    `  read and held against ${RULES.length} rules`,
    `${timeOf(() => findingsIn(xml, now), 400).toFixed(3)} ms`,
    isTypical ? 'mark < 1 ms' : '',
  )
}
