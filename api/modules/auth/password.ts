import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { AppError } from '../../platform/errors.js'
import { createGate } from '../../platform/gate.js'

/** OWASP Password Storage: scrypt with N=2^17, r=8, p=1. One hash takes 128 MiB and half a second of a core. */
const BLOCK = 8
const PARALLEL = 1
const KEY_BYTES = 32
/** Half a minute's work on a small machine: who comes later would have gone before their turn. */
const MOST_WAITING = 50
const FORM = /^scrypt\$(\d{2})\$(\d+)\$(\d+)\$([\w-]{22})\$([\w-]{43})$/

export type Passwords = ReturnType<typeof createPasswords>

/**
 * Hashes carry their parameters (`scrypt$17$8$1$salt$hash`), so that the cost can rise without a migration. A password
 * is taken as it came, to the byte (ASVS 5.0, 6.2.8). Hashing is a thread's work: the event loop goes on meanwhile.
 */
export function createPasswords(costLog2: number) {
  const slots = createGate(availableParallelism(), { mostWaiting: MOST_WAITING, refuse: busy })
  const derive = (password: string, salt: Buffer, log2: number, r: number, p: number) =>
    slots(
      () =>
        new Promise<Buffer>((resolve, reject) => {
          const options = { N: 2 ** log2, r, p, maxmem: 256 * r * 2 ** log2 }
          scrypt(password, salt, KEY_BYTES, options, (error, key) => (error ? reject(error) : resolve(key)))
        }),
    )
  const hash = async (password: string): Promise<string> => {
    const salt = randomBytes(16)
    const key = await derive(password, salt, costLog2, BLOCK, PARALLEL)
    return formOf(costLog2, salt, key)
  }
  // verified in place of a user who does not exist, so that the time taken does not tell
  const decoy = formOf(costLog2, Buffer.alloc(16), Buffer.alloc(KEY_BYTES))

  return {
    hash,
    /** False for a wrong password, an unknown user (`stored` undefined) and a hash that cannot be read alike. */
    async verify(password: string, stored: string | undefined): Promise<boolean> {
      const match = FORM.exec(stored ?? decoy) ?? FORM.exec(decoy)
      const [, log2, r, p, salt, key] = match as RegExpExecArray
      const wanted = Buffer.from(key as string, 'base64url')
      const got = await derive(
        password,
        Buffer.from(salt as string, 'base64url'),
        Number(log2),
        Number(r),
        Number(p),
      )
      return timingSafeEqual(got, wanted) && stored !== undefined && FORM.test(stored)
    },
    needsRehash: (stored: string): boolean => Number(FORM.exec(stored)?.[1] ?? 0) < costLog2,
  }
}

const formOf = (log2: number, salt: Buffer, key: Buffer): string =>
  ['scrypt', log2, BLOCK, PARALLEL, salt.toString('base64url'), key.toString('base64url')].join('$')

function busy(): AppError {
  return new AppError(
    'unavailable',
    'auth.busy',
    'Too many people are signing in just now; try again shortly.',
  )
}
