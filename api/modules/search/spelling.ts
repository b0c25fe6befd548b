import { distance } from 'fastest-levenshtein'
import type { Reads, Statement } from '../../platform/reads.js'
import type { Part } from './query-text.js'

/**
 * Words of the catalogue that begin like one typed, those whose trigrams are nearest to it, and those with two
 * letters the other way round: short ones have hardly a trigram left then.
 */
const WORDS: Statement = {
  name: 'search-spelling-words',
  text: `
    select typed, word from unnest($1::text[]) typed cross join lateral (
      (select word from search_words where word like typed || '%' order by word limit 12)
      union
      select near_words(typed)) near
    union all select null, word from search_words where word = any($2::text[])`,
}

/** Part numbers that hold what was typed, those that begin with it first. */
const NUMBERS: Statement = {
  name: 'search-spelling-numbers',
  text: `
    select typed, number from unnest($1::text[]) typed cross join lateral (
      select number from search_numbers where number like '%' || typed || '%'
      order by position(typed in number), number limit 50) near`,
}

/** Each costs a look through the vocabulary and a dozen alternatives; who slips more often writes anew. */
const MOST_MENDED = 3
/** What a shorter word was meant to be is anybody's guess. */
const SHORTEST = 3

/**
 * What a search that found nothing may have meant: begun words, words with a slip or two, pieces of part numbers.
 * Undefined where nothing is near.
 */
export async function mended(reads: Reads, parts: readonly Part[]): Promise<Part[] | undefined> {
  const typed = parts
    .flatMap(({ spelled }) => (spelled && 'word' in spelled ? [spelled.word] : []))
    .filter(word => word.length >= SHORTEST)
    .slice(0, MOST_MENDED)
  const pieces = parts
    .flatMap(({ spelled }) => (spelled && 'number' in spelled ? [spelled.number] : []))
    .slice(0, MOST_MENDED)
  const [words, numbers] = await Promise.all([
    typed.length > 0
      ? reads<{ typed: string | null; word: string }>(WORDS, [typed, typed.flatMap(swapped)])
      : [],
    pieces.length > 0 ? reads<{ typed: string; number: string }>(NUMBERS, [pieces]) : [],
  ])
  let isMended = false
  const result = parts.map((part): Part => {
    const { spelled } = part
    if (!spelled) return part
    const near =
      'word' in spelled
        ? nearest(
            spelled.word,
            words.filter(row => row.typed === null || row.typed === spelled.word).map(row => row.word),
          )
        : numbers.filter(row => row.typed === spelled.number).map(row => row.number)
    if (near.length === 0) return part
    isMended = true
    return 'word' in spelled
      ? { ...part, phrases: [...part.phrases, ...near.map(word => [word])] }
      : { ...part, keys: [...part.keys, ...near.map(number => `n:${number}`)] }
  })
  return isMended ? result : undefined
}

/** One slip in a short word, two in a longer one; a word that is there needs no mending, but may be the beginning of another. */
function nearest(typed: string, words: string[]): string[] {
  const begun = words.filter(word => word !== typed && word.startsWith(typed))
  const most = typed.length < 3 ? 0 : typed.length < 5 ? 1 : 2
  const swaps = swapped(typed)
  const slips = (word: string) => (swaps.includes(word) ? 1 : distance(word, typed))
  const near = words.includes(typed)
    ? []
    : words
        .filter(word => slips(word) <= most)
        .sort((a, b) => slips(a) - slips(b))
        .slice(0, 4)
  return [...new Set([...begun, ...near])]
}

/** The word with two letters beside one another the other way round, wherever. */
const swapped = (word: string): string[] =>
  Array.from(
    { length: word.length - 1 },
    (_, at) => word.slice(0, at) + word[at + 1] + word[at] + word.slice(at + 2),
  )
