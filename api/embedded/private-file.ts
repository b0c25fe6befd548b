import { randomBytes } from 'node:crypto'
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'

/** Replaces the file in one step: a reader sees the old text or the new, never half of one. */
export function writePrivate(file: string, text: string): void {
  const draft = writeDraft(file, text)
  renameSync(draft, file)
}

/** The file's text; the first caller to ask decides it, also when several ask at once. */
export function readOrCreatePrivate(file: string, make: () => string): string {
  const present = readIfPresent(file)
  if (present !== null) return present
  createPrivate(file, make())
  return readFileSync(file, 'utf8')
}

/** Makes the file, whole from its first moment, and says whether it was us who made it. */
export function createPrivate(file: string, text: string): boolean {
  const draft = writeDraft(file, text)
  try {
    linkSync(draft, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

export function readIfPresent(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

/** For databases that live on this machine only: URL-safe, so that it needs no escaping. */
export const randomPassword = (): string => randomBytes(24).toString('hex')

function writeDraft(file: string, text: string): string {
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`
  writeFileSync(draft, text, { mode: 0o600, flag: 'wx' })
  return draft
}
