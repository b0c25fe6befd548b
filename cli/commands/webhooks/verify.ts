import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import { AppError } from '../../../api/platform/errors.js'
import { BaseCommand } from '../../base-command.js'
import { EXIT } from '../../exit-codes.js'
import { refusedFile } from '../../refused-file.js'
import { printable } from '../../terminal-text.js'

export default class WebhooksVerify extends BaseCommand {
  static override summary = 'Check a delivery that was caught: is it proven, and if not, which check fails.'
  static override description =
    'The file holds the delivery as it came: header lines, an empty line, the body to its last byte (`-` reads it from stdin). Stores nothing, changes nothing. Exit 5 where it is not proven.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> refused.http',
    '<%= config.bin %> <%= command.id %> - < refused.http',
  ]
  static override args = { file: Args.string({ required: true, description: 'the file, or - for stdin' }) }
  static override flags = {
    provider: Flags.string({ helpValue: 'NAME', summary: 'Whose it is, where its headers do not say.' }),
  }

  async run() {
    const { args, flags } = await this.parse(WebhooksVerify)
    const { readDelivery, providerOf } = await import('../../delivery-file.js')
    const { readFile } = await import('node:fs/promises')
    const { buffer } = await import('node:stream/consumers')
    const bytes =
      args.file === '-'
        ? await buffer(process.stdin)
        : await readFile(args.file).catch(error =>
            Promise.reject(refusedFile(error, args.file, 'read') ?? error),
          )
    const delivery = readDelivery(bytes)
    const provider = flags.provider ?? providerOf(delivery)
    if (!provider)
      throw new AppError(
        'invalid',
        'cli.whose_delivery',
        'Its headers do not say whose it is: name the provider with --provider.',
      )
    const { services } = await this.context()
    const { isGenuine, checks, event, storedAs } = await services.webhooks.verify(
      provider,
      delivery.body,
      delivery.header,
    )
    for (const { check, passed, note } of checks)
      this.log(`${passed ? 'ok    ' : 'FAILED'}  ${check}${note ? `\n        ${printable(note)}` : ''}`)
    if (event)
      this.log(
        `${provider} says: ${printable(`${event.object} ${event.objectId} ${event.claimedStatus}`)}\n${
          storedAs
            ? `It is here as event ${storedAs}.`
            : 'It is not here: it was never delivered, or refused.'
        }`,
      )
    else this.log('Not proven: this delivery is answered with 401.')
    if (!isGenuine) process.exitCode = EXIT.invalid
    return { provider, isGenuine, checks, event: event ?? null, storedAs: storedAs ?? null }
  }
}
