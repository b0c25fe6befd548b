import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import { reasonFlag, userReference } from '../../args.js'
import { BaseCommand } from '../../base-command.js'
import { confirmByTyping } from '../../confirm.js'

export default class UsersBlock extends BaseCommand {
  static override summary = 'Block an account: nobody signs in with it, and its sessions end at once.'
  static override description =
    'The person is told by e-mail. The last admin cannot be blocked. Repeated, it changes nothing. Undo: users:unblock.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> sara@example.sa --reason "chargeback fraud, case 1734"',
  ]
  static override args = {
    user: Args.string({ required: true, description: 'e-mail address or id', parse: userReference }),
  }
  static override flags = {
    reason: reasonFlag(),
    confirm: Flags.string({ helpValue: 'USER', summary: 'Skip the prompt by repeating the account.' }),
  }

  async run() {
    const { args, flags } = await this.parse(UsersBlock)
    const { services } = await this.context()
    const { presentUserDetail } = await import('../../../api/modules/users/user-presenter.js')
    const id = await services.users.named(args.user)
    await confirmByTyping(args.user, flags.confirm, `${args.user} will be signed out and kept out.`)
    const user = await services.users.block(id, flags.reason, this.operator())
    this.log(`${user.email} is blocked. Undo: cargoparts users:unblock ${user.email} --reason …`)
    return presentUserDetail(user)
  }
}
