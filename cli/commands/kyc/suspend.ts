import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import { reasonFlag, sellerReference } from '../../args.js'
import { BaseCommand } from '../../base-command.js'
import { confirmByTyping } from '../../confirm.js'

export default class KycSuspend extends BaseCommand {
  static override summary = 'Take a seller off the market at once.'
  static override description =
    'Listings are paused and no orders come; those that came before are still to be served. The seller is told by e-mail. Repeated, it changes nothing. Undo: kyc:reinstate.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> 1010123456 --reason "counterfeit parts, case 1734"',
  ]
  static override args = {
    seller: Args.string({ required: true, description: 'CR number or id', parse: sellerReference }),
  }
  static override flags = {
    reason: reasonFlag(),
    confirm: Flags.string({ helpValue: 'SELLER', summary: 'Skip the prompt by repeating the seller.' }),
    'dry-run': Flags.boolean({ default: false, summary: 'Say what would be; change nothing.' }),
  }

  async run() {
    const { args, flags } = await this.parse(KycSuspend)
    const { services } = await this.context()
    const { seller } = await services.kyc.file({ seller: args.seller }, this.operator())
    const { id, tradeName, crNumber, status } = seller
    if (flags['dry-run']) {
      this.log(`${tradeName} is ${status} and would be SUSPENDED.`)
      return { sellerId: id, crNumber, tradeName, status, dryRun: true }
    }
    await confirmByTyping(args.seller, flags.confirm, `${tradeName} (${status}) will sell nothing.`)
    const { seller: now } = await services.kycSuspension.suspend(id, flags.reason, this.operator())
    this.log(`${tradeName} is ${now.status}. Undo: cargoparts kyc:reinstate ${crNumber} --reason …`)
    return { sellerId: id, crNumber, tradeName, status: now.status, dryRun: false }
  }
}
