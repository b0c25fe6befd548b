import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { GAVE_UP } from './verdicts.js'

/** What ZATCA's rule files say of a document: the ids of the asserts that failed, each once, in order; or that they gave up. */
export type Verdict = string[]

const require = createRequire(import.meta.url)
const FILES = ['CEN-EN16931-UBL.xsl', '20210819_ZATCA_E-invoice_Validation_Rules.xsl']

type Saxon = {
  transform(options: object): { principalResult: string }
}

/** Compiles the two rule files of an SDK folder; takes some seconds. */
export function officialRules(sdk: string): (xml: string) => Verdict {
  const saxon = require('saxon-js') as Saxon
  const compiler = require.resolve('xslt3/xslt3.js')
  const work = mkdtempSync(path.join(tmpdir(), 'zatca-rules-'))
  try {
    const sheets = FILES.map(file => {
      const source = path.join(rulesFolder(sdk), file)
      const compiled = path.join(work, `${file}.json`)
      execFileSync(
        process.execPath,
        [compiler, `-xsl:${source}`, `-export:${compiled}`, '-nogo', '-ns:##html5'],
        {
          stdio: 'ignore',
        },
      )
      return JSON.parse(readFileSync(compiled, 'utf8'))
    })
    return xml => {
      try {
        return ids(sheets.map(sheet => run(saxon, sheet, xml)).join(''))
      } catch {
        return [GAVE_UP]
      }
    }
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

function rulesFolder(sdk: string): string {
  const folder = path.join(sdk, 'Data', 'Rules', 'Schematrons')
  if (!existsSync(folder)) throw new Error(`${sdk} holds no Data/Rules/Schematrons: is it ZATCA's SDK?`)
  return folder
}

function run(saxon: Saxon, sheet: unknown, xml: string): string {
  return saxon.transform({ stylesheetInternal: sheet, sourceText: xml, destination: 'serialized' })
    .principalResult
}

const ids = (report: string): string[] =>
  [
    ...new Set(
      [...report.matchAll(/<svrl:failed-assert[^>]*?\bid="([^"]+)"/g)].map(match => match[1] as string),
    ),
  ].sort()
