import * as Flags from '@oclif/core/flags'
import { AppError } from '../../../api/platform/errors.js'
import { pidArg } from '../../args.js'
import { BaseCommand } from '../../base-command.js'
import { confirmByTyping } from '../../confirm.js'

export default class DbDisconnect extends BaseCommand {
  static override summary = 'End one session of the database, and with it what it had not committed.'
  static override description =
    'For one that holds up a migration or an index build; db:sessions lists them. The owner’s role may end its own sessions; for those of others grant it pg_signal_backend.'
  static override examples = ['<%= config.bin %> <%= command.id %> 4711 --confirm 4711']
  static override args = { pid: pidArg({ required: true, description: 'from db:sessions' }) }
  static override flags = {
    confirm: Flags.string({ helpValue: 'PID', summary: 'Skip the prompt by repeating it.' }),
  }

  async run(): Promise<{ pid: number }> {
    const { args, flags } = await this.parse(DbDisconnect)
    const { ownerUrl } = await this.databaseConfig()
    const [{ createDatabase }, { describeSession, sessionsOf }] = await Promise.all([
      import('../../../api/platform/database.js'),
      import('../../../api/platform/sessions.js'),
    ])
    const db = createDatabase({ url: ownerUrl, application: 'cargoparts-sessions', poolMin: 0, poolMax: 1 })
    try {
      const [session] = await sessionsOf(db, [args.pid])
      if (!session)
        throw new AppError('not_found', 'db.no_such_session', `This database has no session ${args.pid}.`)
      await confirmByTyping(String(args.pid), flags.confirm, `${describeSession(session)} will be ended.`)
      await db.raw('select pg_terminate_backend(?, 5000)', [args.pid])
      this.log(`Session ${args.pid} is ended.`)
      return { pid: args.pid }
    } finally {
      await db.destroy()
    }
  }
}
