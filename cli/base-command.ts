import { userInfo } from 'node:os'
import path from 'node:path'
import { Command } from '@oclif/core/command'
import type { Context } from '../api/context.js'
import type { Actor } from '../api/platform/actor.js'
import type { Config } from '../api/platform/config/index.js'
import { AppError } from '../api/platform/errors.js'
import type { Lock } from '../api/platform/lock.js'
import type { RunFile } from './start/run-file.js'
import { printableJson } from './terminal-text.js'

/** What every command shares: the environment, a context made on first use and closed at the end. */
export abstract class BaseCommand extends Command {
  static override enableJsonFlag = true
  #context: Context | undefined

  /** The environment as it stands. The only place of the command line that reads it. */
  protected env(): NodeJS.ProcessEnv {
    return process.env
  }

  /**
   * The environment of the system the command is about: what is set here, else that of the deploy folder which
   * CARGOPARTS_DEPLOY names, else what `cargoparts start` left in the data folder while it runs.
   */
  protected async systemEnv(): Promise<NodeJS.ProcessEnv> {
    const env = await this.ownEnv()
    if (env.DATABASE_URL || env.CARGOPARTS_DEPLOY) return env
    const run = await this.running()
    if (run) return { ...run.env, ...withoutBlanks(env) }
    throw nothingRuns()
  }

  /** What is set here, and under it what the releases of the deploy folder at hand are started with. */
  protected async ownEnv(): Promise<NodeJS.ProcessEnv> {
    const env = this.env()
    if (!env.CARGOPARTS_DEPLOY || env.DATABASE_URL) return env
    const { environmentOf, pathsOf } = await import('./deploy/supervisor/folder.js')
    return { ...environmentOf(pathsOf(path.resolve(env.CARGOPARTS_DEPLOY)), {}), ...withoutBlanks(env) }
  }

  /** What `cargoparts start` says of itself; undefined where nothing runs on this data folder. */
  protected async running(): Promise<RunFile | undefined> {
    const { readRunFile } = await import('./start/run-file.js')
    return readRunFile(path.resolve(this.env().CARGOPARTS_DATA || '.cargoparts')) ?? undefined
  }

  /** Where the running API listens. */
  protected async baseUrl(given?: string): Promise<string> {
    // the environment speaks first, as for the database: both must mean the same system
    const { API_URL, DATABASE_URL } = await this.ownEnv()
    const url = given ?? API_URL ?? (DATABASE_URL ? undefined : (await this.running())?.baseUrl)
    if (!url) throw nothingRuns()
    if (!/^https?:\/\//.test(url) || !URL.canParse(url))
      throw new AppError('invalid', 'cli.bad_url', `${url} is not an address such as https://api.example.sa.`)
    return url.replace(/\/+$/, '')
  }

  protected async databaseConfig(): Promise<Config & { ownerUrl: string }> {
    const env = await this.systemEnv()
    const { readConfig } = await import('../api/platform/config/index.js')
    const config = readConfig(env, 'database')
    const ownerUrl =
      config.DATABASE_OWNER_URL ?? config.DATABASE_DIRECT_URL ?? (config.DATABASE_URL as string)
    return { ...config, ownerUrl }
  }

  /** The services, for this command: the same ones the API uses. */
  protected async context(): Promise<Context> {
    if (this.#context) return this.#context
    const env = await this.systemEnv()
    const [{ readConfig }, { createContext }, { createLogger }] = await Promise.all([
      import('../api/platform/config/index.js'),
      import('../api/context.js'),
      import('../api/platform/logger.js'),
    ])
    const config = readConfig(env, 'command')
    const logger = createLogger({ level: 'warn', environment: config.NODE_ENV, stderr: true, pretty: true })
    this.#context = createContext(config, { logger, role: 'command' })
    return this.#context
  }

  /** Work of which there may be one at a time, on whichever machine: the second is told so, and exits with 4. */
  protected async alone<T>(name: string, work: (context: Context, lock: Lock) => Promise<T>): Promise<T> {
    const context = await this.context()
    return context.locks.with(`command:${name}`, {}, lock => work(context, lock))
  }

  /** Who the audit trail names: the login, or where several people share one, who says to be working. */
  protected operator(): Actor {
    const declared = this.env().CARGOPARTS_OPERATOR?.trim()
    if (!declared) return { kind: 'operator', name: userName() }
    if (/^[\p{L}\p{N}._@-]{1,60}$/u.test(declared)) return { kind: 'operator', name: declared }
    const rule = 'CARGOPARTS_OPERATOR is a name of letters, digits, dots, hyphens and @.'
    throw new AppError('invalid', 'cli.bad_operator', rule)
  }

  protected override async finally(error: Error | undefined): Promise<void> {
    await this.#context?.close()
    await super.finally(error)
  }

  /** Nothing that a document quotes may steer the terminal it is shown on. */
  override logJson(document: unknown): void {
    process.stdout.write(`${printableJson(document)}\n`)
  }

  /** Failures are reported in one place, cli/run.ts, for text and --json alike. */
  protected override async catch(error: Error): Promise<never> {
    throw error
  }
}

/** A container may run under a number that has no name. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`
  }
}

function nothingRuns(): AppError {
  return new AppError(
    'unavailable',
    'cli.nothing_running',
    'No CargoParts runs here. Start one with `npx cargoparts start`, or set DATABASE_URL, or CARGOPARTS_DEPLOY to a deploy folder (CARGOPARTS_DATA names another data folder).',
  )
}

const withoutBlanks = (env: NodeJS.ProcessEnv) =>
  Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
