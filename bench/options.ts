import { parseArgs } from 'node:util'

/** How long and how often everything is measured. */
export type Plan = {
  sizes: number[]
  isQuick: boolean
  rounds: number
  roundSeconds: number
  warmSeconds: number
  /** How often each query of the file is tried alone, after one try that does not count. */
  tries: number
  orderSeconds: number
}

const FULL = { rounds: 5, roundSeconds: 4, warmSeconds: 2, tries: 7, orderSeconds: 15 }
const QUICK = { rounds: 3, roundSeconds: 1, warmSeconds: 1, tries: 3, orderSeconds: 4 }

export const USAGE = 'npm run bench -- [--sizes 10000,1000000] [--quick]'

export function planOf(args: string[]): Plan {
  const { values } = parseArgs({ args, options: { sizes: { type: 'string' }, quick: { type: 'boolean' } } })
  const isQuick = values.quick ?? false
  const sizes = (values.sizes ?? (isQuick ? '10000' : '10000,1000000')).split(',').map(Number)
  if (!sizes.every(size => Number.isSafeInteger(size) && size >= 1_000))
    throw new Error(`--sizes takes whole numbers from 1000 up, such as 10000,1000000: ${USAGE}`)
  // the smaller first: growth is told from it
  return { sizes: [...new Set(sizes)].sort((a, b) => a - b), isQuick, ...(isQuick ? QUICK : FULL) }
}
