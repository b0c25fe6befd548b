import * as Flags from '@oclif/core/flags'
import type { Holder } from '../../deploy/lock.js'
import { DeployCommand } from '../../deploy-command.js'

export default class DeployUnlock extends DeployCommand {
  static override summary =
    'Open the lock of a deploy that was cut short, or of somebody who held deploys with deploy:lock.'
  static override description =
    'A deploy that still runs keeps its lock: stop it (Ctrl-C, or its process), and it goes back and opens the lock ' +
    'itself. --force opens it all the same, for a deploy of another machine.'
  static override examples = ['<%= config.bin %> <%= command.id %> --reason "the runner lost power"']
  static override flags = {
    reason: Flags.string({ helpValue: 'TEXT', required: true, summary: 'Why, for the record.' }),
    force: Flags.boolean({ summary: 'Also where its deploy seems to run.' }),
  }

  async run(): Promise<{ unlocked: boolean; lock: Holder | null }> {
    const { flags } = await this.parse(DeployUnlock)
    const { paths } = await this.folder(flags.root)
    const { unlock } = await import('../../deploy/unlock.js')
    const holder = unlock(paths, { by: this.by(), reason: flags.reason, force: flags.force })
    if (holder) await this.audit(paths)
    this.log(holder ? `The lock is open. It was of ${holder.owner}: ${holder.reason}.` : 'There is no lock.')
    return { unlocked: holder !== null, lock: holder }
  }
}
