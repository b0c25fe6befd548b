import { BaseCommand } from '../../base-command.js'

export default class DbMigrate extends BaseCommand {
  static override summary = 'Bring the schema up to date and give the serving role its rights.'
  static override description =
    'Uses DATABASE_OWNER_URL (else DATABASE_DIRECT_URL, else DATABASE_URL). Where DATABASE_URL signs in as another role, that role is granted what it needs. Only one run at a time.'
  static override examples = ['<%= config.bin %> <%= command.id %>']

  async run(): Promise<{ applied: string[] }> {
    await this.parse(DbMigrate)
    const { ownerUrl, DATABASE_URL } = await this.databaseConfig()
    const { migrateUp, servingRoleOf } = await import('../../../api/platform/migrate.js')
    const applied = await migrateUp(ownerUrl, servingRoleOf(DATABASE_URL as string, ownerUrl))
    this.log(
      applied.length === 0
        ? 'The schema is up to date.'
        : `Applied:\n${applied.map(name => `  ${name}`).join('\n')}`,
    )
    return { applied }
  }
}
