import { partKey, withoutArticle, wordsOf } from '../../platform/fold.js'
import type { Lexicon } from '../catalogue/lexicon.js'

/**
 * One part of a search, met by any of its phrases (all words of one) or keys; one that is named by the lexicon by its keys
 * alone, because listings that speak of it carry them. `spelled` is what was typed, where it may be
 * mended: a word nobody explained, or a piece of a part number.
 */
export type Part = {
  phrases: string[][]
  keys: string[]
  isNamed?: true
  spelled?: { word: string } | { number: string }
}

const MOST_WORDS = 12
/** JavaScript takes a byte order mark for a blank; it has no width, and folding drops it. */
const BLANKS = /[^\S\ufeff]+/
const PART_NUMBER = /^(?=.*\d)[A-Z0-9]{4,40}$/
const YEAR = /^(19[5-9]\d|20\d\d)$/

/** What a text asks for, part by part; all of them must be met. No word is ever syntax. */
export function readQuery(text: string, lexicon: Lexicon): Part[] {
  const segments = text.split(BLANKS).filter(segment => wordsOf(segment).length > 0)
  const tokens = segments
    .flatMap((segment, at) => wordsOf(segment).map(word => ({ word, at })))
    .slice(0, MOST_WORDS)
  const words = tokens.map(token => token.word)
  const parts: Part[] = []
  const years: Part[] = []
  const models: string[] = []
  for (let at = 0; at < words.length; ) {
    const word = words[at] as string
    const known = lexicon.longest(words, at)
    if (known) {
      parts.push({ phrases: [words.slice(at, at + known.length)], keys: known.meaning.keys, isNamed: true })
      models.push(...known.meaning.modelIds)
      at += known.length
    } else if (YEAR.test(word)) {
      years.push({ phrases: [[word]], keys: [word] })
      at++
    } else {
      const number = numberFrom(segments, tokens, at)
      parts.push(number?.part ?? plain(word))
      at += number?.length ?? 1
    }
  }
  // 2015 beside a Camry asks for what fits that year, whatever the title says of it
  for (const year of years) year.keys = models.map(id => `y:${id}@${year.keys[0]}`)
  return [...parts, ...years]
}

/** A word as it is, with and without the article. */
function plain(word: string): Part {
  const bare = withoutArticle(word)
  const forms = /^\p{Script=Arabic}/u.test(word) ? [...new Set([word, bare, `ال${bare}`])] : [word]
  return { phrases: forms.map(form => [form]), keys: [], spelled: { word: bare } }
}

/** Figures and letters that may be a part number: one segment, or several in a row, as it stands on the box. */
function numberFrom(segments: string[], tokens: { word: string; at: number }[], from: number) {
  const first = tokens[from]?.at as number
  if (tokens[from - 1]?.at === first) return undefined // in the middle of a segment
  let number = ''
  let last = first
  while (last < segments.length && isFigures(segments[last] as string))
    number += partKey(segments[last++] as string)
  if (!PART_NUMBER.test(number)) return undefined
  const own = tokens.slice(from).filter(token => token.at < last)
  const part: Part = { phrases: [own.map(token => token.word)], keys: [`n:${number}`], spelled: { number } }
  return { part, length: own.length }
}

/** Holds a figure and is no year. */
const isFigures = (segment: string): boolean => /\d/.test(partKey(segment)) && !YEAR.test(partKey(segment))

/** The parts as the database's compile_search takes them: quoted, so that whatever was typed stays text. */
export function compile(parts: readonly Part[]): { words: string[]; keys: string[]; typed: string } {
  if (parts.length === 0) return compile([keyed(['*'])])
  return {
    words: parts.map(({ phrases, isNamed }) => (isNamed ? '' : anyOf(phrases))),
    keys: parts.map(({ keys }) => keys.map(quoted).join(' | ')),
    typed: anyOf(parts.flatMap(({ phrases }) => phrases)),
  }
}

const anyOf = (phrases: readonly string[][]): string =>
  phrases.map(words => `(${words.map(quoted).join(' & ')})`).join(' | ')

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`

/** A filter as a part of the search: any of these keys. */
export const keyed = (keys: string[]): Part => ({ phrases: [], keys })
