import { wordsOf } from '../../platform/fold.js'
import type { Model, Named, Reference } from '../catalogue/reference.js'

/** What a word or a phrase stands for: other ways to say it, and the keys listings carry for it. */
export type Meaning = { phrases: string[][]; keys: string[]; modelIds: string[] }

export type Lexicon = {
  /** The meaning of the words from `at` on, and how many of them it takes: the longest phrase that is known. */
  longest(words: readonly string[], at: number): { meaning: Meaning; length: number } | undefined
  /** The category and all below it. */
  branch(categoryId: string): string[]
  makeOf(modelId: string): string | undefined
}

const LONGEST_PHRASE = 4
/** Beyond these a search only gets slower, not better. */
const MOST_PHRASES = 12

/** Everything the catalogue has names for, by the words people use. */
export function createLexicon({ makes, models, categories, synonyms }: Reference): Lexicon {
  const meanings = new Map<string, Meaning>()
  const makeNames = new Map(makes.map(make => [make.id, make]))
  const makeOf = new Map(models.map(model => [model.id, model.makeId]))
  const branch = (id: string): string[] => [
    id,
    ...categories.filter(({ parentId }) => parentId === id).flatMap(child => branch(child.id)),
  ]

  for (const make of makes) learn(namesOf(make), [`m:${make.id}`])
  for (const model of models)
    learn(modelNames(model, makeNames.get(model.makeId)), modelKeys(model), model.id)
  for (const category of categories) {
    learn(
      namesOf(category),
      branch(category.id).map(id => `c:${id}`),
    )
  }
  for (const { words } of synonyms) learn(words, [])

  return {
    branch,
    makeOf: id => makeOf.get(id),
    longest(words, at) {
      for (let length = Math.min(LONGEST_PHRASE, words.length - at); length > 0; length--) {
        const meaning = meanings.get(phraseKey(words.slice(at, at + length)))
        if (meaning) return { meaning, length }
      }
      return undefined
    },
  }

  function learn(names: string[], keys: string[], modelId?: string): void {
    // one token of figures alone ("6", "2008") says nothing by itself: those models are known with their make
    const phrases = names
      .map(wordsOf)
      .filter(words => words.length > 0 && !/^(\p{N}+|.)$/u.test(words.join(' ')))
    for (const phrase of phrases) {
      if (phrase.length > LONGEST_PHRASE) continue
      const key = phraseKey(phrase)
      const known = meanings.get(key) ?? { phrases: [], keys: [], modelIds: [] }
      meanings.set(key, {
        phrases: distinct([...known.phrases, phrase, ...phrases]).slice(0, MOST_PHRASES),
        keys: [...new Set([...known.keys, ...keys])],
        modelIds: modelId ? [...known.modelIds, modelId] : known.modelIds,
      })
    }
  }
}

const namesOf = ({ nameAr, nameEn, words }: Named): string[] => [nameAr, nameEn, ...words]

function modelNames(model: Model, make: Named | undefined): string[] {
  const names = namesOf(model)
  if (!make) return names
  return [...names, `${make.nameAr} ${model.nameAr}`, `${make.nameEn} ${model.nameEn}`]
}

/** A part for every car of the make fits this model too. */
const modelKeys = ({ id, makeId }: Model): string[] => [`v:${id}`, `w:${makeId}`]

const distinct = (phrases: string[][]): string[][] => [
  ...new Map(phrases.map(phrase => [phrase.join(' '), phrase])).values(),
]

/** Singular and plural, with the article and without, are looked up as one. */
const phraseKey = (words: readonly string[]): string => words.map(stem).join(' ')
const stem = (word: string): string =>
  /^[a-z]/.test(word) ? word.replace(/(?<=[a-z]{2}[^s])s$/, '') : withoutArticle(word)

export const withoutArticle = (word: string): string => word.replace(/^[وفبك]?ال(?=\p{L}{3})/u, '')
