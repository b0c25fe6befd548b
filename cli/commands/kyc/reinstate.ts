import * as Args from '@oclif/core/args'
import { reasonFlag, sellerReference } from '../../args.js'
import { BaseCommand } from '../../base-command.js'

export default class KycReinstate extends BaseCommand {
  static override summary = 'Lift the suspension of a seller, who is again what he was before it.'
  static override description =
    'An approval whose last day passed meanwhile has ended: he is EXPIRED and renews. The seller is told by e-mail. Repeated, it changes nothing. Undo: kyc:suspend.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> 1010123456 --reason "parts were genuine, case 1734 closed"',
  ]
  static override args = {
    seller: Args.string({ required: true, description: 'CR number or id', parse: sellerReference }),
  }
  static override flags = {
    reason: reasonFlag(),
  }

  async run() {
    const { args, flags } = await this.parse(KycReinstate)
    const { services } = await this.context()
    const { seller } = await services.kycSuspension.reinstate(args.seller, flags.reason, this.operator())
    const { id, crNumber, tradeName, status } = seller
    this.log(`${tradeName} is ${status}.`)
    return { sellerId: id, crNumber, tradeName, status }
  }
}
