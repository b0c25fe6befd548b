import * as Flags from '@oclif/core/flags'
import { AppError } from '../../../api/platform/errors.js'
import { BaseCommand } from '../../base-command.js'
import { confirmByTyping } from '../../confirm.js'

export default class DbRollback extends BaseCommand {
  static override summary =
    'Undo the last batch of migrations. For development: production only goes forward.'
  static override description =
    'The tables of the batch are dropped with what is in them. `db:migrate` makes them again, empty.'
  static override examples = ['<%= config.bin %> <%= command.id %> --confirm cargoparts']
  static override flags = {
    confirm: Flags.string({
      helpValue: 'NAME',
      summary: "Skip the prompt by repeating the database's name.",
    }),
  }

  async run(): Promise<{ undone: string[] }> {
    const { flags } = await this.parse(DbRollback)
    const { ownerUrl, isStrict } = await this.databaseConfig()
    if (isStrict)
      throw new AppError(
        'conflict',
        'db.forward_only',
        'Production and staging only go forward: write a migration that mends it.',
      )
    const name = decodeURIComponent(new URL(ownerUrl).pathname.slice(1))
    await confirmByTyping(
      name,
      flags.confirm,
      `The newest tables of the database ${name} will be dropped, with all rows in them.`,
    )
    const { migrateDown } = await import('../../../api/platform/migrate.js')
    const undone = await migrateDown(ownerUrl)
    this.log(
      undone.length === 0
        ? 'There is nothing to undo.'
        : `Undone:\n${undone.map(item => `  ${item}`).join('\n')}`,
    )
    return { undone }
  }
}
