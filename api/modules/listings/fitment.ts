import { partKey } from '../../platform/fold.js'
import type { Lexicon } from '../catalogue/lexicon.js'

/** A car a part fits: a model in some of its years, or, with neither, every car of the make. */
export type Fitment = {
  makeId: string
  modelId: string | null
  from: number | null
  to: number | null
  engineId: string | null
}

export const REFERENCE_KINDS = ['OEM', 'AFTERMARKET', 'SUPERSEDED'] as const
/** A number the same part has elsewhere, as printed. */
export type CrossReference = { kind: (typeof REFERENCE_KINDS)[number]; number: string }

/**
 * What a listing is found by beside its words. w: all of a make's cars, v: a model, y: a model in a year, ym: a make in a
 * year, n: a part number, without its punctuation; and what its texts speak of (km:, kv: … of the lexicon),
 * which a car it fits counts as. A part and a car together are one key more (`kc:brake-pads+kv:toyota-camry`): each alone is
 * in very many listings, and what is in both would have to be told from two long lists.
 */
export function keysOf(
  fits: readonly Fitment[],
  numbers: readonly CrossReference[],
  concepts: readonly string[],
  categoryId: string,
): string[] {
  const keys = new Set<string>(concepts)
  for (const { makeId, modelId, from, to } of fits) {
    keys.add(`km:${makeId}`)
    if (modelId === null || from === null || to === null) keys.add(`w:${makeId}`)
    else {
      keys.add(`v:${modelId}`).add(`kv:${modelId}`)
      for (let year = from; year <= to; year++) keys.add(`y:${modelId}@${year}`).add(`ym:${makeId}@${year}`)
    }
  }
  for (const { number } of numbers) keys.add(`n:${partKey(number)}`)
  for (const pair of pairsOf([...keys, `kc:${categoryId}`])) keys.add(pair)
  return [...keys].sort() // one order, so that the same listing has the same keys
}

const isPart = (key: string): boolean => key.startsWith('kc:')
const isCar = (key: string): boolean => /^(kv|km|w):/.test(key)

/** The parts and the cars among the keys, each with each. */
const pairsOf = (keys: readonly string[]): string[] =>
  keys.filter(isPart).flatMap(part => keys.filter(isCar).map(car => `${part}+${car}`))

/** What a listing's texts speak of. Each for itself: no phrase begins in one and ends in another. */
export const conceptsOf = (
  lexicon: Pick<Lexicon, 'conceptsOf'>,
  texts: { titleAr: string; titleEn: string; brand: string; descriptionAr: string; descriptionEn: string },
): string[] => [
  ...[texts.titleAr, texts.titleEn, texts.descriptionAr, texts.descriptionEn].flatMap(text =>
    lexicon.conceptsOf(text),
  ),
  // a brand may be a maker of cars; Optima on a battery is no Kia
  ...lexicon.conceptsOf(texts.brand).filter(key => key.startsWith('km:')),
]
