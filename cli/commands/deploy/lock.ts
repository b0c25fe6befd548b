import * as Flags from '@oclif/core/flags'
import type { Holder } from '../../deploy/lock.js'
import { DeployCommand } from '../../deploy-command.js'

export default class DeployLock extends DeployCommand {
  static override summary = 'Hold deploys until deploy:unlock: whoever deploys is told why, and exits with 4.'
  static override examples = ['<%= config.bin %> <%= command.id %> --reason "month-end closing until 18:00"']
  static override flags = {
    reason: Flags.string({
      helpValue: 'TEXT',
      required: true,
      summary: 'Why, for those who want to deploy.',
    }),
  }

  async run(): Promise<Holder> {
    const { flags } = await this.parse(DeployLock)
    const { paths } = await this.folder(flags.root)
    const [{ readLock, takeLock }, { newId }] = await Promise.all([
      import('../../deploy/lock.js'),
      import('../../../api/platform/ids.js'),
    ])
    takeLock(paths.lock, { id: newId(), owner: this.by(), reason: flags.reason }, true)
    this.log('Deploys are held. Undo: `cargoparts deploy:unlock --reason …`.')
    return readLock(paths.lock) as Holder
  }
}
