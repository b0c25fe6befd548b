import type { Db } from '../../platform/database.js'

/** A thing of the reference data, with other words people use for it. */
export type Named = { id: string; nameAr: string; nameEn: string; words: string[] }
export type Category = Named & { parentId: string | null }
/** `yearTo` is null for what is still sold. */
export type Model = Named & { makeId: string; yearFrom: number; yearTo: number | null }
export type Engine = {
  id: string
  modelId: string
  code: string
  /** Cubic centimetres; null: electric. */
  displacementCc: number | null
  fuel: (typeof FUELS)[number]
  yearFrom: number
  yearTo: number | null
}
export const FUELS = ['PETROL', 'DIESEL', 'HYBRID', 'ELECTRIC'] as const

export type Reference = {
  makes: Named[]
  models: Model[]
  engines: Engine[]
  categories: Category[]
  synonyms: { id: string; words: string[] }[]
}

/** All of the reference data: some thousand short rows. */
export async function loadReference(db: Db): Promise<Reference> {
  const names = ['id', 'name_ar as nameAr', 'name_en as nameEn', 'words']
  const years = ['year_from as yearFrom', 'year_to as yearTo']
  const [makes, models, engines, categories, synonyms] = await Promise.all([
    db('makes')
      .orderBy('id')
      .select(...names),
    db('models')
      .orderBy('id')
      .select(...names, 'make_id as makeId', ...years),
    db('engines')
      .orderBy('id')
      .select('id', 'model_id as modelId', 'code', 'displacement_cc as displacementCc', 'fuel', ...years),
    db('categories')
      .orderBy(['position', 'id'])
      .select(...names, 'parent_id as parentId'),
    db('synonyms').orderBy('id').select('id', 'words'),
  ])
  return { makes, models, engines, categories, synonyms } as Reference // the columns are named as the type is
}
