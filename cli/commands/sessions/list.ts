import * as Args from '@oclif/core/args'
import { userReference } from '../../args.js'
import { BaseCommand } from '../../base-command.js'
import { table, when } from '../../table.js'

export default class SessionsList extends BaseCommand {
  static override summary = 'List where an account is signed in, the device used last first.'
  static override examples = ['<%= config.bin %> <%= command.id %> sara@example.sa']
  static override args = {
    user: Args.string({ required: true, description: 'e-mail address or id', parse: userReference }),
  }

  async run() {
    const { args } = await this.parse(SessionsList)
    const { services } = await this.context()
    const id = await services.users.named(args.user)
    const sessions = await services.users.sessionsOf(id, this.operator())
    const rows = sessions.map(session => [
      session.id,
      session.ip ?? '-',
      shortened(session.userAgent ?? '-'),
      when(session.createdAt),
      when(session.lastUsedAt),
    ])
    const head = ['id', 'address', 'device', 'since', 'last used']
    this.log(sessions.length === 0 ? `${args.user} is signed in nowhere.` : await table(head, rows))
    return {
      userId: id,
      sessions: sessions.map(({ id, ip, userAgent, createdAt, lastUsedAt, expiresAt }) => ({
        id,
        ip,
        userAgent,
        createdAt: createdAt.toISOString(),
        lastUsedAt: lastUsedAt.toISOString(),
        expiresAt: expiresAt.toISOString(),
      })),
    }
  }
}

/** A table is read in one glance; --json has the whole. */
const shortened = (text: string): string => (text.length > 40 ? `${text.slice(0, 39)}…` : text)
