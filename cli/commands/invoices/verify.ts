import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import { AppError } from '../../../api/platform/errors.js'
import { sellerReference } from '../../args.js'
import { BaseCommand } from '../../base-command.js'
import { EXIT } from '../../exit-codes.js'
import type { VerifiedFile } from '../../invoices-verify.js'
import { printable, printableLines } from '../../terminal-text.js'

export default class InvoicesVerify extends BaseCommand {
  static override summary = "Hold e-invoices against ZATCA's rules, their signatures, and their chain."
  static override description =
    `With files: reads UBL 2.1 documents of anybody's making and tells each rule that is broken, and what is wrong with hash, signature, certificate or QR code, with its place and bytes. A warning counts as much as an error; notes do not.
With --seller or --all: recomputes the chains of the issuing units from the bytes that are stored, and names the first break of each.
Exit 5 where something was found.`
  static override examples = [
    '<%= config.bin %> <%= command.id %> invoice.xml',
    '<%= config.bin %> <%= command.id %> archive/*.xml --arabic',
    '<%= config.bin %> <%= command.id %> --seller 1010183482',
    '<%= config.bin %> <%= command.id %> --all',
  ]
  static override strict = false
  static override args = { file: Args.string({ description: 'XML files, one or more' }) }
  static override flags = {
    arabic: Flags.boolean({ default: false, summary: 'Say it in Arabic.' }),
    seller: Flags.string({
      helpValue: 'SELLER',
      summary: 'The chains of this seller (CR number or id) instead.',
      parse: sellerReference,
    }),
    all: Flags.boolean({ default: false, summary: 'The chains of all sellers instead.' }),
  }

  async run() {
    const { argv, flags } = await this.parse(InvoicesVerify)
    const asked = [argv.length > 0, flags.seller !== undefined, flags.all].filter(Boolean)
    if (asked.length !== 1)
      throw new AppError(
        'invalid',
        'cli.file_or_chain',
        'Name files, or a seller with --seller, or say --all.',
      )
    return argv.length > 0 ? this.files(argv as string[], flags.arabic) : this.chains(flags.seller)
  }

  private async files(names: string[], isArabic: boolean): Promise<{ files: VerifiedFile[] }> {
    const [{ verifyFile }, { table }] = await Promise.all([
      import('../../invoices-verify.js'),
      import('../../table.js'),
    ])
    const files: VerifiedFile[] = []
    for (const name of names) {
      const verified = await verifyFile(name, isArabic ? 'ar' : 'en')
      files.push(verified)
      const { findings, passes } = verified
      this.log(`${printable(name)}: ${passes ? 'passes' : `${findings.length} findings`}`)
      if (findings.length === 0) continue
      if (process.stdout.isTTY) for (const finding of findings) this.log(told(finding))
      else this.log(await table(['', 'rule', 'line', 'place', 'says'], findings.map(row)))
    }
    if (files.some(file => !file.passes)) process.exitCode = EXIT.invalid
    return { files }
  }

  private async chains(seller: string | undefined) {
    const { services } = await this.context()
    const [{ verifyStored }, sellerId] = await Promise.all([
      import('../../invoices-verify.js'),
      seller && services.sellers.named(seller).then(({ id }) => id),
    ])
    const chains = await verifyStored(services, sellerId, line => this.log(printableLines(line)))
    if (chains.some(chain => chain.break)) process.exitCode = EXIT.invalid
    return { chains }
  }
}

type Told = VerifiedFile['findings'][number]

const row = (finding: Told) => {
  const { severity, id, line, place, text } = finding
  return [severity, id, String(line), place, [text, ...about(finding)].join(' ')]
}

/** For a person: places and sentences are too long for a table. */
const told = (finding: Told): string => {
  const { severity, id, line, place, text } = finding
  return printableLines([`\n  ${severity} ${id}, line ${line}`, place, text, ...about(finding)].join('\n  '))
}

/** Which bytes, and which value. */
function about({ ranges, found, expected }: Told): string[] {
  const bytes = (ranges ?? []).map(([from, until]) => `${from}–${until - 1}`)
  return [
    ...(bytes.length > 0 ? [`Bytes ${bytes.join(', ')}.`] : []),
    ...(found ? [`Found: ${found}.`] : []),
    ...(expected ? [`Expected: ${expected}.`] : []),
  ]
}
