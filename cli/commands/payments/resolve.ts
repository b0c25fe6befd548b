import * as Flags from '@oclif/core/flags'
import { reasonText, uuidArg } from '../../args.js'
import { BaseCommand } from '../../base-command.js'

export default class PaymentsResolve extends BaseCommand {
  static override summary = 'Decide about a payment that is held for review.'
  static override description =
    '`--take` asks the provider again and takes the money where it only wanted a person to look; a payment whose amount, currency, reference or mode differs stays held. `--close` is for money that was sent back at the provider: the checkout may then be paid anew. Safe to repeat: a payment is decided once.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> 01970000-0000-7000-8000-000000000000 --take --reason "card holder called back"',
    '<%= config.bin %> <%= command.id %> 01970000-0000-7000-8000-000000000000 --close --reason "sent back at HyperPay, ticket 17"',
  ]
  static override args = { id: uuidArg({ required: true, description: "the payment's id" }) }
  static override flags = {
    take: Flags.boolean({ exactlyOne: ['take', 'close'], summary: 'It is our money.' }),
    close: Flags.boolean({ summary: 'It is not, and went back.' }),
    reason: Flags.string({
      required: true,
      parse: reasonText,
      summary: 'Why; it stands in the audit trail.',
    }),
  }

  async run(): Promise<{ id: string; status: string }> {
    const { args, flags } = await this.parse(PaymentsResolve)
    const { services } = await this.context()
    const { id, status } = flags.take
      ? await services.payments.accept(args.id, flags.reason, this.operator())
      : await services.payments.closeReview(args.id, flags.reason, this.operator())
    this.log(`Payment ${id} is ${status}.`)
    return { id, status }
  }
}
