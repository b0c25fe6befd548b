import { AppError } from '../../platform/errors.js'

export const SHORTEST = 8
export const LONGEST = 128

let common: Set<string> | undefined

/** Those of eight characters and more, some 18,000, among the 49,000 found in breaches most often: zxcvbn's list. Loaded when the first is chosen. */
async function commonPasswords(): Promise<Set<string>> {
  if (common) return common
  const { dictionary } = await import('@zxcvbn-ts/language-common')
  common = new Set(dictionary['passwords-common'].map(String).filter(word => word.length >= SHORTEST))
  return common
}

/**
 * Refuses what an attacker tries first: a common password, or what the account itself tells (ASVS 5.0, 6.2.4 and
 * 6.2.11). Any other is good: no rules of letters, digits and signs.
 */
export async function assertGoodPassword(password: string, about: readonly string[], pointer = '#/password') {
  const known = password.toLowerCase()
  const words = [...about, 'cargoparts'].map(word => word.toLowerCase()).filter(word => word.length >= 4)
  const key = words.some(word => known === word || isBareSame(known, word))
    ? 'password.about_you'
    : (await commonPasswords()).has(known)
      ? 'password.common'
      : undefined
  if (!key) return
  throw new AppError('invalid', 'request.invalid', `Choose another password: ${WHY[key]}.`, {
    errors: [{ pointer, detail: key }],
  })
}

const WHY = {
  'password.common': 'this is one of those that are guessed first',
  'password.about_you': 'this is made of the name, the address or ours',
} as const

/** `CargoParts2026!` is the name with what everybody puts behind it. A name without letters says nothing here. */
const isBareSame = (password: string, word: string): boolean =>
  bare(word).length >= 4 && bare(password) === bare(word)
const bare = (text: string): string => text.replace(/[^\p{L}]+/gu, '')
