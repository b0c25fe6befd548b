import { westernDigits } from './digits.js'
import { readIban } from './saudi/iban.js'
import { readVatNumber } from './saudi/vat-number.js'

/** Groups of digits, in one piece or parted as people part them: 4111 1111 1111 1111, 4111-1111-1111-1111. */
const RUN = /\d+(?:[ \u00a0.-]{1,2}\d+)*/g
/** As it is printed; its digits in groups look like a card's now and then. */
const IBAN = /SA\d{2}(?:[ -]?\d{4}){5}/gi
/** A SHA-256 in hex: one in 2,600 holds digits in a row that pass for a card's. */
const DIGEST = /(?<![0-9a-z])[0-9a-f]{64}(?![0-9a-z])/gi
const UUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi
const ONE_UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
/** The number ranges of the card schemes; 9682 is mada's own. */
const SCHEME =
  /^(4\d{12}(\d{3}){0,2}|5[0-8]\d{14}|2[2-7]\d{14}|3[47]\d{13}|3[068]\d{12}|35\d{14}|6\d{15,18}|9682\d{12})$/
/** What a scheme's numbers begin with. */
const SCHEMES = '234569'
const DIGITS = '0123456789'
const SHORTEST = 13
const LONGEST = 19
const ZERO = '0'.charCodeAt(0)

type Group = { start: number; end: number; from: number; to: number }
type Stretch = { start: number; end: number; digits: string }

/** True where a text holds what a scheme could have issued, alone or among other digits. */
export function holdsCardNumber(text: string): boolean {
  if (!hasDigits(text, SHORTEST)) return false
  for (const { digits } of stretches(text, SCHEMES)) if (isCardNumber(digits)) return true
  return false
}

/** Whether there are so many digits of any script at all: most texts need no closer look. */
function hasDigits(text: string, wanted: number): boolean {
  let found = 0
  for (let at = 0; at < text.length && found < wanted; at++) {
    const code = text.charCodeAt(at)
    if (
      (code >= 0x30 && code <= 0x39) ||
      (code >= 0x660 && code <= 0x669) ||
      (code >= 0x6f0 && code <= 0x6f9)
    )
      found += 1
  }
  return found === wanted
}

/** True for what a scheme could have issued. A VAT number of fifteen digits may look like it, and is not. */
export function isCardNumber(digits: string): boolean {
  return SCHEME.test(digits) && !readVatNumber(digits).value && passesLuhn(digits)
}

/** `411111******1111` for every stretch that passes Luhn (PCI DSS 3.4.1: at most BIN and last four). */
export function maskCards(text: string): string {
  if (!hasDigits(text, SHORTEST) || ONE_UUID.test(text)) return text
  let masked = ''
  let done = 0
  for (const { start, end, digits } of stretches(text, DIGITS)) {
    if (start < done) continue
    masked += `${text.slice(done, start)}${digits.slice(0, 6)}${'*'.repeat(digits.length - 10)}${digits.slice(-4)}`
    done = end
  }
  return masked + text.slice(done)
}

export function passesLuhn(digits: string): boolean {
  let total = 0
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - ZERO
    const doubled = i % 2 === 1 ? digit * 2 : digit
    total += doubled > 9 ? doubled - 9 : doubled
  }
  return total % 10 === 0
}

/**
 * The stretches of 13 to 19 digits that pass Luhn, by where they begin and the longest first. They are made of
 * whole groups: a card number with its expiry date behind it is found, the inside of a longer number is not.
 */
function* stretches(text: string, firstDigits: string): Generator<Stretch> {
  const plain = westernDigits(text)
    .replace(DIGEST, digest => 'x'.repeat(digest.length))
    .replace(UUID, id => 'x'.repeat(id.length))
    .replace(IBAN, iban => (readIban(iban).value ? 'x'.repeat(iban.length) : iban))
  for (const run of plain.matchAll(RUN)) {
    const digits = run[0].replace(/\D/g, '')
    if (digits.length < SHORTEST) continue
    const passes = luhnWithin(digits)
    const groups = groupsOf(run[0])
    let last = 0 // where the longest that begins here ends: it only ever moves on
    for (const { start, from } of groups) {
      while ((groups[last + 1]?.to ?? Infinity) - from <= LONGEST) last++
      if (!firstDigits.includes(digits.charAt(from))) continue
      for (let at = last; (groups[at]?.to ?? 0) - from >= SHORTEST; at--) {
        const { end, to } = groups[at] as Group // has just been looked at
        if (to - from > LONGEST || !passes(from, to)) continue
        yield { start: run.index + start, end: run.index + end, digits: digits.slice(from, to) }
      }
    }
  }
}

/** Where each group stands in the run, and which of the run's digits it holds. */
function groupsOf(run: string): Group[] {
  let to = 0
  return [...run.matchAll(/\d+/g)].map(({ 0: { length }, index }) => {
    to += length
    return { start: index, end: index + length, from: to - length, to }
  })
}

/** Luhn for any part of these digits at the price of two look-ups: sums up to each digit, by which of them count twice. */
function luhnWithin(digits: string): (from: number, to: number) => boolean {
  const sums = [0, 1].map(parity => {
    const upTo = new Uint32Array(digits.length + 1)
    for (let i = 0; i < digits.length; i++) {
      const digit = (digits.charCodeAt(i) - ZERO) * (i % 2 === parity ? 2 : 1)
      upTo[i + 1] = (upTo[i] as number) + (digit > 9 ? digit - 9 : digit) // within its length
    }
    return upTo
  }) as [Uint32Array, Uint32Array]
  return (from, to) => {
    const upTo = to % 2 === 0 ? sums[0] : sums[1]
    return ((upTo[to] as number) - (upTo[from] as number)) % 10 === 0 // both within the digits
  }
}
