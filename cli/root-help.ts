const DEFAULT_WIDTH = 80

/** Every command with its summary, named as it is typed. A command's own help is oclif's. */
export function rootHelp(
  description: string,
  version: string,
  commands: Record<string, { summary?: string }>,
  width = DEFAULT_WIDTH,
): string {
  const ids = Object.keys(commands).sort()
  const indent = Math.max(...ids.map(id => id.length)) + 4
  const lines = ids.map(id => {
    const summary = wrap(commands[id]?.summary ?? '', Math.max(width - indent, 20))
    return `  ${id.padEnd(indent - 2)}${summary.join(`\n${' '.repeat(indent)}`)}`
  })
  return `${description}

VERSION
  ${version}

USAGE
  $ cargoparts COMMAND [FLAGS]

COMMANDS
${lines.join('\n')}

Every command explains itself with --help. Results come as JSON with --json. A space does
for the colon: cargoparts db status.`
}

function wrap(text: string, width: number): string[] {
  const lines = ['']
  for (const word of text.split(' ')) {
    const line = lines.at(-1) as string
    if (line !== '' && line.length + 1 + word.length > width) lines.push(word)
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`
  }
  return lines
}
