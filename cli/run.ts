import { readFileSync } from 'node:fs'
import { run as runOclif } from '@oclif/core/run'
import { failureOf, report } from './failure.js'

/** The command line's entry: one way in for `db:migrate` and `db migrate`, one way out for every failure. */
export async function run(argv: string[], entryUrl: string): Promise<void> {
  // a reader that has seen enough (`| head`) is no failure of ours
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
    throw error
  })
  const args = joinTopic(argv, commandIds())
  try {
    await runOclif(args, entryUrl)
  } catch (thrown) {
    const failure = await failureOf(thrown)
    report(failure, wantsJson(args))
    process.exitCode = failure.exitCode
  }
  // what is still open (a socket that lingers) must not keep a finished command alive
  await new Promise<void>(resolve => process.stdout.write('', () => resolve()))
  process.exit()
}

/** `webhooks retry ID` is `webhooks:retry ID`. */
export function joinTopic(argv: string[], ids: ReadonlySet<string>): string[] {
  const words = argv.slice(0, firstFlag(argv))
  for (let count = words.length; count > 1; count--) {
    const id = words.slice(0, count).join(':')
    if (ids.has(id)) return [id, ...argv.slice(count)]
  }
  return argv
}

function firstFlag(argv: string[]): number {
  const at = argv.findIndex(word => word.startsWith('-'))
  return at === -1 ? argv.length : at
}

function commandIds(): ReadonlySet<string> {
  const manifest = readFileSync(new URL('../../oclif.manifest.json', import.meta.url), 'utf8')
  return new Set(Object.keys((JSON.parse(manifest) as { commands: Record<string, unknown> }).commands))
}

function wantsJson(argv: string[]): boolean {
  const end = argv.indexOf('--')
  return argv.slice(0, end === -1 ? argv.length : end).includes('--json')
}
