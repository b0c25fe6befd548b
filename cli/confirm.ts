import { AppError } from '../api/platform/errors.js'

/**
 * Asks for the name of what is about to be destroyed. `flag` answers beforehand. Anything but the name, and
 * a place without a terminal, ends the command: a refused prompt is never a success.
 */
export async function confirmByTyping(
  name: string,
  flag: string | undefined,
  warning: string,
): Promise<void> {
  if (flag !== undefined) return check(name, flag)
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new AppError(
      'invalid',
      'cli.not_confirmed',
      `${warning} Repeat the name to go on: --confirm ${name}`,
    )
  }
  const { input } = await import('@inquirer/prompts')
  process.stderr.write(`${warning}\n`)
  check(name, await input({ message: `Type ${name} to go on:` }, { output: process.stderr }))
}

function check(name: string, answer: string): void {
  if (answer.trim() === name) return
  throw new AppError('invalid', 'cli.not_confirmed', `Not confirmed: expected ${name}. Nothing was changed.`)
}
