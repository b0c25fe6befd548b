/**
 * What steers a terminal or turns the direction of its text: C0 and C1 controls, format and bidi characters, odd
 * line ends. ZWNJ and ZWJ stay: Persian words and joined letters are written with them.
 */
const STEERING = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\u2028\u2029]/gu
const STEERING_BUT_NEWLINE = /(?![\n\u200c\u200d])[\p{Cc}\p{Cf}\u2028\u2029]/gu

/** What others wrote (a title, a provider's words) must not steer the operator's terminal. */
export function printable(text: string): string {
  return text.replace(STEERING, ' ')
}

/** The same, for our own sentences of several lines with words of others in them. */
export function printableLines(text: string): string {
  return text.replace(STEERING_BUT_NEWLINE, ' ')
}

/** A document that says the same when it is parsed: such characters are escaped, not lost. */
export function printableJson(document: unknown, indent = 2): string {
  const text = JSON.stringify(document, null, indent) ?? ''
  return text.replace(STEERING_BUT_NEWLINE, character =>
    // UTF-16 units: what lies beyond the first plane takes two
    Array.from(
      { length: character.length },
      (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`,
    ).join(''),
  )
}
