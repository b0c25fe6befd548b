import * as Flags from '@oclif/core/flags'
import type { Manifest } from '../../../api/platform/backup/backup.js'
import { BaseCommand } from '../../base-command.js'

export default class DbBackup extends BaseCommand {
  static override summary = 'Copy the database into one file, while everybody works on.'
  static override description =
    'By pg_dump, which has to be on this machine and of the server’s version or newer (exit 7 otherwise). The file holds everything about everybody: its owner alone may read it, and it belongs where the database does. FILE.json beside it says what is in it; db:restore holds the restored database against that. Files in the storage (photos, documents) are not in it.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --to /srv/copies/before-0.2.dump',
  ]
  static override flags = {
    to: Flags.string({
      helpValue: 'FILE',
      summary: 'Where to; otherwise by database and time, in MIGRATION_BACKUP_DIR or here.',
    }),
  }

  async run(): Promise<{ file: string } & Manifest> {
    const { flags } = await this.parse(DbBackup)
    const { ownerUrl, MIGRATION_BACKUP_DIR } = await this.databaseConfig()
    const { backUp } = await import('../../../api/platform/backup/backup.js')
    const to = flags.to === undefined ? { folder: MIGRATION_BACKUP_DIR ?? '.' } : { file: flags.to }
    const { file, manifest } = await backUp(ownerUrl, to)
    const rows = Object.values(manifest.rows).reduce((sum, count) => sum + count, 0)
    const size = (manifest.bytes / 2 ** 20).toFixed(1)
    this.log(`${file}: ${rows.toLocaleString('en')} rows, ${size} MiB.`)
    return { file, ...manifest }
  }
}
