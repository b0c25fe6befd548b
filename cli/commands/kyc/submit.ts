import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import { sellerReference } from '../../args.js'
import { BaseCommand } from '../../base-command.js'

export default class KycSubmit extends BaseCommand {
  static override summary = "Hand a seller's file in; another person decides. The worker asks the registers."
  static override examples = ['<%= config.bin %> <%= command.id %> 1010456789 --consent 2026-01']
  static override args = {
    seller: Args.string({ required: true, description: 'CR number or id', parse: sellerReference }),
  }
  static override flags = {
    consent: Flags.string({
      required: true,
      helpValue: 'VERSION',
      summary: 'Of the privacy notice the seller agreed to.',
    }),
  }

  async run() {
    const { args, flags } = await this.parse(KycSubmit)
    const [{ parse }, { Submit }, { presentKyc }, { shownOf }] = await Promise.all([
      import('../../../api/http/parse.js'),
      import('../../../api/modules/kyc/kyc-schemas.js'),
      import('../../../api/modules/kyc/kyc-presenter.js'),
      import('../../kyc/show.js'),
    ])
    const { consentVersion } = parse(Submit, { consentVersion: flags.consent }, '#', 'en')
    const { services } = await this.context()
    const file = await services.kyc.submit({ seller: args.seller }, consentVersion, this.operator())
    this.log(`${file.profile.tradeName} is ${file.seller.status}; case ${file.current?.id}.`)
    return presentKyc(shownOf(services, file))
  }
}
