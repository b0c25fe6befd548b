import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { AppError } from './errors.js'

const [VERSION, IV_BYTES, TAG_BYTES] = [1, 12, 16]
const HEAD_BYTES = 1 + IV_BYTES + TAG_BYTES

export type Sealer = ReturnType<typeof createSealer>

/**
 * Encrypts what must not be read from a copy of the database: AES-256-GCM under a key derived (HKDF-SHA-256) for one
 * purpose. `owner` is bound in, so that a sealed value moved to another row does not open.
 *
 * Layout: version (1 byte), IV (12), tag (16), ciphertext.
 */
export function createSealer(secretHex: () => string, purpose: string) {
  let made: Buffer | undefined
  const key = () =>
    (made ??= Buffer.from(hkdfSync('sha256', Buffer.from(secretHex(), 'hex'), '', purpose, 32)))
  return {
    seal(plain: Buffer, owner: string): Buffer {
      const iv = randomBytes(IV_BYTES)
      const cipher = createCipheriv('aes-256-gcm', key(), iv, { authTagLength: TAG_BYTES })
      const body = Buffer.concat([cipher.setAAD(Buffer.from(owner)).update(plain), cipher.final()])
      return Buffer.concat([Buffer.from([VERSION]), iv, cipher.getAuthTag(), body])
    },

    /** Refuses what was changed, cut, moved to another owner, or sealed under another key. */
    open(sealed: Buffer, owner: string): Buffer {
      try {
        if (sealed[0] !== VERSION || sealed.length < HEAD_BYTES) throw new Error('not in this form')
        const iv = sealed.subarray(1, 1 + IV_BYTES)
        const tag = sealed.subarray(1 + IV_BYTES, HEAD_BYTES)
        const decipher = createDecipheriv('aes-256-gcm', key(), iv, { authTagLength: TAG_BYTES })
        decipher.setAAD(Buffer.from(owner)).setAuthTag(tag)
        return Buffer.concat([decipher.update(sealed.subarray(HEAD_BYTES)), decipher.final()])
      } catch (cause) {
        throw new AppError('internal', 'seal.broken', `A sealed ${purpose} does not open.`, {}, { cause })
      }
    },
  }
}
