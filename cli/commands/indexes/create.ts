import * as Flags from '@oclif/core/flags'
import { AppError } from '../../../api/platform/errors.js'
import type { IndexReport } from '../../../api/platform/indexes.js'
import { BaseCommand } from '../../base-command.js'

export default class IndexesCreate extends BaseCommand {
  static override summary = 'Build the production indexes that are missing, without blocking writes.'
  static override description =
    'CREATE INDEX CONCURRENTLY, one by one, and only one run at a time. An invalid left-over is dropped and built again; an index that is declared otherwise since is replaced. Says which session a build waits for. May be interrupted (Ctrl-C drops what was begun) and repeated. Exit 5 where one could not be built: the others are.'
  static override examples = ['<%= config.bin %> <%= command.id %>']
  static override flags = {
    'most-minutes': Flags.integer({
      default: 1440,
      min: 1,
      max: 10_080,
      helpValue: 'MINUTES',
      summary: 'What one index may take, waiting for others included.',
    }),
  }

  async run(): Promise<IndexReport> {
    const { flags } = await this.parse(IndexesCreate)
    const { ownerUrl } = await this.databaseConfig()
    const [{ createIndexes }, { indexProgress }, { interruption }] = await Promise.all([
      import('../../../api/platform/indexes.js'),
      import('../../index-progress.js'),
      import('../../interrupting.js'),
    ])
    const progress = indexProgress()
    const stop = interruption('Interrupted: what was begun is dropped; run it again to go on.')
    try {
      const done = await createIndexes(ownerUrl, {
        onEvent: event => void progress.on(event),
        signal: stop.signal,
        buildMs: flags['most-minutes'] * 60_000,
      })
      progress.end()
      this.tell(done)
      return done
    } finally {
      stop.end()
      progress.end()
    }
  }

  private tell(done: IndexReport): void {
    for (const { name, lacks } of done.awaiting) this.logToStderr(`${name} waits for ${lacks}.`)
    if (done.failed.length > 0) {
      const lines = done.failed.map(({ name, reason }) => `  ${name}: ${reason}`)
      const message = `${done.failed.length} could not be built:\n${lines.join('\n')}`
      throw new AppError('invalid', 'indexes.failed', message, { ...done })
    }
    this.log(
      `${done.built.length} built, ${done.rebuilt.length} rebuilt, ${done.present.length} present already.`,
    )
  }
}
