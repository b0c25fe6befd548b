import { readFileSync } from 'node:fs'

type Manifest = { commands: Record<string, { summary?: string }> }
type Package = { name: string; version: string; description: string }

const HELP = new Set(['--help', '-h', 'help'])
const VERSION = new Set(['--version', '-v'])

/**
 * The command line's entry: one way in for `db:migrate` and `db migrate`, one way out for every failure.
 * What needs no command is answered before oclif is loaded: it is most of the time a start takes.
 */
export async function run(argv: string[], entryUrl: string): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', endQuietly)
  try {
    await answer(argv, entryUrl)
  } catch (thrown) {
    const { failureOf, report } = await import('./failure.js')
    const failure = await failureOf(thrown)
    report(failure, wantsJson(argv))
    process.exitCode = failure.exitCode
  }
  // what is still open (a socket that lingers) must not keep a finished command alive
  await new Promise<void>(resolve => process.stdout.write('', () => resolve()))
  process.exit()
}

async function answer(argv: string[], entryUrl: string): Promise<void> {
  const [first] = argv
  if (first !== undefined && VERSION.has(first)) return print(versionLine(readJson<Package>('package.json')))
  const { commands } = readJson<Manifest>('oclif.manifest.json')
  const isRootHelp = first === undefined || (argv.length === 1 && HELP.has(first))
  if (isRootHelp) {
    const { rootHelp } = await import('./root-help.js')
    const { description, ...pkg } = readJson<Package>('package.json')
    return print(rootHelp(description, versionLine(pkg), commands, process.stdout.columns))
  }
  const words = first === 'help' ? [...argv.slice(1), '--help'] : argv
  const args = commandLine(words, new Set(Object.keys(commands)))
  const { run: runOclif } = await import('@oclif/core/run')
  await runOclif(args, entryUrl)
}

/** `webhooks retry ID` is `webhooks:retry ID`. Words that name no command are a mistake, not a topic's help. */
export function commandLine(argv: string[], ids: ReadonlySet<string>): string[] {
  const words = argv.slice(0, firstFlag(argv))
  for (let count = words.length; count > 0; count--) {
    const id = words.slice(0, count).join(':')
    if (ids.has(id)) return [id, ...argv.slice(count)]
  }
  const [topic] = words
  const isTopic = words.length === 1 && [...ids].some(id => id.startsWith(`${topic}:`))
  if (isTopic && argv.slice(1).every(flag => HELP.has(flag))) return argv
  throw new UnknownCommand(words.length > 0 ? words.slice(0, 2).join(' ') : (argv[0] as string))
}

/** Known by its name, so that reporting it loads nothing. */
class UnknownCommand extends Error {
  override name = 'UnknownCommand'

  constructor(words: string) {
    super(`${words} is not a command. \`cargoparts --help\` lists them.`)
  }
}

function firstFlag(argv: string[]): number {
  const at = argv.findIndex(word => word.startsWith('-'))
  return at === -1 ? argv.length : at
}

/** A reader that has seen enough (`| head`) is no failure of ours. */
function endQuietly(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
}

function wantsJson(argv: string[]): boolean {
  const end = argv.indexOf('--')
  return argv.slice(0, end === -1 ? argv.length : end).includes('--json')
}

const versionLine = ({ name, version }: Pick<Package, 'name' | 'version'>) =>
  `${name}/${version} ${process.platform}-${process.arch} node-${process.version}`

const print = (text: string) => void process.stdout.write(`${text}\n`)

/** A file at the project's root: the build writes the manifest there, from the commands themselves. */
const readJson = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8')) as T
