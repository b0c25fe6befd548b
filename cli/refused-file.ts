import { AppError } from '../api/platform/errors.js'

/** The file system's refusal names the system call; anything else is not about the file. */
export function refusedFile(error: unknown, file: string, verb: 'read' | 'written'): AppError | undefined {
  const { syscall, path, code } = error as NodeJS.ErrnoException
  if (syscall === undefined || path === undefined) return undefined
  const name = verb === 'read' ? 'cli.cannot_read' : 'cli.cannot_write'
  return new AppError('invalid', name, `${file} cannot be ${verb} (${code}).`, { file })
}
