/**
 * Where files are kept: a folder, or a bucket. A file is written whole or not at all, never changed, and small enough
 * for the memory (10 MB at most), so that bytes come and go in one piece.
 */
export type Store = {
  /** Repeatable: the same key always holds the same bytes. */
  put(key: string, bytes: Buffer, type: string): Promise<void>
  get(key: string): Promise<Buffer | undefined>
  has(key: string): Promise<boolean>
  /** No error where there is none. */
  remove(key: string): Promise<void>
}

const KEY = /^(public|private)\/[0-9a-f]{2}\/[0-9a-z-]{1,100}(\.[a-z0-9]{1,5})?$/

/** Keys are made by us alone; one that is not of our making reaches no path and no address. */
export function assertKey(key: string): string {
  if (!KEY.test(key)) throw new Error('not a key of a file')
  return key
}
