import { AppError, type ErrorDetails, type ErrorKind } from '../api/platform/errors.js'
import { EXIT, EXIT_INTERRUPTED, EXIT_USAGE } from './exit-codes.js'
import { printableJson, printableLines } from './terminal-text.js'

export type Failure = {
  exitCode: number
  kind: string
  code: string
  message: string
  details: ErrorDetails
  stack?: string | undefined
}

type Thrown = Error & { oclif?: { exit?: number }; code?: unknown; nativeError?: unknown }

/** What went wrong, as the envelope says it. */
export async function failureOf(thrown: unknown): Promise<Failure> {
  const error = thrown as Thrown
  if (error?.name === 'ExitPromptError')
    return plain(EXIT_INTERRUPTED, 'interrupted', 'Interrupted; nothing was done.')
  if (error?.name === 'Interrupted') return plain(EXIT_INTERRUPTED, 'interrupted', error.message)
  if (error?.name === 'UnknownCommand') return plain(EXIT_USAGE, 'usage', error.message)
  if (!(thrown instanceof AppError) && error?.oclif?.exit !== undefined) {
    if (error.code === 'EEXIT') return plain(error.oclif.exit, 'exit', '')
    return plain(EXIT_USAGE, 'usage', firstLines(error.message))
  }
  const { toAppError } = await import('../api/platform/driver-errors.js')
  const { kind, code, message, details } = refusal(error) ?? toAppError(thrown)
  if (kind !== 'internal') return { exitCode: EXIT[kind], kind, code, message, details }
  const told = error instanceof Error ? withoutStatement(error) : String(thrown)
  const frames = error instanceof Error ? framesOf(error) : ''
  return { exitCode: EXIT.internal, kind, code, message: told, details, stack: `${told}\n${frames}` }
}

/** One envelope on stdout with --json; else the sentence on stderr. */
export function report(failure: Failure, json: boolean): void {
  if (failure.kind === 'exit') return
  if (json) {
    const { kind, code, message, details } = failure
    process.stdout.write(`${printableJson({ error: { kind, code, message, details } })}\n`)
    return
  }
  process.stderr.write(`Error: ${printableLines(failure.stack ?? failure.message)}\n`)
}

const plain = (exitCode: number, kind: string, message: string): Failure => ({
  exitCode,
  kind,
  code: `cli.${kind}`,
  message,
  details: {},
})

/** What the database refuses and the operator can mend. SQLSTATE, or its class. */
const REFUSALS: Record<string, [ErrorKind, string, string]> = {
  '28': ['unavailable', 'database.refused', 'The database does not let us in'],
  '3D': ['unavailable', 'database.refused', 'The database does not let us in'],
  '55P03': ['conflict', 'database.busy', 'Others hold what this needs; try again'],
  '42501': ['forbidden', 'database.forbidden', 'This role may not do that'],
  '42P01': ['conflict', 'db.not_migrated', 'The schema is not up to date (`cargoparts db:migrate`)'],
  '42703': ['conflict', 'db.not_migrated', 'The schema is not up to date (`cargoparts db:migrate`)'],
}

function refusal(thrown: Thrown | undefined): AppError | undefined {
  const error = (thrown?.nativeError ?? thrown) as Thrown | undefined
  if (thrown instanceof AppError || !(error instanceof Error) || typeof error.code !== 'string')
    return undefined
  const [kind, code, text] = REFUSALS[error.code] ?? REFUSALS[error.code.slice(0, 2)] ?? []
  return kind && code ? new AppError(kind, code, `${text}: ${withoutStatement(error)}.`) : undefined
}

/** knex puts the statement with its values before the database's own words: they may be anybody's secrets. */
function withoutStatement(error: Error): string {
  const isDriver = 'code' in error || 'nativeError' in error
  return isDriver ? (error.message.split(' - ').at(-1) ?? '') : error.message
}

const framesOf = ({ stack = '' }: Error): string =>
  stack
    .split('\n')
    .filter(line => line.startsWith('    at '))
    .join('\n')

/** oclif's usage errors end in advice to read the help; the sentence itself comes first. */
const firstLines = (message: string): string => message.split('\nSee more help')[0]?.trim() ?? message
