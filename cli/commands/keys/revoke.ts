import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import { keyReference, reasonFlag } from '../../args.js'
import { BaseCommand } from '../../base-command.js'
import { confirmByTyping } from '../../confirm.js'

export default class KeysRevoke extends BaseCommand {
  static override summary = 'End an API key, at once and for good.'
  static override description =
    'Its owner sees it as revoked and can make another; there is no way back. The audit trail names you. Safe to repeat.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> cp_0123456789ab --reason "found in a public repository"',
    '<%= config.bin %> <%= command.id %> cp_0123456789ab --reason "found in a log" --confirm cp_0123456789ab --json',
  ]
  static override args = {
    key: Args.string({
      required: true,
      description: "the key's first digits (cp_ and twelve), or its id",
      parse: keyReference,
    }),
  }
  static override flags = {
    reason: reasonFlag(),
    confirm: Flags.string({ helpValue: 'KEY', summary: 'Skip the prompt by repeating the first digits.' }),
  }

  async run() {
    const { args, flags } = await this.parse(KeysRevoke)
    const { services } = await this.context()
    const { key, email, state } = await services.apiKeys.named(args.key)
    const { id, prefix } = key
    if (state === 'REVOKED') {
      this.log(`Key ${prefix} is revoked already: nothing to do.`)
      return { id, prefix, status: state, isNews: false }
    }
    await confirmByTyping(prefix, flags.confirm, `The key ${prefix} of ${email} will stop working.`)
    const revoked = await services.apiKeys.revoke(id, this.operator(), flags.reason)
    this.log(`Key ${prefix} is revoked.`)
    return { id, prefix, status: revoked.state, isNews: revoked.isNews }
  }
}
