import { BaseCommand } from '../base-command.js'

export default class Serve extends BaseCommand {
  static override summary = 'Run the API process alone, configured by the environment.'
  static override examples = ['NODE_ENV=production <%= config.bin %> <%= command.id %>']

  async run(): Promise<void> {
    await this.parse(Serve)
    const [{ startServer }, { untilSignal }] = await Promise.all([
      import('../../api/server.js'),
      import('../../api/entry.js'),
    ])
    await untilSignal(() => startServer(this.env()))
  }
}
