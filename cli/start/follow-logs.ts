import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'

const EVERY_MS = 200

/** Shows what API and worker append to their logs. They write files, not pipes, so that they outlive a killed start. */
export function followLogs(folder: string, write: (line: string) => void): () => void {
  const readers = ['api', 'worker'].map(name =>
    reader(join(folder, `${name}.log`), line => write(`${name} | ${line}`)),
  )
  const readAll = () => {
    for (const read of readers) read()
  }
  const timer = setInterval(readAll, EVERY_MS)
  return () => {
    clearInterval(timer)
    readAll()
  }
}

function reader(file: string, write: (line: string) => void): () => void {
  let position = sizeOf(file)
  let rest = Buffer.alloc(0)
  return () => {
    const size = sizeOf(file)
    if (size < position) position = 0 // rotated
    if (size === position) return
    const chunk = read(file, position, size - position)
    position += chunk.length
    const text = Buffer.concat([rest, chunk])
    const end = text.lastIndexOf(10) + 1
    // A line, or a character of several bytes, may be only half written yet.
    rest = text.subarray(end)
    for (const line of text.subarray(0, end).toString('utf8').split('\n').slice(0, -1)) write(line)
  }
}

function read(file: string, from: number, length: number): Buffer {
  const descriptor = openSync(file, 'r')
  try {
    const buffer = Buffer.alloc(length)
    return buffer.subarray(0, readSync(descriptor, buffer, 0, length, from))
  } finally {
    closeSync(descriptor)
  }
}

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0
