import { BaseCommand } from '../../base-command.js'

export default class SearchRefresh extends BaseCommand {
  static override summary = 'Let listings be found by every word this release knows.'
  static override description =
    'After a release that brought new words: looks at each listing, gives it the keys its titles speak of, and learns its words for mending slips. Needed once a release; may be interrupted and repeated. One run at a time: a second exits with 4.'
  static override examples = ['<%= config.bin %> <%= command.id %>']

  async run(): Promise<{ changed: number }> {
    await this.parse(SearchRefresh)
    const { progressBar } = await import('../../progress.js')
    let bar: ReturnType<typeof progressBar> | undefined
    try {
      const changed = await this.alone('search:refresh', ({ services }) =>
        services.listings.refresh((done, total) => {
          bar ??= progressBar(total, 'listings')
          bar.at(done)
        }),
      )
      bar?.end()
      this.log(`${changed} listings changed.`)
      return { changed }
    } finally {
      bar?.end()
    }
  }
}
