import * as Flags from '@oclif/core/flags'
import { BaseCommand } from '../../base-command.js'

const text = (helpValue: string, summary: string) => Flags.string({ helpValue, summary })

export default class KycApply extends BaseCommand {
  static override summary = 'Enter a seller at the desk: the account, the firm, who stands for it.'
  static override description =
    'Opens the account of that address where there is none; its owner chooses a password by the link that is sent. Repeat it with what is to be changed: what is not given stays. Then kyc:account, kyc:document and kyc:submit.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --email noura@example.sa --name "نورة السالم" --consent 2026-01 --trade-name "قطع السالم" --legal-name "مؤسسة نورة السالم التجارية" --cr 1010456789 --city الرياض --national-id 1058529940 --address "2929 شارع الريل، المنصورة، الرياض 12611"',
    '<%= config.bin %> <%= command.id %> --email noura@example.sa --vat 310456789000003',
  ]
  static override flags = {
    email: Flags.string({
      required: true,
      helpValue: 'ADDRESS',
      summary: 'Of the person who owns the account.',
    }),
    name: text('NAME', 'Of that person, for a new account.'),
    language: Flags.option({
      options: ['ar', 'en'] as const,
      default: 'ar',
      summary: 'Of messages to a new account.',
    })(),
    consent: text('VERSION', 'Of the privacy notice the person agreed to, for a new account.'),
    'trade-name': text('NAME', 'What stands beside the listings.'),
    'legal-name': text('NAME', 'As the commercial register has it.'),
    cr: text('NUMBER', 'Commercial registration, or the unified number.'),
    vat: text('NUMBER', 'VAT number; "none" where there is none any more.'),
    city: text('CITY', 'Where the firm is.'),
    holder: text('NAME', 'Whose national ID it is; the account owner where not given.'),
    'national-id': text('NUMBER', 'National ID or Iqama of the holder.'),
    address: text('TEXT', 'National address: "2929 Street, District, City 12345-6789[, RRRD2929]".'),
  }

  async run() {
    const { flags } = await this.parse(KycApply)
    const { services } = await this.context()
    const [{ entryOf }, { shownOf }, { presentKyc }] = await Promise.all([
      import('../../kyc/entry.js'),
      import('../../kyc/show.js'),
      import('../../../api/modules/kyc/kyc-presenter.js'),
    ])
    const file = await services.kyc.enter(entryOf(flags), this.operator())
    const shown = shownOf(services, file)
    this.log(
      `${file.profile.tradeName} (CR ${file.profile.crNumber}) is ${file.seller.status}, seller ${file.seller.id}.`,
    )
    if (shown.missing.length > 0) this.log(`missing: ${shown.missing.join(', ')}`)
    return presentKyc(shown)
  }
}
