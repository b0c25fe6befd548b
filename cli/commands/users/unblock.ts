import * as Args from '@oclif/core/args'
import { reasonFlag, userReference } from '../../args.js'
import { BaseCommand } from '../../base-command.js'

export default class UsersUnblock extends BaseCommand {
  static override summary = 'Let a blocked account sign in again.'
  static override description =
    'What ended with the block stays ended; the person is told by e-mail. Repeated, it changes nothing. Undo: users:block.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> sara@example.sa --reason "paid, case 1734 closed"',
  ]
  static override args = {
    user: Args.string({ required: true, description: 'e-mail address or id', parse: userReference }),
  }
  static override flags = {
    reason: reasonFlag(),
  }

  async run() {
    const { args, flags } = await this.parse(UsersUnblock)
    const { services } = await this.context()
    const { presentUserDetail } = await import('../../../api/modules/users/user-presenter.js')
    const id = await services.users.named(args.user)
    const user = await services.users.unblock(id, flags.reason, this.operator())
    this.log(`${user.email} can sign in again.`)
    return presentUserDetail(user)
  }
}
