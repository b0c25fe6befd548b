import { generalWords } from './synonyms/general.js'
import { particularWords } from './synonyms/particular.js'
import { particularBodyWords } from './synonyms/particular-body.js'
import { partWords } from './synonyms/parts.js'

type SynonymRow = { id: string; words: string[] }

/** Words that stand for one another in a search, and are no category's. */
export const synonymRows: SynonymRow[] = [
  ...generalWords,
  ...partWords,
  ...particularWords,
  ...particularBodyWords,
].map(([id, ar, en]) => ({ id, words: [...ar.split(', '), ...en.split(', ')] }))
