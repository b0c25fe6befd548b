import { withoutArticle, wordsOf } from '../../platform/fold.js'
import type { Model, Named, Reference } from './reference.js'

/** What a word or a phrase stands for: the keys of listings that are meant, and the models among it. */
export type Meaning = { keys: string[]; modelIds: string[] }

export type Lexicon = {
  /**
   * The meaning of the words from `at` on, and how many of them it takes: the longest phrase that is known. A weak
   * one may as well be a word that means something else: no text is taken to speak of it by that alone.
   */
  longest(
    words: readonly string[],
    at: number,
  ): { meaning: Meaning; length: number; isWeak: boolean } | undefined
  /**
   * What a text speaks of, as keys: every phrase in it that is known, also within a longer one (a Land Cruiser 70
   * is a Land Cruiser). A listing carries those of its texts, and is found by any word for the same thing.
   * km: make, kv: model, kc: category, ks: synonyms.
   */
  conceptsOf(text: string): string[]
  /** camry2015, lx570: a name and figures in one, parted where they are known apart. */
  parted(word: string): string[]
  /** The category and all below it. */
  branch(categoryId: string): string[]
  makeOf(modelId: string): string | undefined
}

type Names = Omit<Reference, 'engines'>
type Entry = Meaning & { concepts: string[] }

const LONGEST_PHRASE = 4

/** Everything the catalogue has names for, by the words people use. */
export function createLexicon({ makes, models, categories, synonyms }: Names): Lexicon {
  const entries = new Map<string, Entry>()
  const makeNames = new Map(makes.map(make => [make.id, make]))
  const makeOf = new Map(models.map(model => [model.id, model.makeId]))
  const branch = (id: string): string[] => [
    id,
    ...categories.filter(({ parentId }) => parentId === id).flatMap(child => branch(child.id)),
  ]

  for (const make of makes) learn(namesOf(make), [`km:${make.id}`], [`km:${make.id}`])
  for (const model of models) {
    const own = `kv:${model.id}`
    // a part for every car of the make fits this model too
    const keys = [own, `w:${model.makeId}`]
    learn(modelNames(model, makeNames.get(model.makeId)), keys, [own, `km:${model.makeId}`], model.id)
  }
  for (const category of categories) {
    const keys = branch(category.id).map(id => `kc:${id}`)
    learn(namesOf(category), keys, [`kc:${category.id}`])
  }
  for (const { id, words } of synonyms) learn(words, [`ks:${id}`], [`ks:${id}`])

  return { longest, conceptsOf, parted, branch, makeOf: id => makeOf.get(id) }

  function longest(
    words: readonly string[],
    at: number,
  ): { meaning: Entry; length: number; isWeak: boolean } | undefined {
    for (let length = Math.min(LONGEST_PHRASE, words.length - at); length > 0; length--) {
      const meaning = entries.get(phraseKey(words.slice(at, at + length)))
      if (meaning) return { meaning, length, isWeak: length === 1 && isWeak(words[at] as string) }
    }
    return undefined
  }

  function parted(word: string): string[] {
    const [, name = '', figures = ''] = /^(\p{L}{2,})(\d{1,4})$/u.exec(word) ?? []
    if (name === '' || longest([word], 0)) return [word]
    const known = longest([name, figures], 0)
    const isYear = /^(19[5-9]\d|20\d\d)$/.test(figures)
    return known && (known.length === 2 || isYear) ? [name, figures] : [word]
  }

  function conceptsOf(text: string): string[] {
    const words = wordsOf(text).flatMap(parted)
    const concepts = new Set<string>()
    let covered = 0
    for (let at = 0; at < words.length; at++) {
      const whole = longest(words, at)
      for (let length = 1; length <= (whole?.length ?? 0); length++) {
        if (length === 1 && isWeak(words[at] as string)) continue
        const known = entries.get(phraseKey(words.slice(at, at + length)))
        // within a longer phrase it is a word and no more: a Crown Victoria is no Toyota
        const isWhole = at >= covered && length === whole?.length
        for (const concept of known?.concepts ?? [])
          if (isWhole || !concept.startsWith('km:') || known?.modelIds.length === 0) concepts.add(concept)
      }
      if (at >= covered) covered = at + (whole?.length ?? 1)
    }
    return [...concepts]
  }

  function learn(names: string[], keys: string[], concepts: string[], modelId?: string): void {
    for (const phrase of names.map(wordsOf)) {
      if (phrase.length === 0 || phrase.length > LONGEST_PHRASE || saysNothing(phrase)) continue
      const key = phraseKey(phrase)
      const known = entries.get(key) ?? { keys: [], concepts: [], modelIds: [] }
      entries.set(key, {
        keys: [...new Set([...known.keys, ...keys])],
        concepts: [...new Set([...known.concepts, ...concepts])],
        modelIds: modelId ? [...new Set([...known.modelIds, modelId])] : known.modelIds,
      })
    }
  }
}

/** Figures or one letter alone ("6", "2008"): such models are known with their make. */
const saysNothing = (phrase: readonly string[]): boolean =>
  phrase.length === 1 && /^(\p{N}+|.)$/u.test(phrase[0] as string)

/** Names of cars that a text hardly means when it says only that: common words, sizes of bulbs and bolts. */
const WEAK = new Set(
  'city fit edge seal pilot crown mini range spark focus رنج مان كراون ربع سيتي'.split(' '),
)
const isWeak = (word: string): boolean => WEAK.has(word) || /^([a-z]{1,2}|[a-z]\d{1,2})$/.test(word)

const namesOf = ({ nameAr, nameEn, words }: Named): string[] => [nameAr, nameEn, ...words]

function modelNames(model: Model, make: Named | undefined): string[] {
  const names = namesOf(model)
  if (!make) return names
  return [...names, `${make.nameAr} ${model.nameAr}`, `${make.nameEn} ${model.nameEn}`]
}

/** Singular and plural, with the article and without, are looked up as one. */
const phraseKey = (words: readonly string[]): string => words.map(stem).join(' ')
const stem = (word: string): string =>
  /^[a-z]/.test(word) ? word.replace(/(?<=[a-z]{2}[^s])s$/, '') : withoutArticle(word)
