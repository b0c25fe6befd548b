import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { AppError } from '../../platform/errors.js'

/** OWASP Password Storage: scrypt with N=2^17, r=8, p=1. One hash takes 128 MiB and half a second of a core. */
const BLOCK = 8
const PARALLEL = 1
const KEY_BYTES = 32
/** Half a minute's work on a small machine: who comes later would have gone before their turn. */
const MOST_WAITING = 50
const FORM = /^scrypt\$(\d{2})\$(\d+)\$(\d+)\$([\w-]{22})\$([\w-]{43})$/

export type Passwords = ReturnType<typeof createPasswords>

/** Hashes carry their parameters (`scrypt$17$8$1$salt$hash`), so that the cost can rise without a migration. */
export function createPasswords(costLog2: number) {
  const slots = gate(Math.max(1, availableParallelism() - 1))
  const derive = (password: string, salt: Buffer, log2: number, r: number, p: number) =>
    slots(
      () =>
        new Promise<Buffer>((resolve, reject) => {
          const options = { N: 2 ** log2, r, p, maxmem: 256 * r * 2 ** log2 }
          scrypt(password.normalize('NFKC'), salt, KEY_BYTES, options, (error, key) =>
            error ? reject(error) : resolve(key),
          )
        }),
    )
  const hash = async (password: string): Promise<string> => {
    const salt = randomBytes(16)
    const key = await derive(password, salt, costLog2, BLOCK, PARALLEL)
    return ['scrypt', costLog2, BLOCK, PARALLEL, salt.toString('base64url'), key.toString('base64url')].join(
      '$',
    )
  }
  // verified in place of a user who does not exist, so that the time taken does not tell
  const decoy = `scrypt$${costLog2}$${BLOCK}$${PARALLEL}$${Buffer.alloc(16).toString('base64url')}$${Buffer.alloc(KEY_BYTES).toString('base64url')}`

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

/** Lets only so many run at once; some wait their turn, and the rest are told to come back. */
function gate(width: number) {
  let running = 0
  const waiting: (() => void)[] = []
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (waiting.length >= MOST_WAITING) throw busy()
    if (running >= width) await new Promise<void>(resolve => waiting.push(resolve))
    running += 1
    try {
      return await work()
    } finally {
      running -= 1
      waiting.shift()?.()
    }
  }
}

function busy(): AppError {
  return new AppError(
    'unavailable',
    'auth.busy',
    'Too many people are signing in just now; try again shortly.',
  )
}
