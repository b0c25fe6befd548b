import type { ProcessIdentity } from '../../api/embedded/process.js'
import type { AppError } from '../../api/platform/errors.js'
import type { DataFolder } from './data-folder.js'
import type { Step } from './steps.js'
import type { Teardown } from './teardown.js'

/** What every part of a start works with. */
export type Stage = {
  env: NodeJS.ProcessEnv
  folder: DataFolder
  host: string
  port: number
  baseUrl: string
  step: Step
  teardown: Teardown
  signal: AbortSignal
  watch: Watch
}

/** Notices when something that must keep running does not. */
export type Watch = {
  server(name: string, who: ProcessIdentity): void
  died: Promise<AppError>
  report(death: AppError): void
  close(): void
}
