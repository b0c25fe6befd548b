import { createHash, scrypt } from 'node:crypto'

/** Cheaper than a real account's 2^17: the demo password is public, and a first start should be quick. */
const LOG2_N = 14
const BLOCK = 8
const PARALLEL = 1
const KEY_BYTES = 32

/** The stored form `scrypt$log2N$r$p$salt$hash`. The salt is fixed: a second run must make the same row. */
export function demoPasswordHash(password: string): Promise<string> {
  const salt = createHash('sha256').update('cargoparts demo salt').digest().subarray(0, 16)
  return new Promise((resolve, reject) => {
    scrypt(
      password.normalize('NFKC'),
      salt,
      KEY_BYTES,
      { N: 2 ** LOG2_N, r: BLOCK, p: PARALLEL },
      (error, key) => {
        if (error) return reject(error)
        resolve(
          ['scrypt', LOG2_N, BLOCK, PARALLEL, salt.toString('base64url'), key.toString('base64url')].join(
            '$',
          ),
        )
      },
    )
  })
}
