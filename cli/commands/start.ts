import * as Flags from '@oclif/core/flags'
import { BaseCommand } from '../base-command.js'
import type { Account } from '../start/banner.js'

type Started = { baseUrl: string; docsUrl: string; accounts: readonly Account[] }

export default class Start extends BaseCommand {
  static override summary = 'Start CargoParts on this machine, with everything it needs, for development.'
  static override description =
    'Brings up PostgreSQL and Redis (unless DATABASE_URL and REDIS_URL or REDIS_HOST name others), the schema, ' +
    'demo data, a sandbox of the payment provider, the API and the worker. Ctrl-C stops all of it. ' +
    'A database of your own gets demo data only while nobody else has an account in it. ' +
    'CARGOPARTS_DATA names the data folder (.cargoparts), PORT the port (3000).'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    'PORT=3100 CARGOPARTS_DATA=/tmp/second <%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --reset --confirm .cargoparts',
  ]
  static override flags = {
    reset: Flags.boolean({ summary: 'Delete the data folder first, after asking.' }),
    confirm: Flags.string({
      helpValue: 'NAME',
      summary: "Skip --reset's prompt by repeating the folder's name.",
    }),
    verbose: Flags.boolean({ summary: 'Show the logs of API and worker as well.' }),
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(Start)
    const { runSession } = await import('../start/session.js')
    const env = this.env()
    await runSession({
      env,
      verbose: flags.verbose,
      write: line => this.logToStderr(line),
      prepare: async folder => {
        if (!flags.reset) return
        const { confirmByTyping } = await import('../confirm.js')
        const { emptyDataFolder } = await import('../start/data-folder.js')
        const warning = `All data in ${folder.root} will be deleted: orders, invoices, secrets.`
        await confirmByTyping(folder.name, flags.confirm, warning)
        await emptyDataFolder(folder)
      },
      announce: async run => {
        const { demoAccounts } = await import('../../seeds/demo-accounts.js')
        const { banner } = await import('../start/banner.js')
        const accounts = run.hasDemo ? demoAccounts : []
        const started: Started = { baseUrl: run.baseUrl, docsUrl: run.docsUrl, accounts }
        if (this.jsonEnabled()) super.logJson(started)
        else this.log(banner(run, accounts, env.CARGOPARTS_DATA))
      },
    })
  }

  /** The document was printed when the system was ready; at the end there is nothing left to say. */
  override logJson(json: unknown): void {
    if (json !== undefined) super.logJson(json)
  }
}
