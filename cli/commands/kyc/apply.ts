import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import { userReference } from '../../args.js'
import { BaseCommand } from '../../base-command.js'

const text = (helpValue: string, summary: string) => Flags.string({ helpValue, summary })

export default class KycApply extends BaseCommand {
  static override summary = 'Enter a seller at the desk: the firm of an account, and who stands for it.'
  static override description =
    'The account is opened by users:create. Repeat it with what is to be changed: what is not given stays. Then kyc:account, kyc:document and kyc:submit.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> noura@example.sa --trade-name "قطع السالم" --legal-name "مؤسسة نورة السالم التجارية" --cr 1010456789 --city الرياض --holder "نورة السالم" --national-id 1058529940 --address "2929 شارع الريل، المنصورة، الرياض 12611"',
    '<%= config.bin %> <%= command.id %> noura@example.sa --vat 310456789000003',
  ]
  static override args = {
    account: Args.string({
      required: true,
      description: 'e-mail address or id of its owner',
      parse: userReference,
    }),
  }
  static override flags = {
    'trade-name': text('NAME', 'What stands beside the listings.'),
    'legal-name': text('NAME', 'As the commercial register has it.'),
    cr: text('NUMBER', 'Commercial registration, or the unified number.'),
    vat: text('NUMBER', 'VAT number; "none" where there is none any more.'),
    city: text('CITY', 'Where the firm is.'),
    holder: text('NAME', 'Whose national ID it is: the owner, or who signs for the firm.'),
    'national-id': text('NUMBER', 'National ID or Iqama of the holder.'),
    address: text('TEXT', 'National address: "2929 Street, District, City 12345-6789[, RRRD2929]".'),
  }

  async run() {
    const { args, flags } = await this.parse(KycApply)
    const { services } = await this.context()
    const [{ profileOf }, { shownOf }, { presentKyc }] = await Promise.all([
      import('../../kyc/entry.js'),
      import('../../kyc/show.js'),
      import('../../../api/modules/kyc/kyc-presenter.js'),
    ])
    const profile = profileOf(flags)
    const owner = await services.users.named(args.account)
    const file = await services.kyc.enter(owner, profile, this.operator())
    const shown = shownOf(services, file)
    this.log(
      `${file.profile.tradeName} (CR ${file.profile.crNumber}) is ${file.seller.status}, seller ${file.seller.id}.`,
    )
    if (shown.missing.length > 0) this.log(`missing: ${shown.missing.join(', ')}`)
    return presentKyc(shown)
  }
}
