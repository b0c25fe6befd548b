import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import type { DbOrTrx, Trx } from '../../../platform/database.js'
import { newId } from '../../../platform/ids.js'
import type { Sealer } from '../../../platform/sealer.js'
import type { Sign } from '../zatca/signing/signature.js'

/**
 * Where the keys of units are. A key is made there and never comes out: there is no way to read one, only to sign with it.
 */
export type KeyStore = {
  /** Makes a key on secp256k1. `spki`: its public half, SubjectPublicKeyInfo in DER. */
  create(trx: Trx, at: Date): Promise<{ id: string; spki: Buffer; sign: Sign }>
  signer(on: DbOrTrx, id: string): Promise<{ spki: Buffer; sign: Sign }>
  /** Opens nothing: for who checks signatures. */
  publicKey(on: DbOrTrx, id: string): Promise<Buffer>
}

/** Keys that are open in this process at a time. */
const MOST_OPEN = 200

/** Keys in the database, each encrypted and bound to its own row: a copy of the database signs nothing. */
export function createSealedKeys(sealer: Sealer): KeyStore {
  const open = new Map<string, { spki: Buffer; sign: Sign }>()

  return {
    async create(trx, at) {
      const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'secp256k1' })
      const id = newId()
      const spki = publicKey.export({ type: 'spki', format: 'der' })
      const plain = privateKey.export({ type: 'pkcs8', format: 'der' })
      await trx('signing_keys').insert({
        id,
        sealed: sealer.seal(plain, id),
        public_key: spki,
        created_at: at,
      })
      plain.fill(0)
      return { id, spki, sign: signWith(privateKey) }
    },

    async signer(on, id) {
      const found = open.get(id)
      if (found) return found
      const row = await on('signing_keys')
        .where({ id })
        .first<{ sealed: Buffer; public_key: Buffer } | undefined>()
      if (!row) throw new Error(`there is no signing key ${id}`)
      const plain = sealer.open(row.sealed, id)
      const key = createPrivateKey({ key: plain, format: 'der', type: 'pkcs8' })
      plain.fill(0)
      const opened = { spki: row.public_key, sign: signWith(key) }
      if (open.size >= MOST_OPEN) open.clear()
      open.set(id, opened)
      return opened
    },

    async publicKey(on, id) {
      return (await on('signing_keys').where({ id }).first('public_key')).public_key
    },
  }
}

const signWith =
  (key: KeyObject): Sign =>
  bytes =>
    sign('sha256', bytes, key)
