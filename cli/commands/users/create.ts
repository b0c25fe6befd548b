import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import { userReference } from '../../args.js'
import { askNewPassword } from '../../ask-password.js'
import { BaseCommand } from '../../base-command.js'

/** Sellers become one by applying for a shop. */
const ROLES = ['buyer', 'officer', 'finance', 'admin'] as const

export default class UsersCreate extends BaseCommand {
  static override summary = 'Open an account: the first admin, and staff.'
  static override description =
    'Sends a link, good for three days, by which the person chooses the password; --set-password asks for one here instead (at a terminal, or the first line of what is piped in). Staff enrol their second factor when they first sign in, before anything else. Undo: users:block.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> noura@example.sa --name "نورة الشمري" --role officer',
    '<%= config.bin %> <%= command.id %> admin@example.sa --name Khalid --role admin --set-password',
  ]
  static override args = {
    email: Args.string({ required: true, description: 'the e-mail address', parse: userReference }),
  }
  static override flags = {
    name: Flags.string({ required: true, helpValue: 'NAME', summary: "The person's name." }),
    role: Flags.option({ options: ROLES, required: true })({ summary: 'What they may do.' }),
    locale: Flags.option({ options: ['ar', 'en'] as const, default: 'ar' })({
      summary: 'The language of their messages.',
    }),
    'set-password': Flags.boolean({ default: false, summary: 'Ask for the password here; send no link.' }),
  }

  async run() {
    const { args, flags } = await this.parse(UsersCreate)
    const [{ parse }, { NewAccount, NewPassword }] = await Promise.all([
      import('../../../api/http/parse.js'),
      import('../../../api/modules/users/user-schemas.js'),
    ])
    const facts = parse(NewAccount, { email: args.email, name: flags.name }, '#', 'en')
    const password = flags['set-password'] ? await askNewPassword() : undefined
    if (password !== undefined) parse(NewPassword, { password }, '#', 'en')
    const { services } = await this.context()
    const { role, locale } = flags
    const id = await services.users.create({ ...facts, role, locale, password }, this.operator())
    this.log(`Account ${facts.email} (${role}) is open: ${id}`)
    this.log(
      password === undefined
        ? 'A link to choose the password goes out by e-mail; it is good for three days.'
        : 'They can sign in with that password.',
    )
    if (role !== 'buyer') this.log('They enrol a second factor at the first login, before anything else.')
    return { id, email: facts.email, role, invited: password === undefined }
  }
}
