import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import { BaseCommand } from '../../base-command.js'
import { EXIT } from '../../exit-codes.js'
import type { VerifiedFile } from '../../invoices-verify.js'
import { printable, printableLines } from '../../terminal-text.js'

export default class InvoicesVerify extends BaseCommand {
  static override summary = "Hold e-invoice files against ZATCA's rules."
  static override description =
    "Reads UBL 2.1 documents of anybody's making and tells each rule that is broken, with its place. A warning counts as much as an error; notes do not. Exit 5 where something was found."
  static override examples = [
    '<%= config.bin %> <%= command.id %> invoice.xml',
    '<%= config.bin %> <%= command.id %> archive/*.xml --arabic',
  ]
  static override strict = false
  static override args = { file: Args.string({ required: true, description: 'XML files, one or more' }) }
  static override flags = {
    arabic: Flags.boolean({ default: false, summary: 'Say it in Arabic.' }),
  }

  async run(): Promise<{ files: VerifiedFile[] }> {
    const { argv, flags } = await this.parse(InvoicesVerify)
    const [{ verifyFile }, { table }] = await Promise.all([
      import('../../invoices-verify.js'),
      import('../../table.js'),
    ])
    const files: VerifiedFile[] = []
    for (const name of argv as string[]) {
      const verified = await verifyFile(name, flags.arabic ? 'ar' : 'en')
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
}

type Told = VerifiedFile['findings'][number]

const row = ({ severity, id, line, place, text }: Told) => [severity, id, String(line), place, text]

/** For a person: places and sentences are too long for a table. */
const told = ({ severity, id, line, place, text }: Told): string =>
  printableLines(`\n  ${severity} ${id}, line ${line}\n  ${place}\n  ${text}`)
