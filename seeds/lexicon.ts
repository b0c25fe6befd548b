import { createLexicon } from '../api/modules/catalogue/lexicon.js'
import { categoryRows } from './reference/categories.js'
import { makeRows } from './reference/makes.js'
import { synonymRows } from './reference/synonyms.js'
import { modelRows } from './reference/vehicles.js'

type Row = { id: string; name_ar: string; name_en: string; words: string[] }
const named = ({ id, name_ar, name_en, words }: Row) => ({ id, nameAr: name_ar, nameEn: name_en, words })

/** The reference data's words, without a database: what listings that are seeded speak of. */
export const lexicon = createLexicon({
  makes: makeRows.map(named),
  models: modelRows.map(row => ({
    ...named(row),
    makeId: row.make_id,
    yearFrom: row.year_from,
    yearTo: row.year_to,
  })),
  categories: categoryRows.map(row => ({ ...named(row), parentId: row.parent_id })),
  synonyms: synonymRows,
})
