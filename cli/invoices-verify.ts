import { open } from 'node:fs/promises'
import { ruleText } from '../api/modules/invoices/zatca/texts/index.js'
import { type Finding, findingsIn, isInTheWay } from '../api/modules/invoices/zatca/validate.js'
import { AppError } from '../api/platform/errors.js'
import { refusedFile } from './refused-file.js'

export type VerifiedFile = { file: string; passes: boolean; findings: (Finding & { text: string })[] }

/** How long ago a document was issued says when to report it, not whether it is right. */
const AGE = 'BR-KSA-98'
const MOST_BYTES = 20 * 1024 * 1024

/** What the rules have against a file. Throws where it cannot be read, or is no invoice. */
export async function verifyFile(file: string, locale: 'ar' | 'en'): Promise<VerifiedFile> {
  const findings = findingsIn(await textOf(file), new Date()).map(finding => ({
    ...finding,
    severity: finding.id === AGE ? ('note' as const) : finding.severity,
    text: ruleText(finding.id)[locale],
  }))
  return { file, passes: !findings.some(isInTheWay), findings }
}

async function textOf(file: string): Promise<string> {
  const bytes = await read(file).catch(error => {
    throw refusedFile(error, file, 'read') ?? error
  })
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new AppError('malformed', 'invoices.not_utf8', `${file} is not UTF-8 text.`, { file }, { cause })
  }
}

async function read(file: string): Promise<Buffer> {
  const handle = await open(file)
  try {
    const { size } = await handle.stat()
    if (size > MOST_BYTES)
      throw new AppError('too_large', 'invoices.file_too_large', `${file} is larger than any invoice.`, {
        file,
      })
    return await handle.readFile()
  } finally {
    await handle.close()
  }
}
