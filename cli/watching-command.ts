import * as Flags from '@oclif/core/flags'
import { BaseCommand } from './base-command.js'
import { printableJson } from './terminal-text.js'
import { wholeNumber } from './whole-number.js'

/** What is shown once, or with `--watch` again and again: the same document and the same picture. */
export abstract class WatchingCommand extends BaseCommand {
  static override baseFlags = {
    watch: Flags.boolean({
      char: 'w',
      summary: 'Show it again and again, until Ctrl-C; with --json a line each.',
    }),
    every: wholeNumber({
      default: 2,
      min: 1,
      max: 3600,
      helpValue: 'SECONDS',
      summary: 'How often, with --watch.',
    }),
  }

  protected async present<T>(
    flags: { watch: boolean; every: number },
    read: () => Promise<T>,
    draw: (document: T) => Promise<string>,
  ): Promise<T | undefined> {
    if (!flags.watch) {
      const document = await read()
      this.log(await draw(document))
      return document
    }
    const { watch } = await import('./watch.js')
    await watch(flags.every, async () => {
      const document = await read()
      if (this.jsonEnabled()) return printableJson(document, 0)
      const title = `${new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Riyadh', timeStyle: 'medium' }).format()}  Ctrl-C ends`
      return process.stdout.isTTY ? `${title}\n${await draw(document)}` : await draw(document)
    })
    return undefined
  }

  /** What was watched has been printed already. */
  override logJson(document: unknown): void {
    if (document !== undefined) super.logJson(document)
  }
}
