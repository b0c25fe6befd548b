import * as Flags from '@oclif/core/flags'
import { BaseCommand } from '../../base-command.js'

export default class DbSeed extends BaseCommand {
  static override summary = 'Load reference data (makes, categories) and, with --demo, the demo shop.'
  static override description =
    'May be repeated: what is there stays as it is. Demo data never loads in production or staging.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --demo',
  ]
  static override flags = {
    demo: Flags.boolean({ summary: 'Also five sellers, 200 listings, demo accounts and a few orders.' }),
  }

  async run(): Promise<{ added: Record<string, number> }> {
    const { flags } = await this.parse(DbSeed)
    const { ownerUrl, NODE_ENV } = await this.databaseConfig()
    const { seedAll } = await import('../../../seeds/index.js')
    const added = await seedAll(ownerUrl, { demo: flags.demo, environment: NODE_ENV })
    for (const [name, rows] of Object.entries(added)) this.log(`${name}: ${rows} added`)
    return { added }
  }
}
