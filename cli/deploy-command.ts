import { existsSync } from 'node:fs'
import path from 'node:path'
import * as Flags from '@oclif/core/flags'
import { AppError } from '../api/platform/errors.js'
import { BaseCommand } from './base-command.js'
import type { Paths, Settings } from './deploy/supervisor/folder.js'

const ROOT = '/srv/cargoparts'

/** What the deploy commands share: the folder they are about, and the environment that lies in it. */
export abstract class DeployCommand extends BaseCommand {
  static override baseFlags = {
    root: Flags.string({
      helpValue: 'FOLDER',
      summary: `The deploy folder; CARGOPARTS_DEPLOY, else ${ROOT}, by default.`,
    }),
  }
  #root: string | undefined

  /** The folder as `deploy:setup` made it. Throws `deploy.no_folder`. */
  protected async folder(given: string | undefined): Promise<{ paths: Paths; settings: Settings }> {
    const { pathsOf, readSettings } = await import('./deploy/supervisor/folder.js')
    const paths = pathsOf(this.rootOf(given))
    if (!existsSync(paths.settings)) {
      const message = `${paths.root} is no deploy folder. \`cargoparts deploy:setup --root ${paths.root}\` makes one.`
      throw new AppError('not_found', 'deploy.no_folder', message)
    }
    this.#root = paths.root
    return { paths, settings: readSettings(paths) }
  }

  protected rootOf = (given: string | undefined): string =>
    path.resolve(given ?? (this.env().CARGOPARTS_DEPLOY || ROOT))

  /** The releases' own environment: what deploys them asks the same database. */
  protected override async systemEnv(): Promise<NodeJS.ProcessEnv> {
    if (this.#root === undefined) return super.systemEnv()
    const { environmentOf, pathsOf } = await import('./deploy/supervisor/folder.js')
    return environmentOf(pathsOf(this.#root), this.env())
  }

  /** Who is on record: on a CI machine the person whose push it was, where CARGOPARTS_OPERATOR names one. */
  protected by(): string {
    const operator = this.operator()
    return this.env().CARGOPARTS_OPERATOR || ('name' in operator ? operator.name : 'unknown')
  }

  /** Puts what happened on this folder into the audit trail; what cannot go there now goes with the next deploy. */
  protected async audit(paths: Paths): Promise<void> {
    const { markAudited, unaudited } = await import('./deploy/history.js')
    const waiting = unaudited(paths)
    if (waiting.length === 0) return
    try {
      const { services } = await this.context()
      for (const deployed of waiting) {
        await services.deploys.record({ kind: 'operator', name: deployed.by }, deployed)
        markAudited(paths, deployed.id)
      }
    } catch (error) {
      // the driver puts the statement before the database's own words
      const told = error instanceof Error ? (error.message.split(' - ').at(-1) ?? '') : String(error)
      const why = told.replaceAll(/\s+/g, ' ')
      this.logToStderr(`Not in the audit trail yet (it will be with the next deploy): ${why}`)
    }
  }

  /** Aborted by Ctrl-C, by a stop, or when the terminal or the connection to it is gone. */
  protected stopSignal(): AbortSignal {
    const stop = new AbortController()
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => stop.abort())
    return stop.signal
  }
}
