import { AppError } from '../api/platform/errors.js'

const MOST_BYTES = 1_000

/** A new password: typed twice at a terminal, unseen; or the first line of what is piped in. Never a flag: those are seen by all. */
export async function askNewPassword(): Promise<string> {
  if (!process.stdin.isTTY) return firstLine()
  const { password } = await import('@inquirer/prompts')
  const ask = (message: string) => password({ message, mask: true }, { output: process.stderr })
  const first = await ask('Password:')
  if (first === (await ask('Once more:'))) return first
  throw new AppError('invalid', 'cli.passwords_differ', 'The two are not the same. Nothing was changed.')
}

async function firstLine(): Promise<string> {
  let text = ''
  process.stdin.setEncoding('utf8')
  for await (const chunk of process.stdin) {
    text += chunk
    if (text.includes('\n') || text.length > MOST_BYTES) break
  }
  const [line = ''] = text.split(/\r?\n/)
  if (line !== '') return line
  throw new AppError('invalid', 'cli.no_password', 'No password came: type it at a terminal, or pipe it in.')
}
