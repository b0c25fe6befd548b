import * as Flags from '@oclif/core/flags'
import { AppError } from '../../../api/platform/errors.js'
import { BaseCommand } from '../../base-command.js'
import type { Warmth } from '../../deploy/warm-up.js'

export default class DeployWarmup extends BaseCommand {
  static override summary =
    'Ask a running system for what clients ask most, so that the first of them need not wait.'
  static override description =
    'A deploy does it with each new process before its switch. `npm run warmup` is this.'
  static override examples = ['<%= config.bin %> <%= command.id %> --url http://127.0.0.1:3000']
  static override flags = {
    url: Flags.string({ helpValue: 'URL', summary: "The API's address; the running system's by default." }),
  }

  async run(): Promise<Warmth> {
    const { flags } = await this.parse(DeployWarmup)
    const url = await this.baseUrl(flags.url)
    const { warmUp } = await import('../../deploy/warm-up.js')
    const warmth = await warmUp({ url })
    if (warmth.refused > 0) {
      const message = `${url} refused or failed ${warmth.refused} of its questions: \`cargoparts health\` may say why.`
      throw new AppError('unavailable', 'deploy.not_warm', message, warmth)
    }
    this.log(`${url} answers all of it in ${warmth.lastMs} ms; at first it took ${warmth.firstMs} ms.`)
    return warmth
  }
}
