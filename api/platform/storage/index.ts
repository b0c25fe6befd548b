import { createHash, createHmac } from 'node:crypto'
import { AppError } from '../errors.js'
import type { Sealer } from '../sealer.js'
import type { Store } from './store.js'

/** What a body may bring, and what is held in memory. */
export { MOST_FILE_BYTES } from '../saudi/file-kind.js'
export type { Store } from './store.js'

export type Storage = ReturnType<typeof createStorage>
type Deps = { store: () => Store; sealer: Sealer; addressKey: () => string }

/**
 * Files by their content: the same bytes are kept once, and a file never changes under its key. Private ones are
 * encrypted, and their keys made with a secret and their owner, so that a key tells nothing of what it holds, and the
 * same paper of two people is two files, of which each may be deleted.
 */
export function createStorage({ store, sealer, addressKey }: Deps) {
  return {
    /** `name` and `ending` tell versions of one thing apart: `-320.webp`. */
    publicKey: (content: string, ending: string): string => keyOf('public', content, ending),

    /** For everybody, under a key the caller made by `publicKey`. */
    async putPublic(key: string, bytes: Buffer, type: string): Promise<void> {
      if (!(await store().has(key))) await store().put(key, bytes, type)
    },

    getPublic: (key: string): Promise<Buffer | undefined> => store().get(key),
    isKept: (key: string): Promise<boolean> => store().has(key),
    remove: (key: string): Promise<void> => store().remove(key),

    /** For whoever the caller lets see it. Answers the key to keep. */
    async putPrivate(bytes: Buffer, owner: string): Promise<string> {
      const content = createHmac('sha256', addressKey()).update(`${owner}\n`).update(bytes).digest('hex')
      const key = keyOf('private', content, '')
      if (!(await store().has(key)))
        await store().put(key, sealer.seal(bytes, key), 'application/octet-stream')
      return key
    },

    async getPrivate(key: string): Promise<Buffer> {
      const sealed = await store().get(key)
      if (!sealed) throw new AppError('not_found', 'files.gone', 'The file is no longer kept.')
      return sealer.open(sealed, key)
    },
  }
}

export const contentHash = (...parts: (string | Buffer)[]): string => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest('hex')
}

/** In 256 folders, so that none grows too long to list. */
const keyOf = (kind: 'public' | 'private', content: string, ending: string): string =>
  `${kind}/${content.slice(0, 2)}/${content}${ending}`
