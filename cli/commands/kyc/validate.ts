import * as Args from '@oclif/core/args'
import { sellerReference } from '../../args.js'
import { BaseCommand } from '../../base-command.js'
import { EXIT } from '../../exit-codes.js'

export default class KycValidate extends BaseCommand {
  static override summary = 'Ask all registers about a seller now. Exit 5 when a check fails.'
  static override description =
    'REJECTED fails, and so does what cannot be checked because it was not handed in. FORMAT_ONLY and UNAVAILABLE say neither yes nor no: an officer looks.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> 1010123456',
    '<%= config.bin %> <%= command.id %> 1010123456 --json',
  ]
  static override args = {
    seller: Args.string({ required: true, description: 'CR number or id', parse: sellerReference }),
  }

  async run() {
    const { args } = await this.parse(KycValidate)
    const { services } = await this.context()
    const [{ checksTable, shownOf }, { presentKycToOfficer }] = await Promise.all([
      import('../../kyc/show.js'),
      import('../../../api/modules/kyc/kyc-presenter.js'),
    ])
    const me = this.operator()
    const { seller } = await services.kyc.file({ seller: args.seller }, me)
    const shown = shownOf(services, await services.kycChecks.run(seller.id, me))
    this.log(await checksTable(shown))
    if (shown.missing.length > 0) this.log(`missing: ${shown.missing.join(', ')}`)
    const failed = shown.standings.filter(({ verdict }) => verdict === 'REJECTED' || verdict === null)
    if (failed.length > 0) process.exitCode = EXIT.invalid
    const { sellerId, status, missing, checks } = presentKycToOfficer(shown)
    return { sellerId, status, missing, checks, failed: failed.map(({ kind }) => kind) }
  }
}
