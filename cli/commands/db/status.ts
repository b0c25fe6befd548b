import { BaseCommand } from '../../base-command.js'
import { table } from '../../table.js'

type Result = { applied: string[]; pending: string[]; unknown: string[] }

export default class DbStatus extends BaseCommand {
  static override summary = 'Show which migrations are applied and which are waiting.'
  static override description =
    'Those that only a newer release knows are `of a newer release`: this one runs on its schema all the same.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json',
  ]

  async run(): Promise<Result> {
    await this.parse(DbStatus)
    const { ownerUrl } = await this.databaseConfig()
    const { migrationStatusAt } = await import('../../../api/platform/migrate.js')
    const { applied, pending, unknown } = await migrationStatusAt(ownerUrl)
    const rows = [
      ...applied.map(name => [name, unknown.includes(name) ? 'of a newer release' : 'applied']),
      ...pending.map(name => [name, 'waiting']),
    ]
    this.log(await table(['migration', 'state'], rows))
    return { applied, pending, unknown }
  }
}
