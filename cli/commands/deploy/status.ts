import type { StatusDocument } from '../../deploy/status.js'
import { DeployCommand } from '../../deploy-command.js'

export default class DeployStatus extends DeployCommand {
  static override summary =
    'Show what is live, what runs, what is kept, who holds the lock, and the last deploys.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json',
  ]

  async run(): Promise<StatusDocument> {
    const { flags } = await this.parse(DeployStatus)
    const { paths } = await this.folder(flags.root)
    const { readStatus, statusText } = await import('../../deploy/status.js')
    const status = await readStatus(paths)
    this.log(await statusText(status))
    return status
  }
}
