import type { Check } from '../../../api/platform/backup/check.js'
import { BaseCommand } from '../../base-command.js'

export default class DbVerify extends BaseCommand {
  static override summary = 'Look the database over: schema, indexes, counters, and whether the books agree.'
  static override description =
    'After a restore, a failover, or whenever in doubt. Reads every order, payment and document once. Exit 5 where something is not as it must be. Writes nothing.'
  static override examples = ['<%= config.bin %> <%= command.id %>']

  async run(): Promise<Check[]> {
    await this.parse(DbVerify)
    const { ownerUrl } = await this.databaseConfig()
    const { assertSound, checksTable, verify } = await import('../../verifying.js')
    const checks = await verify(ownerUrl, null)
    this.log(await checksTable(checks))
    assertSound(checks)
    return checks
  }
}
