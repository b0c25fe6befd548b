import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import { reasonFlag, userReference, uuidArg } from '../../args.js'
import { BaseCommand } from '../../base-command.js'
import { confirmByTyping } from '../../confirm.js'

export default class SessionsRevoke extends BaseCommand {
  static override summary = 'Sign an account out: on one device, or everywhere.'
  static override description =
    'At once, in every process. The person can sign in again: users:block keeps them out. Repeated, it changes nothing.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> sara@example.sa --reason "lost her phone"',
    '<%= config.bin %> <%= command.id %> sara@example.sa 01970000-0000-7000-8000-000000000000 --reason "lost her phone"',
  ]
  static override args = {
    user: Args.string({ required: true, description: 'e-mail address or id', parse: userReference }),
    session: uuidArg({ description: "the session's id (sessions:list); all without one" }),
  }
  static override flags = {
    reason: reasonFlag(),
    confirm: Flags.string({ helpValue: 'USER', summary: 'Skip the prompt by repeating the account.' }),
  }

  async run(): Promise<{ userId: string; ended: number }> {
    const { args, flags } = await this.parse(SessionsRevoke)
    const { services } = await this.context()
    const userId = await services.users.named(args.user)
    if (!args.session)
      await confirmByTyping(args.user, flags.confirm, `${args.user} will be signed out everywhere.`)
    const ending = { sessionId: args.session, reason: flags.reason }
    const ended = await services.users.endSessions(userId, ending, this.operator())
    this.log(ended === 0 ? 'Nothing to end.' : `${ended} session(s) ended.`)
    return { userId, ended }
  }
}
