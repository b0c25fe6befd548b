import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { findingsIn, UNREADABLE_VALUE } from '../../api/modules/invoices/zatca/validate.js'

/** Given by the rule files when they stop at a value they cannot calculate with: no list of findings comes out then. */
export const GAVE_UP = 'GAVE-UP'
/** Every document here is dated; how long ago that is, is not its fault. */
export const AGE = 'BR-KSA-98'
/** When the documents of the tests are looked at: long after their date. */
export const LATER = new Date('2026-11-27T12:00:00+03:00')

export const VERDICTS_FILE = path.join(
  fileURLToPath(new URL('../../../test/zatca/', import.meta.url)),
  'verdicts.tsv',
)

export const hashOf = (xml: string): string => createHash('sha256').update(xml).digest('hex')

/** What ZATCA's own rule files said of each of our test documents, by the document's SHA-256. `npm run test:zatca` records it. */
export function readVerdicts(): Map<string, string[]> {
  const lines = readFileSync(VERDICTS_FILE, 'utf8').trim().split('\n').slice(1)
  return new Map(
    lines.map(line => {
      const [hash = '', ids = ''] = line.split('\t')
      return [hash, ids === '' ? [] : ids.split(' ')]
    }),
  )
}

/** The ids we find, each once, in order; what is only noted is left out. */
export const ourIds = (xml: string, now = LATER): string[] =>
  [
    ...new Set(
      findingsIn(xml, now)
        .filter(finding => finding.severity !== 'note')
        .map(finding => finding.id),
    ),
  ].sort()

/** The same verdict: the same ids, or both say that the rules stop here. */
export function isSameVerdict(official: readonly string[], ours: readonly string[]): boolean {
  if (official[0] === GAVE_UP) return ours.includes(UNREADABLE_VALUE)
  return official.join() === ours.join()
}
