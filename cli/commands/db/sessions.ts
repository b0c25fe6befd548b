import type { DatabaseSession } from '../../../api/platform/sessions.js'
import { BaseCommand } from '../../base-command.js'
import { span, table } from '../../table.js'

export default class DbSessions extends BaseCommand {
  static override summary = 'Who is in a transaction or waits for others, the oldest first.'
  static override description =
    'What a migration, an index build or a request waits for. Statements are shown without their values. db:disconnect ends one.'
  static override examples = ['<%= config.bin %> <%= command.id %>']

  async run(): Promise<DatabaseSession[]> {
    await this.parse(DbSessions)
    const { ownerUrl } = await this.databaseConfig()
    const [{ createDatabase }, { busySessions }] = await Promise.all([
      import('../../../api/platform/database.js'),
      import('../../../api/platform/sessions.js'),
    ])
    const db = createDatabase({ url: ownerUrl, application: 'cargoparts-sessions', poolMin: 0, poolMax: 1 })
    try {
      const sessions = await busySessions(db)
      const rows = sessions.map(({ pid, user, application, state, since, waitsFor, asks }) => [
        String(pid),
        user,
        application || '-',
        state,
        since ? span(since, new Date()) : '-',
        waitsFor.join(', ') || '-',
        asks,
      ])
      this.log(
        sessions.length === 0
          ? 'Nobody is in a transaction.'
          : await table(['pid', 'user', 'application', 'state', 'for', 'waits for', 'asks'], rows),
      )
      return sessions
    } finally {
      await db.destroy()
    }
  }
}
