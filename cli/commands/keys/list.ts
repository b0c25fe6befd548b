import * as Flags from '@oclif/core/flags'
import { userReference } from '../../args.js'
import { BaseCommand } from '../../base-command.js'
import { table, when } from '../../table.js'
import { wholeNumber } from '../../whole-number.js'

export default class KeysList extends BaseCommand {
  static override summary = "List API keys of sellers' systems, newest first."
  static override description =
    'Of a key only its first digits are known: they are what `keys:revoke` takes. Without --all, those that work.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --user seller@cargoparts.example --all --json',
  ]
  static override flags = {
    user: Flags.string({
      helpValue: 'USER',
      summary: 'Of this account only (e-mail address or id).',
      parse: userReference,
    }),
    all: Flags.boolean({ summary: 'Those that were revoked or are over too.' }),
    limit: wholeNumber({ default: 20, min: 1, max: 1000, summary: 'At most this many.' }),
  }

  async run() {
    const { flags } = await this.parse(KeysList)
    const { services } = await this.context()
    const userId = flags.user ? await services.users.named(flags.user) : undefined
    const keys = await services.apiKeys.list({ userId, isAll: flags.all, limit: flags.limit })
    const { presentApiKey } = await import('../../../api/modules/api-keys/api-key-presenter.js')
    const rows = keys.map(({ key, state, email }) => [
      key.prefix,
      key.name,
      email,
      key.scopes.join(' '),
      state,
      when(key.lastUsedAt),
      when(key.expiresAt),
    ])
    this.log(
      rows.length === 0
        ? 'No keys.'
        : await table(['key', 'name', 'account', 'may', 'state', 'used', 'ends'], rows),
    )
    return {
      keys: keys.map(seen => ({ ...presentApiKey(seen), userId: seen.key.userId, email: seen.email })),
    }
  }
}
