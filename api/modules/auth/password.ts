import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { AppError } from '../../platform/errors.js'
import { createGate } from '../../platform/gate.js'

/** libuv has four threads: what runs beyond them stands in their queue, before files and name look-ups. */
const THREADS = 4
/** How many hashes run at once. */
export const HASHES_AT_ONCE = Math.min(availableParallelism(), THREADS)

/** OWASP Password Storage: scrypt with N=2^17, r=8, p=1. One hash takes 128 MiB and half a second of a core. */
const BLOCK = 8
const PARALLEL = 1
const KEY_BYTES = 32
/** Half a minute's work on a small machine: who comes later would have gone before their turn. */
export const MOST_WAITING = 50
/** What a row may ask of us: one that says more, by a fault or by somebody's hand, is no hash of ours. */
const [MOST_LOG2, MOST_BLOCK, MOST_PARALLEL] = [20, 16, 4]
const FORM = /^scrypt\$(\d{2})\$(\d+)\$(\d+)\$([\w-]{22})\$([\w-]{43})$/

export type Passwords = ReturnType<typeof createPasswords>

/**
 * Hashes carry their parameters (`scrypt$17$8$1$salt$hash`), so that the cost can rise without a migration. A password
 * is taken as it came, to the byte (ASVS 5.0, 6.2.8). Hashing is a thread's work: the event loop goes on meanwhile.
 */
export function createPasswords(costLog2: number) {
  const slots = createGate(HASHES_AT_ONCE, { mostWaiting: MOST_WAITING, refuse: busy })
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
  const decoy = {
    log2: costLog2,
    r: BLOCK,
    p: PARALLEL,
    salt: Buffer.alloc(16),
    key: Buffer.alloc(KEY_BYTES),
  }

  return {
    hash,
    /** False for a wrong password, an unknown user (`stored` undefined) and a hash that cannot be read alike. */
    async verify(password: string, stored: string | undefined): Promise<boolean> {
      const known = stored === undefined ? undefined : read(stored)
      const { log2, r, p, salt, key } = known ?? decoy
      const got = await derive(password, salt, log2, r, p)
      // of N, 2N, 4N … up to half of today's cost the sum is what is missing: an old hash takes as long as a new one
      for (let more = log2; more < costLog2; more++) await derive(password, salt, more, r, p)
      return timingSafeEqual(got, key) && known !== undefined
    },
    needsRehash(stored: string): boolean {
      const { log2 = 0, r = 0, p = 0 } = read(stored) ?? {}
      return log2 < costLog2 || r < BLOCK || p < PARALLEL
    },
  }
}

type Kept = { log2: number; r: number; p: number; salt: Buffer; key: Buffer }

function read(stored: string): Kept | undefined {
  const [, ...parts] = FORM.exec(stored) ?? []
  const [log2, r, p] = parts.slice(0, 3).map(Number)
  if (!log2 || !r || !p || log2 > MOST_LOG2 || r > MOST_BLOCK || p > MOST_PARALLEL) return undefined
  const [salt, key] = parts.slice(3).map(part => Buffer.from(part, 'base64url')) as [Buffer, Buffer]
  return { log2, r, p, salt, key }
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
