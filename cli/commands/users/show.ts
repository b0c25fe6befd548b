import * as Args from '@oclif/core/args'
import { accountText } from '../../account-text.js'
import { userReference } from '../../args.js'
import { BaseCommand } from '../../base-command.js'

export default class UsersShow extends BaseCommand {
  static override summary = 'Show an account: who, which role, blocked or not, second factor, shop.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> noura@example.sa',
    '<%= config.bin %> <%= command.id %> noura@example.sa --json',
  ]
  static override args = {
    user: Args.string({ required: true, description: 'e-mail address or id', parse: userReference }),
  }

  async run() {
    const { args } = await this.parse(UsersShow)
    const { services } = await this.context()
    const { presentUserDetail } = await import('../../../api/modules/users/user-presenter.js')
    const user = await services.users.get(await services.users.named(args.user), this.operator())
    this.log(accountText(user))
    return presentUserDetail(user)
  }
}
