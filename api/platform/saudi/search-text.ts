export const MOST_SEARCHED = 100
const UNSTORABLE = /\p{Cc}|\p{Cs}/gu

let segmenter: Intl.Segmenter | undefined

/**
 * What somebody searches for: up to 100 characters, cut between two of them. Nothing else is taken away: 17" O'Ring is
 * what it says. Control characters, NUL among them, are blanks.
 */
export function searchText(text: string): string {
  const plain = text.replace(UNSTORABLE, ' ').trim()
  if (plain.length <= MOST_SEARCHED) return plain
  segmenter ??= new Intl.Segmenter()
  let end = 0
  // what a reader takes for one character may be many: it is cut where the hundredth code point falls into it
  for (const { segment, index } of segmenter.segment(plain.slice(0, MOST_SEARCHED * 8))) {
    if ([...plain.slice(0, index + segment.length)].length > MOST_SEARCHED) break
    end = index + segment.length
  }
  return end > 0 ? plain.slice(0, end).trim() : [...plain].slice(0, MOST_SEARCHED).join('')
}
