import { closeSync, openSync, readFileSync, statSync } from 'node:fs'

/** The part of a log that one run of a server wrote, for the words of an error. */
export type LogMark = { file: string; from: number }

export function markLog(file: string): LogMark {
  return { file, from: statSync(file, { throwIfNoEntry: false })?.size ?? 0 }
}

export function linesSince(mark: LogMark, count = 20): string {
  const size = statSync(mark.file, { throwIfNoEntry: false })?.size ?? 0
  // A log that became shorter was rotated: all of it is new.
  const text =
    size === 0
      ? ''
      : readFileSync(mark.file)
          .subarray(size < mark.from ? 0 : mark.from)
          .toString('utf8')
  return text.trimEnd().split('\n').slice(-count).join('\n')
}

/** Children write to the file themselves: they outlive a killed parent, a pipe to it would not. */
export function withLog<T>(file: string, use: (descriptor: number) => T): T {
  const descriptor = openSync(file, 'a', 0o600)
  try {
    return use(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
