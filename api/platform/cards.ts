import { westernDigits } from './digits.js'

/** Groups of digits, in one piece or parted as people part them: 4111 1111 1111 1111, 4111-1111-1111-1111. */
const RUN = /\d+(?:[ \u00a0.-]{1,2}\d+)*/g
const UUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi
/** The number ranges of the card schemes; 9682 is mada's own. */
const SCHEME =
  /^(4\d{12}(\d{3}){0,2}|5[0-8]\d{14}|2[2-7]\d{14}|3[47]\d{13}|3[068]\d{12}|35\d{14}|6\d{15,18}|9682\d{12})$/
const VAT_NUMBER = /^3\d{13}3$/
const SHORTEST = 13
const LONGEST = 19

type Group = { start: number; end: number; digits: string }

/** True where a text holds what a scheme could have issued, alone or among other digits. */
export function holdsCardNumber(text: string): boolean {
  return stretches(text).some(({ digits }) => isCardNumber(digits))
}

/** True for what a scheme could have issued. A VAT number of fifteen digits may look like it, and is not. */
export function isCardNumber(digits: string): boolean {
  return SCHEME.test(digits) && !VAT_NUMBER.test(digits) && passesLuhn(digits)
}

/** `411111******1111` for every stretch that passes Luhn (PCI DSS 3.4.1: at most BIN and last four). */
export function maskCards(text: string): string {
  let masked = ''
  let done = 0
  for (const { start, end, digits } of stretches(text)) {
    if (start < done) continue
    masked += `${text.slice(done, start)}${digits.slice(0, 6)}${'*'.repeat(digits.length - 10)}${digits.slice(-4)}`
    done = end
  }
  return masked + text.slice(done)
}

export function passesLuhn(digits: string): boolean {
  let total = 0
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i])
    const doubled = i % 2 === 1 ? digit * 2 : digit
    total += doubled > 9 ? doubled - 9 : doubled
  }
  return total % 10 === 0
}

/**
 * The stretches of 13 to 19 digits that pass Luhn, by where they begin and the longest first. They are made of
 * whole groups: a card number with its expiry date behind it is found, the inside of a longer number is not.
 */
function stretches(text: string): Group[] {
  const plain = westernDigits(text).replace(UUID, id => 'x'.repeat(id.length))
  return [...plain.matchAll(RUN)].flatMap(run => {
    const groups = groupsOf(run[0], run.index)
    return groups.flatMap((_, first) => joinedFrom(groups.slice(first, first + LONGEST)))
  })
}

function groupsOf(run: string, offset: number): Group[] {
  return [...run.matchAll(/\d+/g)].map(({ 0: digits, index }) => ({
    start: offset + index,
    end: offset + index + digits.length,
    digits,
  }))
}

function joinedFrom([first, ...rest]: Group[]): Group[] {
  if (!first) return []
  const joined = [first]
  for (const { end, digits } of rest) {
    const before = joined[0] as Group
    if (before.digits.length + digits.length > LONGEST) break
    joined.unshift({ start: first.start, end, digits: before.digits + digits })
  }
  return joined.filter(
    ({ digits }) => digits.length >= SHORTEST && digits.length <= LONGEST && passesLuhn(digits),
  )
}
