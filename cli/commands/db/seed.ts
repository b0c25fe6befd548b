import * as Flags from '@oclif/core/flags'
import { BaseCommand } from '../../base-command.js'
import { wholeNumber } from '../../whole-number.js'

type Result = {
  added: Record<string, number>
  volume?: { added: number; seconds: number; rowsPerSecond: number }
}

export default class DbSeed extends BaseCommand {
  static override summary =
    'Load reference data (makes, vehicles, categories) and, where asked, a demo shop or a market of any size.'
  static override description =
    'May be repeated: what is there stays as it is. Demo data and invented markets never load in production or staging.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --demo',
    '<%= config.bin %> <%= command.id %> --listings 1000000',
  ]
  static override flags = {
    demo: Flags.boolean({ summary: 'Also five sellers, 200 listings, demo accounts and a few orders.' }),
    listings: wholeNumber({
      summary:
        'Also a market of so many invented listings, of 400 sellers. Rebuilds the indexes of its tables.',
      min: 1,
      max: 10_000_000,
    }),
  }

  async run(): Promise<Result> {
    const { flags } = await this.parse(DbSeed)
    const { ownerUrl, NODE_ENV } = await this.databaseConfig()
    const { seedAll } = await import('../../../seeds/index.js')
    const added = await seedAll(ownerUrl, { demo: flags.demo, environment: NODE_ENV })
    for (const [name, rows] of Object.entries(added)) this.log(`${name}: ${rows} added`)
    if (flags.listings === undefined) return { added }
    return { added, volume: await this.fill(ownerUrl, flags.listings, NODE_ENV) }
  }

  private async fill(ownerUrl: string, count: number, environment: string) {
    const [{ seedListings }, { progressBar }] = await Promise.all([
      import('../../../seeds/volume/index.js'),
      import('../../progress.js'),
    ])
    const bar = progressBar(count, 'listings')
    try {
      const report = await seedListings(ownerUrl, {
        count,
        environment,
        onProgress: done => bar.at(done),
        onStep: step => bar.step(step),
      })
      bar.end()
      const { added, seconds, rowsPerSecond } = report
      const speed =
        added > 0 ? ` in ${seconds.toFixed(1)} s, ${rowsPerSecond.toLocaleString('en')} a second` : ''
      this.log(`invented listings: ${added.toLocaleString('en')} added${speed}`)
      return report
    } finally {
      bar.end()
    }
  }
}
