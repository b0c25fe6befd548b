import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import { sellerReference } from '../../args.js'
import { BaseCommand } from '../../base-command.js'
import { printable } from '../../terminal-text.js'

export default class KycShow extends BaseCommand {
  static override summary = 'Show a seller with documents, checks, bank account and case.'
  static override description =
    'Dates stand in both calendars. With --links each document gets a link for five minutes; it is written down who asked.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> 1010123456 --links',
    '<%= config.bin %> <%= command.id %> 1010123456 --json',
  ]
  static override args = {
    seller: Args.string({ required: true, description: 'CR number or id', parse: sellerReference }),
  }
  static override flags = {
    links: Flags.boolean({ default: false, summary: 'With a link to the picture of each document.' }),
  }

  async run() {
    const { args, flags } = await this.parse(KycShow)
    const { services } = await this.context()
    const [{ checksTable, documentsTable, headLines, shownOf }, { presentKycToOfficer }] = await Promise.all([
      import('../../kyc/show.js'),
      import('../../../api/modules/kyc/kyc-presenter.js'),
    ])
    const me = this.operator()
    const shown = shownOf(services, await services.kyc.file({ seller: args.seller }, me))
    for (const line of await headLines(shown)) this.log(printable(line))
    if (shown.file.documents.length > 0) this.log(await documentsTable(shown))
    this.log(await checksTable(shown))
    const links: { kind: string; url: string }[] = []
    if (flags.links) {
      for (const { id, kind } of shown.file.documents)
        links.push({ kind, url: (await services.kycPapers.link(id, me)).url })
      for (const { kind, url } of links) this.log(`${kind}  ${url}`)
    }
    return { ...presentKycToOfficer(shown), ...(flags.links ? { links } : {}) }
  }
}
