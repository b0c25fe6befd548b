import type { Named, Reference } from '../../catalogue/reference.js'

/** The reference data as a file names it. Made once a file: a row asks for a handful of things. */
export type Lookup = ReturnType<typeof lookupOf>

export function lookupOf({ makes, models, engines, categories }: Reference) {
  const makeIds = new Set(makes.map(make => make.id))
  const modelIds = new Set(models.map(model => model.id))
  const modelOfEngine = new Map(engines.map(engine => [engine.id, engine.modelId]))
  const categoryIds = new Set(categories.map(category => category.id))
  const categoriesBy = namesOf(categories)
  return {
    hasMake: (id: string) => makeIds.has(id),
    hasModel: (id: string) => modelIds.has(id),
    hasEngine: (id: string, modelId: string) => modelOfEngine.get(id) === modelId,
    /** The categories that are called so: by id, or by the whole name in either language. */
    categories: (name: string): readonly string[] =>
      categoryIds.has(name) ? [name] : (categoriesBy.get(name) ?? []),
  }
}

function namesOf(things: readonly Named[]): Map<string, string[]> {
  const by = new Map<string, string[]>()
  for (const { id, nameAr, nameEn } of things) {
    for (const name of [nameAr, nameEn]) {
      const known = by.get(name) ?? []
      if (!known.includes(id)) by.set(name, [...known, id])
    }
  }
  return by
}
