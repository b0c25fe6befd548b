import { readTraits } from './traits.js'

/** The command line of a tiny release: says what it was asked, and does nothing. */
const words = process.argv.slice(2).join(' ')
const traits = readTraits(new URL('..', `file://${process.argv[1]}`).pathname)
if (traits.fails !== undefined && words.startsWith(traits.fails)) {
  process.stderr.write(`Error: ${words} of ${traits.commit} fails\n`)
  process.exit(traits.exits ?? 5)
}
process.stdout.write(`${words} of ${traits.commit}\n`)
