import { randomBytes, scrypt } from 'node:crypto'
import { availableParallelism } from 'node:os'

/** The limit of a login: nothing but its password hash, as many at once as there are cores. Prints hashes a second. */
const count = Number(process.argv[2])
const OPTIONS = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 8 * 2 ** 17 }

const hash = () =>
  new Promise<void>((resolve, reject) =>
    scrypt('a password of the bench', randomBytes(16), 32, OPTIONS, error =>
      error ? reject(error) : resolve(),
    ),
  )

let left = count
const start = performance.now()
await Promise.all(
  Array.from({ length: availableParallelism() }, async () => {
    while (left-- > 0) await hash()
  }),
)
console.log((count / (performance.now() - start)) * 1_000)
