import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import { reasonText, userReference } from '../../args.js'
import { BaseCommand } from '../../base-command.js'
import { confirmByTyping } from '../../confirm.js'
import { table, when } from '../../table.js'

const ROLES = ['buyer', 'seller', 'officer', 'finance', 'admin'] as const

export default class UsersRoles extends BaseCommand {
  static override summary = 'List the staff and their roles, or give an account another role.'
  static override description =
    'A new role signs the account out everywhere. The last admin keeps the role; whoever has a shop is a seller. Repeated, it changes nothing. Undo: give the role before.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> noura@example.sa --set finance --reason "moved to finance"',
  ]
  static override args = {
    user: Args.string({ description: 'e-mail address or id; all staff without one', parse: userReference }),
  }
  static override flags = {
    set: Flags.option({ options: ROLES })({ summary: 'The role to give; it wants --reason.' }),
    reason: Flags.string({ helpValue: 'TEXT', summary: 'Why: for the audit trail.', parse: reasonText }),
    confirm: Flags.string({ helpValue: 'USER', summary: 'Skip the prompt by repeating the account.' }),
  }

  async run() {
    const { args, flags } = await this.parse(UsersRoles)
    const { services } = await this.context()
    if (args.user === undefined) {
      if (flags.set) this.error('Name the account whose role it is to be.', { exit: 2 })
      return { staff: await this.staff() }
    }
    if (flags.set && !flags.reason) this.error('Say why: --reason TEXT.', { exit: 2 })
    const id = await services.users.named(args.user)
    if (!flags.set || !flags.reason) {
      const { email, role } = await services.users.get(id, this.operator())
      this.log(`${email} is ${role}.`)
      return { id, email, role }
    }
    await confirmByTyping(args.user, flags.confirm, `${args.user} becomes ${flags.set} and is signed out.`)
    const { email, role } = await services.users.changeRole(id, flags.set, flags.reason, this.operator())
    this.log(`${email} is ${role}.`)
    return { id, email, role }
  }

  private async staff() {
    const { services } = await this.context()
    const staff = await services.users.staff(this.operator())
    const rows = staff.map(({ role, email, name, status, createdAt }) => [
      role,
      email,
      name,
      status,
      when(createdAt),
    ])
    const head = ['role', 'e-mail', 'name', 'state', 'since']
    this.log(staff.length === 0 ? 'No staff: open an account with users:create.' : await table(head, rows))
    return staff.map(({ id, email, name, role, status }) => ({ id, email, name, role, status }))
  }
}
