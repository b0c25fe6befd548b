import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import type { Check } from '../../../api/platform/backup/check.js'
import { BaseCommand } from '../../base-command.js'
import { confirmByTyping } from '../../confirm.js'

export default class DbRestore extends BaseCommand {
  static override summary = 'Fill the database from a copy of db:backup, and look the result over.'
  static override description =
    'Into the database that DATABASE_OWNER_URL (else DATABASE_DIRECT_URL, else DATABASE_URL) names, which must be empty and in use by nobody. In one transaction: what fails leaves it empty. Then rows, indexes, counters and books are held against what they must be (exit 5 where they are not).'
  static override examples = [
    '<%= config.bin %> <%= command.id %> cargoparts-20261127T120000Z.dump',
    '<%= config.bin %> <%= command.id %> before.dump --replace --confirm cargoparts',
  ]
  static override args = { file: Args.string({ required: true, description: 'what db:backup wrote' }) }
  static override flags = {
    replace: Flags.boolean({ summary: 'Drop everything that is in the database first.' }),
    confirm: Flags.string({
      helpValue: 'NAME',
      summary: "Skip the prompt by repeating the database's name.",
    }),
  }

  async run(): Promise<{ checks: Check[] }> {
    const { args, flags } = await this.parse(DbRestore)
    const { ownerUrl, DATABASE_URL } = await this.databaseConfig()
    const [{ readManifest, restore }, { servingRoleOf }, { assertSound, checksTable, verify }] =
      await Promise.all([
        import('../../../api/platform/backup/restore.js'),
        import('../../../api/platform/migrate.js'),
        import('../../verifying.js'),
      ])
    await readManifest(args.file)
    if (flags.replace) {
      const name = decodeURIComponent(new URL(ownerUrl).pathname.slice(1))
      await confirmByTyping(name, flags.confirm, `Everything in the database ${name} will be dropped.`)
    }
    this.logToStderr('restoring …')
    const manifest = await restore(ownerUrl, args.file, {
      servingRole: servingRoleOf(DATABASE_URL as string, ownerUrl),
      replace: flags.replace,
    })
    this.logToStderr('looking it over …')
    const checks = await verify(ownerUrl, manifest)
    this.log(await checksTable(checks))
    assertSound(checks)
    return { checks }
  }
}
