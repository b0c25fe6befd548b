import { withoutArticle, wordsOf } from '../../platform/fold.js'
import type { Lexicon, Meaning } from '../catalogue/lexicon.js'
import { joinLetters, type NumberFound, numberFrom, type Token, YEAR } from './part-number.js'

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

/** What a text asks for, part by part; all of them must be met. No word is ever syntax. */
export function readQuery(text: string, lexicon: Lexicon): Part[] {
  const segments = text.split(BLANKS).filter(segment => wordsOf(segment).length > 0)
  const tokens = withoutFillers(segments.flatMap((segment, at) => tokensOf(segment, at, lexicon))).slice(
    0,
    MOST_WORDS,
  )
  const words = tokens.map(token => token.word)
  const parts: Part[] = []
  const years: Part[] = []
  const models: string[] = []
  const makes: string[] = []
  const numbers: NumberFound[] = []
  /** Which part each word went into. */
  const owners: Part[] = []
  for (let at = 0; at < words.length; at = owners.length) {
    const word = words[at] as string
    const whole = lexicon.longest(words, at)
    const known = whole ?? glued(words, at, lexicon)
    if (known) {
      models.push(...known.meaning.modelIds)
      makes.push(...known.meaning.keys.filter(key => key.startsWith('km:')).map(key => key.slice(3)))
      const part = named(words.slice(at, at + known.length), known.meaning)
      // what is parted in a title is no name there: it is met by its words as well
      if (!whole || known.isWeak) delete part.isNamed
      take(parts, part, known.length)
    } else if (YEAR.test(word)) {
      const { typed } = tokens[at] as { typed: string }
      take(years, { phrases: typed === word ? [[word]] : [[word], [typed]], keys: [word] }, 1)
    } else {
      const number = numberFrom(segments, tokens, at)
      if (number) numbers.push(number)
      take(parts, number?.part ?? plain(word), number ? number.to - at : 1)
    }
  }
  for (const number of numbers) joinLetters(number, tokens, owners)
  // 2015 beside a Camry asks for what fits that year, whatever the title says of it
  const everyYear = [...new Set(models.map(id => `w:${lexicon.makeOf(id)}`))]
  for (const year of years) {
    const [of] = year.keys
    year.keys =
      models.length > 0
        ? [...models.map(id => `y:${id}@${of}`), ...everyYear]
        : makes.flatMap(make => [`ym:${make}@${of}`, `w:${make}`])
  }
  return [...paired(parts.filter(part => !isBodyOf(part, models))), ...years]

  function take(among: Part[], part: Part, length: number): void {
    among.push(part)
    for (let n = 0; n < length; n++) owners.push(part)
  }
}

function tokensOf(segment: string, at: number, lexicon: Lexicon): (Token & { typed: string })[] {
  const words = wordsOf(segment)
  const [only] = words
  // a name stands by itself; among other marks it may be a piece of a number
  const pieces = words.length === 1 && only ? lexicon.parted(only) : words
  return pieces.map(word => ({ word, at, typed: words.length === 1 && only ? only : word }))
}

/** Words beside what is meant that ask for nothing: "spare parts for a car, model 2015, for sale". */
const FILLERS = new Set(
  'موديل موديلات سياره سيارات قطع قطعه غيار للبيع حق مال سعر ابغي ابي model car cars part parts spare price'.split(
    ' ',
  ),
)
function withoutFillers<T extends { word: string }>(tokens: T[]): T[] {
  const meant = tokens.filter(({ word }) => !FILLERS.has(word))
  return meant.length > 0 ? meant : tokens
}

/** More alternatives cost more than the two lists they stand for. */
const MOST_PAIRS = 40

/** A part and a car that are named are one wish, which listings carry a key for: see their keysOf. */
function paired(parts: Part[]): Part[] {
  const namedBy = (kind: RegExp) =>
    parts.find(({ isNamed, keys }) => isNamed && keys.length > 0 && keys.every(key => kind.test(key)))
  const [part, car] = [namedBy(/^kc:/), namedBy(/^(kv|km|w):/)]
  if (!part || !car || part.keys.length * car.keys.length > MOST_PAIRS) return parts
  const both: Part = {
    phrases: [...part.phrases, ...car.phrases],
    keys: part.keys.flatMap(one => car.keys.map(other => `${one}+${other}`)),
    isNamed: true,
  }
  return [both, ...parts.filter(other => other !== part && other !== car)]
}

/** What kind of car a model is, said before its name: جيب is any SUV in the Kingdom, وانيت any pickup. */
const BODIES = new Set(['جيب', 'وانيت', 'ونيت'])
const isBodyOf = ({ phrases }: Part, models: readonly string[]): boolean =>
  models.some(id => !id.startsWith('jeep-')) &&
  phrases.some(words => words.length === 1 && BODIES.has(words[0] as string))

/** cs 75: a name known in one piece only. */
function glued(words: readonly string[], at: number, lexicon: Lexicon) {
  const [word, figures = ''] = words.slice(at, at + 2)
  const known = /^\d+$/.test(figures) ? lexicon.longest([`${word}${figures}`], 0) : undefined
  return known && { ...known, length: 2 }
}

const named = (words: string[], { keys }: Meaning): Part => ({
  phrases: [words],
  keys: [...keys],
  isNamed: true,
})

/** A word as it is, with and without the article. */
function plain(word: string): Part {
  const bare = withoutArticle(word)
  const forms = /^[\u0621-\u064a]/.test(word) ? [...new Set([word, bare, `ال${bare}`])] : [word]
  return { phrases: forms.map(form => [form]), keys: [], spelled: { word: bare } }
}

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
