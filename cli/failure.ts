import { AppError, type ErrorDetails } from '../api/platform/errors.js'
import { EXIT, EXIT_INTERRUPTED, EXIT_USAGE } from './exit-codes.js'

export type Failure = {
  exitCode: number
  kind: string
  code: string
  message: string
  details: ErrorDetails
  stack?: string | undefined
}

type OclifError = Error & { oclif?: { exit?: number } }

/** What went wrong, as the envelope says it. */
export async function failureOf(thrown: unknown): Promise<Failure> {
  const error = thrown as OclifError
  if (error?.name === 'ExitPromptError') {
    return {
      exitCode: EXIT_INTERRUPTED,
      kind: 'interrupted',
      code: 'cli.interrupted',
      message: 'Interrupted; nothing was done.',
      details: {},
    }
  }
  const exit = error?.oclif?.exit
  if (!(thrown instanceof AppError) && exit !== undefined) {
    if ('code' in error && error.code === 'EEXIT')
      return { exitCode: exit, kind: 'exit', code: 'cli.exit', message: '', details: {} }
    return {
      exitCode: EXIT_USAGE,
      kind: 'usage',
      code: 'cli.usage',
      message: firstLines(error.message),
      details: {},
    }
  }
  const { toAppError } = await import('../api/platform/driver-errors.js')
  const known = toAppError(thrown)
  return {
    exitCode: EXIT[known.kind],
    kind: known.kind,
    code: known.code,
    message: known.kind === 'internal' && error instanceof Error ? error.message : known.message,
    details: known.details,
    stack: known.kind === 'internal' ? error?.stack : undefined,
  }
}

/** One envelope on stdout with --json; else the sentence on stderr. */
export function report(failure: Failure, json: boolean): void {
  if (failure.kind === 'exit') return
  if (json) {
    const { kind, code, message, details } = failure
    process.stdout.write(`${JSON.stringify({ error: { kind, code, message, details } }, null, 2)}\n`)
    return
  }
  process.stderr.write(`${failure.stack ?? `Error: ${failure.message}`}\n`)
}

/** oclif's usage errors end in advice to read the help; the sentence itself comes first. */
const firstLines = (message: string): string => message.split('\nSee more help')[0]?.trim() ?? message
