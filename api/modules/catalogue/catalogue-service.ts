import { type Clock, minutes } from '../../platform/clock.js'
import type { Db } from '../../platform/database.js'
import type { Logger } from '../../platform/logger.js'
import type { Cursors, Page, PageRequest } from '../../platform/page.js'
import { createLexicon, type Lexicon } from './lexicon.js'
import { type Engine, loadReference, type Model, type Reference } from './reference.js'

export type Vehicle = Model & { engines: Engine[] }
export type VehicleSearch = PageRequest & { make?: string | undefined; year?: number | undefined }

type Deps = { db: Db; clock: Clock; logger: Logger; cursors: Cursors }
export type CatalogueService = ReturnType<typeof createCatalogueService>

/** It changes with a release, not with the minute. */
const KEPT_MS = minutes(5)

/** Makes, models, engines, categories and words: read whole, kept in memory, looked at again now and then. */
export function createCatalogueService({ db, clock, logger, cursors }: Deps) {
  const lexicons = new WeakMap<Reference, Lexicon>()
  let kept: { reference: Promise<Reference>; until: number } | undefined

  return {
    reference,

    /** The words of the reference data and what they stand for. */
    async lexicon(): Promise<Lexicon> {
      const names = await reference()
      const known = lexicons.get(names) ?? createLexicon(names)
      lexicons.set(names, known)
      return known
    },

    /** The cars parts are for, one page in the order of their ids; those of a year where one is given. */
    async vehicles({ make, year, limit, cursor }: VehicleSearch): Promise<Page<Vehicle>> {
      const { models, engines } = await reference()
      const list = `vehicles:${JSON.stringify([make, year])}`
      const after = cursor === undefined ? '' : cursors.decode(list, cursor)
      const found = models
        .filter(
          model => (make === undefined || model.makeId === make) && isOf(model, year) && model.id > after,
        )
        .slice(0, limit + 1)
        .map(model => ({
          ...model,
          engines: engines.filter(engine => engine.modelId === model.id && isOf(engine, year)),
        }))
      return cursors.page(list, found, limit, model => model.id)
    },
  }

  /** As it was at most some minutes ago: who asks never waits for a refresh, but for the very first time. */
  function reference(): Promise<Reference> {
    const now = clock.now().getTime()
    if (!kept) {
      const first = loadReference(db)
      kept = { reference: first, until: now + KEPT_MS }
      first.catch(() => {
        kept = undefined
      })
    } else if (now >= kept.until) {
      kept.until = now + KEPT_MS
      loadReference(db).then(
        fresh => {
          kept = { reference: Promise.resolve(fresh), until: now + KEPT_MS }
        },
        error => logger.warn('reference_not_refreshed', { error }),
      )
    }
    return kept.reference
  }
}

const isOf = ({ yearFrom, yearTo }: { yearFrom: number; yearTo: number | null }, year: number | undefined) =>
  year === undefined || (yearFrom <= year && year <= (yearTo ?? year))
