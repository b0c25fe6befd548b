import { open } from 'node:fs/promises'
import type { Services } from '../api/context.js'
import type { ChainBreak, VerifiedChain } from '../api/modules/invoices/chain-verification.js'
import { createSealCheck } from '../api/modules/invoices/zatca/checks/seal-check.js'
import type { SealFinding } from '../api/modules/invoices/zatca/checks/seal-finding.js'
import { ruleText } from '../api/modules/invoices/zatca/texts/index.js'
import { type Finding, findingsIn, isInTheWay } from '../api/modules/invoices/zatca/validate.js'
import { AppError } from '../api/platform/errors.js'
import { progressBar } from './progress.js'
import { refusedFile } from './refused-file.js'

type Told = Omit<SealFinding, 'id' | 'severity' | 'ranges' | 'found' | 'expected'> &
  Partial<Pick<SealFinding, 'ranges' | 'found' | 'expected'>> & {
    id: string
    severity: Finding['severity']
    text: string
  }
export type VerifiedFile = { file: string; passes: boolean; findings: Told[] }

/** How long ago a document was issued says when to report it, not whether it is right. */
const AGE = 'BR-KSA-98'
const MOST_BYTES = 20 * 1024 * 1024

/** What rules and seal have against a file. Throws where it cannot be read, or is no invoice. */
export async function verifyFile(file: string, locale: 'ar' | 'en'): Promise<VerifiedFile> {
  return { file, ...findingsInXml(await textOf(file), locale) }
}

export function findingsInXml(xml: string, locale: 'ar' | 'en'): Omit<VerifiedFile, 'file'> {
  const findings = [...findingsIn(xml, new Date()), ...createSealCheck()(xml).findings].map(finding => ({
    ...finding,
    severity: finding.id === AGE ? ('note' as const) : finding.severity,
    text: ruleText(finding.id)[locale],
  }))
  return { passes: !findings.some(isInTheWay), findings }
}

/** The stored chains of a seller, or of all, one line each as it is done. */
export async function verifyStored(
  { invoices, sellers }: Pick<Services, 'invoices' | 'sellers'>,
  sellerId: string | undefined,
  tell: (line: string) => void,
): Promise<VerifiedChain[]> {
  const progress = progressBar(await invoices.chained(sellerId), 'documents')
  const chains: VerifiedChain[] = []
  let done = 0
  for await (const chain of invoices.verifyChains({ sellerId, onDocument: () => progress.at(++done) })) {
    const { tradeName } = await sellers.get(chain.sellerId)
    chains.push(chain)
    tell(
      `${tradeName}, ${chain.serial}: ${chain.documents} documents ${chain.break ? 'hold, then' : 'hold.'}`,
    )
    if (chain.break) for (const line of linesOf(chain.break)) tell(`  ${line}`)
  }
  progress.end()
  if (chains.length === 0) tell('There is no chain yet.')
  return chains
}

function linesOf({ counter, number, says, findings }: ChainBreak): string[] {
  const place = counter === null ? number : `place ${counter}, ${number}`
  return [
    place ? `${place}: ${says}` : says,
    ...findings.flatMap(({ id, place: where, ranges, found, expected }) => [
      `${id} at ${where}: ${ruleText(id).en}`,
      `  bytes ${ranges.map(([from, until]) => `${from}–${until - 1}`).join(', ')}${found ? `; found ${found}` : ''}${expected ? `; expected ${expected}` : ''}`,
    ]),
  ]
}

async function textOf(file: string): Promise<string> {
  const bytes = await read(file).catch(error => {
    throw refusedFile(error, file, 'read') ?? error
  })
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
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
