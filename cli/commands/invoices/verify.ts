import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import { BaseCommand } from '../../base-command.js'
import { EXIT } from '../../exit-codes.js'
import type { VerifiedFile } from '../../invoices-verify.js'
import { printable } from '../../terminal-text.js'

export default class InvoicesVerify extends BaseCommand {
  static override summary = "Hold e-invoice files against ZATCA's rules."
  static override description =
    "Reads UBL 2.1 documents of anybody's making and tells each rule that is broken, with its place. A warning counts\nas much as an error; notes do not. Exit 5 where something was found."
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
      if (findings.length > 0) {
        const rows = findings.map(({ severity, id, line, place, text }) => [
          severity,
          id,
          String(line),
          place,
          text,
        ])
        this.log(await table(['', 'rule', 'line', 'place', 'says'], rows))
      }
    }
    if (files.some(file => !file.passes)) process.exitCode = EXIT.invalid
    return { files }
  }
}
