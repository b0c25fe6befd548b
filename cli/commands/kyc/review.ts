import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import { AppError } from '../../../api/platform/errors.js'
import { sellerReference } from '../../args.js'
import { BaseCommand } from '../../base-command.js'
import type { Decision } from '../../kyc/decision.js'

const REASONS = [
  'DOCUMENT_UNREADABLE',
  'DOCUMENT_EXPIRED',
  'NUMBER_MISMATCH',
  'NAME_MISMATCH',
  'REGISTRATION_INACTIVE',
  'ACCOUNT_NOT_OWNED',
  'OTHER',
] as const

export default class KycReview extends BaseCommand {
  static override summary = "Decide a seller's case, or with --account a change of bank account."
  static override description =
    'At a terminal it shows the file with links to the documents, and asks; --approve or --reject answer beforehand. Nobody decides what he entered or asked for himself: CARGOPARTS_OPERATOR names the person where several share a login. An approval is ended by refusing the next case, or by its time (kyc:expire).'
  static override examples = [
    '<%= config.bin %> <%= command.id %> 1010123456',
    '<%= config.bin %> <%= command.id %> 1010123456 --approve --vouch NATIONAL_ID="original seen" --vouch VAT_NUMBER="certificate seen at zatca.gov.sa"',
    '<%= config.bin %> <%= command.id %> 1010123456 --reject DOCUMENT_UNREADABLE --note-en "The ID is cut off." --note-ar "صورة الهوية مقطوعة."',
    '<%= config.bin %> <%= command.id %> 1010123456 --account --approve --vouch BANK_ACCOUNT="letter confirmed by phone"',
  ]
  static override args = {
    seller: Args.string({ required: true, description: 'CR number or id', parse: sellerReference }),
  }
  static override flags = {
    account: Flags.boolean({ default: false, summary: 'The change of bank account, not the case.' }),
    approve: Flags.boolean({
      exclusive: ['reject'],
      summary: 'Let the seller sell, or pay out to the account.',
    }),
    reject: Flags.option({ options: REASONS, multiple: true })({
      summary: 'Say no, for this reason; may be repeated.',
    }),
    'note-en': Flags.string({
      helpValue: 'TEXT',
      summary: 'What the seller reads with the first reason, in English.',
    }),
    'note-ar': Flags.string({ helpValue: 'TEXT', summary: 'The same in Arabic; either both or none.' }),
    vouch: Flags.string({
      multiple: true,
      helpValue: 'CHECK=EVIDENCE',
      summary: 'What you know a check by that no register answers; may be repeated.',
    }),
    'take-over': Flags.boolean({ default: false, summary: 'Although another officer has the case.' }),
  }

  async run() {
    const { args, flags } = await this.parse(KycReview)
    const { services } = await this.context()
    const [{ shownOf }, { presentKycToOfficer }, { carryOut, decisionOf }] = await Promise.all([
      import('../../kyc/show.js'),
      import('../../../api/modules/kyc/kyc-presenter.js'),
      import('../../kyc/decision.js'),
    ])
    const me = this.operator()
    const shown = shownOf(services, await services.kyc.file({ seller: args.seller }, me))
    const about = flags.account ? 'account' : 'case'
    const decision = decisionOf(flags) ?? (await this.asked(about, shown))
    if (decision.what === 'leave') {
      this.log('Left as it is.')
      return { decided: false, ...presentKycToOfficer(shown) }
    }
    const file = await carryOut(services, shown.file, about, decision, {
      takeOver: flags['take-over'],
      actor: me,
    })
    const { tradeName } = file.profile
    this.log(
      about === 'account'
        ? `The bank account of ${tradeName} is ${decision.what === 'approve' ? 'changed' : 'left as it was'}.`
        : `The case of ${tradeName} is ${file.current?.status}; the seller is ${file.seller.status}.`,
    )
    return { decided: true, ...presentKycToOfficer(shownOf(services, file)) }
  }

  /** At a terminal; without one there must be flags. */
  private async asked(
    about: 'case' | 'account',
    shown: import('../../../api/modules/kyc/kyc-presenter.js').Shown,
  ): Promise<Decision> {
    if (this.jsonEnabled() || !process.stdin.isTTY || !process.stderr.isTTY) {
      throw new AppError(
        'invalid',
        'cli.not_decided',
        'Nobody to ask here: say --approve or --reject REASON.',
      )
    }
    const { assertWaiting } = await import('../../kyc/decision.js')
    assertWaiting(about, shown.file)
    const [{ askDecision }, { checksTable, documentsTable, headLines }, { printable }] = await Promise.all([
      import('../../kyc/ask.js'),
      import('../../kyc/show.js'),
      import('../../terminal-text.js'),
    ])
    const { services } = await this.context()
    for (const line of await headLines(shown)) this.log(printable(line))
    this.log(await documentsTable(shown))
    this.log(await checksTable(shown))
    for (const { id, kind } of shown.file.documents)
      this.log(`${kind}  ${(await services.kycPapers.link(id, this.operator())).url}`)
    return askDecision(about, shown.standings, REASONS)
  }
}
