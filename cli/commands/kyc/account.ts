import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import { sellerReference } from '../../args.js'
import { BaseCommand } from '../../base-command.js'

export default class KycAccount extends BaseCommand {
  static override summary = 'Name the bank account a seller is paid out to, or ask for another.'
  static override description =
    'The first one is decided with the case. A later change waits until another person allows it: kyc:review --account. The seller hears of it by e-mail.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> 1010456789 --iban "SA03 8000 0000 6080 1016 7519" --holder "مؤسسة نورة السالم التجارية"',
  ]
  static override args = {
    seller: Args.string({ required: true, description: 'CR number or id', parse: sellerReference }),
  }
  static override flags = {
    iban: Flags.string({ required: true, helpValue: 'IBAN', summary: 'Of an account in Saudi Arabia.' }),
    holder: Flags.string({ required: true, helpValue: 'NAME', summary: 'In whose name it is.' }),
  }

  async run() {
    const { args, flags } = await this.parse(KycAccount)
    const [{ parse }, { RequestAccount }, { presentKyc }, { shownOf }] = await Promise.all([
      import('../../../api/http/parse.js'),
      import('../../../api/modules/kyc/kyc-schemas.js'),
      import('../../../api/modules/kyc/kyc-presenter.js'),
      import('../../kyc/show.js'),
    ])
    const wanted = parse(RequestAccount, { iban: flags.iban, holderName: flags.holder }, '#', 'en')
    const { services } = await this.context()
    const file = await services.bankAccounts.request({ seller: args.seller }, wanted, this.operator())
    const { ibanHint } = file.requested ?? { ibanHint: '' }
    this.log(
      `${file.profile.tradeName} is to be paid out to ${ibanHint}. ${file.active ? 'Another person must allow it.' : 'It is decided with the case.'}`,
    )
    return presentKyc(shownOf(services, file))
  }
}
