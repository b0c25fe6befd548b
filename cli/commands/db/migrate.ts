import * as Flags from '@oclif/core/flags'
import type { MigrateEvent } from '../../../api/platform/migrate.js'
import { BaseCommand } from '../../base-command.js'
import { printable } from '../../terminal-text.js'

type Result = { applied: string[]; backup?: string } | { pending: { name: string; statements: string[] }[] }

export default class DbMigrate extends BaseCommand {
  static override summary = 'Bring the schema up to date and give the serving role its rights.'
  static override description =
    'Uses DATABASE_OWNER_URL (else DATABASE_DIRECT_URL, else DATABASE_URL). Where DATABASE_URL signs in as another role, that role is granted what it needs. Only one run at a time. A statement waits 10 s at most for a lock, says for whom, and is tried three times more. Where MIGRATION_BACKUP_DIR is set, the database is copied there first.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --dry-run',
    '<%= config.bin %> <%= command.id %>',
  ]
  static override flags = {
    'dry-run': Flags.boolean({ summary: 'Print the SQL of what is waiting, and write nothing.' }),
    retries: Flags.integer({
      default: 3,
      min: 0,
      max: 1000,
      helpValue: 'N',
      summary: 'How often a migration that gave way is tried again, every 10 s.',
    }),
    backup: Flags.boolean({
      allowNo: true,
      summary: 'Copy the database first, or not, whatever MIGRATION_BACKUP_DIR says.',
    }),
  }

  async run(): Promise<Result> {
    const { flags } = await this.parse(DbMigrate)
    if (flags['dry-run']) return this.rehearse()
    const { ownerUrl, DATABASE_URL, MIGRATION_BACKUP_DIR } = await this.databaseConfig()
    const { migrateUp, servingRoleOf } = await import('../../../api/platform/migrate.js')
    const wanted = flags.backup ?? MIGRATION_BACKUP_DIR !== undefined
    let backup: string | undefined
    const applied = await migrateUp(ownerUrl, servingRoleOf(DATABASE_URL as string, ownerUrl), {
      retries: flags.retries,
      onEvent: event => void this.tell(event, flags.retries),
      ...(wanted && {
        before: async () => {
          backup = await this.copy(ownerUrl, MIGRATION_BACKUP_DIR)
        },
      }),
    })
    this.log(
      applied.length === 0
        ? 'The schema is up to date.'
        : `Applied:\n${applied.map(name => `  ${name}`).join('\n')}`,
    )
    return { applied, ...(backup !== undefined && { backup }) }
  }

  private async copy(ownerUrl: string, folder = '.'): Promise<string> {
    const { backUp } = await import('../../../api/platform/backup/backup.js')
    const { file } = await backUp(ownerUrl, { folder })
    this.logToStderr(`Copied to ${file}`)
    return file
  }

  private async tell(event: MigrateEvent, retries: number): Promise<void> {
    if (event.kind === 'begun') this.logToStderr(`${event.at}/${event.of} ${event.name}`)
    if (event.kind === 'gave-way' && event.again)
      this.logToStderr(
        `  gave way, so that nobody waits behind it; again in 10 s (${event.tries} of ${retries + 1})`,
      )
    if (event.kind !== 'waiting') return
    const { describeSession } = await import('../../../api/platform/sessions.js')
    for (const session of event.waitsFor)
      this.logToStderr(printable(`  waits for ${describeSession(session)}`))
  }

  private async rehearse(): Promise<Result> {
    const { ownerUrl } = await this.databaseConfig()
    const [{ migrationStatusAt }, { recordMigrations }] = await Promise.all([
      import('../../../api/platform/migrate.js'),
      import('../../../api/platform/migrations/recorder.js'),
    ])
    const { pending } = await migrationStatusAt(ownerUrl)
    const recorded = await recordMigrations(ownerUrl, pending)
    this.log(pending.length === 0 ? 'The schema is up to date.' : recorded.map(scriptOf).join('\n'))
    return { pending: recorded.map(({ name, statements }) => ({ name, statements })) }
  }
}

function scriptOf({
  name,
  statements,
  stoppedBy,
}: {
  name: string
  statements: string[]
  stoppedBy: string | null
}) {
  const told = statements.map(statement => {
    const text = statement.trimEnd()
    return text.endsWith(';') ? text : `${text};`
  })
  const rest = stoppedBy === null ? [] : [`-- The rest depends on what an earlier one makes (${stoppedBy}).`]
  return [`-- ${name}`, ...told, ...rest, ''].join('\n')
}
