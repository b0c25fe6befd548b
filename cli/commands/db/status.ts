import { BaseCommand } from '../../base-command.js'
import { table } from '../../table.js'

export default class DbStatus extends BaseCommand {
  static override summary = 'Show which migrations are applied and which are waiting.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json',
  ]

  async run(): Promise<{ applied: string[]; pending: string[] }> {
    await this.parse(DbStatus)
    const { ownerUrl } = await this.databaseConfig()
    const { migrationStatusAt } = await import('../../../api/platform/migrate.js')
    const { applied, pending } = await migrationStatusAt(ownerUrl)
    const rows = [...applied.map(name => [name, 'applied']), ...pending.map(name => [name, 'waiting'])]
    this.log(await table(['migration', 'state'], rows))
    return { applied, pending }
  }
}
