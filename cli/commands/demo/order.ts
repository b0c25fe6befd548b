import * as Flags from '@oclif/core/flags'
import { AppError } from '../../../api/platform/errors.js'
import { BaseCommand } from '../../base-command.js'

export default class DemoOrder extends BaseCommand {
  static override summary = 'Order, pay and get an invoice through the running API, as a client app would.'
  static override description =
    'Signs in as the demo buyer, pays on the sandbox page with a test card, and waits for the webhook and the invoice.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --deliver',
    '<%= config.bin %> <%= command.id %> --json',
  ]
  static override flags = {
    deliver: Flags.boolean({ summary: 'Go on as the seller: confirm, ship, deliver.' }),
    url: Flags.string({ helpValue: 'URL', summary: "The API's address; the running system's by default." }),
  }

  async run() {
    const { flags } = await this.parse(DemoOrder)
    const [{ createClient }, { runDemoOrder }] = await Promise.all([
      import('../../demo/client.js'),
      import('../../demo/order-flow.js'),
    ])
    const client = createClient(await this.baseUrl(flags.url), line => this.logToStderr(line))
    const result = await runDemoOrder(client, {
      deliver: flags.deliver,
      tell: ({ name, ms, detail }) => this.log(`${name.padEnd(9)}${`${ms} ms`.padStart(8)}  ${detail}`),
    })
    const { number, counter, verifies } = result.invoice
    const place = verifies ? `, signed, at place ${counter} of the seller's chain` : ''
    this.log(`Order ${result.order.number} is ${result.order.status}; invoice ${number}${place}.`)
    if (verifies === false)
      throw new AppError(
        'invalid',
        'demo.invoice_does_not_verify',
        `The e-invoice of ${number} does not verify.`,
      )
    return result
  }
}
