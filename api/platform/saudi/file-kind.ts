import { type Reading, read, refused } from './reading.js'

export const FILE_KINDS = ['image/jpeg', 'image/png', 'image/webp', 'application/pdf'] as const
export type FileKind = (typeof FILE_KINDS)[number]

export const MOST_FILE_BYTES = 10 * 1024 * 1024
const MOST_NAME = 255
/** As much of a file as its kind is told by. */
export const HEAD_BYTES = 16

const SIGNATURES: readonly {
  kind: FileKind
  at: number
  bytes: Buffer
  also?: { at: number; bytes: Buffer }
}[] = [
  { kind: 'image/jpeg', at: 0, bytes: Buffer.from('ffd8ff', 'hex') },
  { kind: 'image/png', at: 0, bytes: Buffer.from('89504e470d0a1a0a', 'hex') },
  { kind: 'image/webp', at: 0, bytes: Buffer.from('RIFF'), also: { at: 8, bytes: Buffer.from('WEBPVP8') } },
  { kind: 'application/pdf', at: 0, bytes: Buffer.from('%PDF-') },
]

/**
 * What a file is, by its own first bytes: what its sender calls it proves nothing. A table of four signatures, because
 * a library that knows hundreds unpacks archives of strangers to tell them apart.
 */
export function fileKindOf(head: Uint8Array): FileKind | undefined {
  const holds = ({ at, bytes }: { at: number; bytes: Buffer }) =>
    bytes.equals(head.subarray(at, at + bytes.length))
  return SIGNATURES.find(signature => holds(signature) && (!signature.also || holds(signature.also)))?.kind
}

/** A JPEG, PNG, WebP or PDF of 1 byte to 10 MB. `declared` is the type its sender gave, where one was given. */
export function readFile(
  head: Uint8Array,
  size: number,
  { declared, kinds = FILE_KINDS }: { declared?: string; kinds?: readonly FileKind[] } = {},
): Reading<FileKind> {
  if (!Number.isSafeInteger(size) || size < 1) return refused('file.empty')
  if (size > MOST_FILE_BYTES) return refused('file.too_large')
  const kind = fileKindOf(head)
  if (kind === undefined || !kinds.includes(kind)) return refused('file.kind')
  return declared === undefined || declared === kind ? read(kind) : refused('file.mismatch')
}

/** A name to show beside a file. It is never a path: what stands before the last slash is dropped. */
export function readFileName(text: string): Reading {
  const name = text.split(/[/\\]/).at(-1)?.trim() ?? ''
  if (name === '' || /^\.+$/.test(name)) return refused('file.name')
  if (/\p{C}/u.test(name)) return refused('text.control')
  return [...name].length > MOST_NAME || Buffer.byteLength(name) > 1_000
    ? refused('file.name_length')
    : read(name)
}
