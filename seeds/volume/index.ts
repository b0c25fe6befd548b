import pg from 'pg'
import { addVocabulary } from '../../api/modules/listings/vocabulary.js'
import { createDatabase } from '../../api/platform/database.js'
import { createIndexes, INDEXES } from '../../api/platform/indexes.js'
import { addMissing } from '../add-missing.js'
import { refuseDemoIn } from '../environments.js'
import { copy, copyChunk } from './copy.js'
import { titleWords } from './market.js'
import { linesOf, listingId, positionOf } from './rows.js'
import { ownerRows, sellerRows } from './sellers.js'

export type VolumeOptions = {
  count: number
  environment: string
  onProgress?: (done: number) => void
  /** What goes on once the rows are there: indexes, statistics. */
  onStep?: (step: string) => void
}
/** `added` rows were written in `seconds`; the indexes came after. */
export type VolumeReport = { added: number; seconds: number; rowsPerSecond: number }

const CHUNK = 10_000
/** Preparing a listing for search is most of the work, and the database does it on a core a connection. */
const CONNECTIONS = 2
const TABLES = ['listings', 'listing_fitments', 'listing_numbers', 'search_words', 'search_numbers']

/**
 * A market of `count` invented listings, by COPY. May be repeated and interrupted: a position always holds the
 * same listing, and what is there already is left out. The declared indexes of its tables are dropped first and built
 * again at the end, which takes a quarter of the time that keeping them would.
 */
export async function seedListings(ownerUrl: string, options: VolumeOptions): Promise<VolumeReport> {
  const { count, environment, onProgress = () => {}, onStep = () => {} } = options
  refuseDemoIn(environment)
  const db = createDatabase({
    url: ownerUrl,
    application: 'cargoparts-seed',
    poolMin: 0,
    poolMax: 1,
    statementMs: 3_600_000,
  })
  try {
    await db.transaction(async trx => {
      await addMissing(trx, 'users', ownerRows)
      await addMissing(trx, 'sellers', sellerRows)
    })
    const chunks = await missing(db, count)
    const wanted = chunks.reduce((sum, [from, to]) => sum + to - from, 0)
    if (wanted === 0) return { added: 0, seconds: 0, rowsPerSecond: 0 }
    if (wanted > CHUNK) await dropIndexes(db)
    const numbers = new Set<string>()
    const started = performance.now()
    let done = count - wanted
    const load = async () => {
      const client = new pg.Client({ connectionString: ownerUrl, application_name: 'cargoparts-seed' })
      await client.connect()
      try {
        // shared work list: whoever is free takes the next
        for (let chunk = chunks.shift(); chunk; chunk = chunks.shift()) {
          const lines = linesOf(...chunk, sellerIds)
          for (const number of lines.partKeys) numbers.add(number)
          await copyChunk(client, lines)
          done += chunk[1] - chunk[0]
          onProgress(done)
        }
      } finally {
        await client.end()
      }
    }
    await Promise.all(Array.from({ length: CONNECTIONS }, load))
    const seconds = (performance.now() - started) / 1_000
    onStep('words and part numbers')
    await addVocabulary(
      db,
      titleWords().map(words => ({ ...words, numbers: [] })),
    )
    await addNumbers(ownerUrl, numbers)
    await createIndexes(ownerUrl, {
      onEvent: event => event.kind === 'begun' && onStep(`index ${event.at}/${event.of} ${event.name}`),
    })
    onStep('statistics')
    for (const table of TABLES) await db.raw('vacuum (analyze) ??', [table])
    return { added: wanted, seconds, rowsPerSecond: Math.round(wanted / seconds) }
  } finally {
    await db.destroy()
  }
}

const sellerIds = sellerRows.map(row => row.id)

type Db = ReturnType<typeof createDatabase>

/** The stretches that are not there yet. A chunk is written in order: what is missing is what comes after its last. */
async function missing(db: Db, count: number): Promise<[from: number, to: number][]> {
  const stretches: [number, number][] = []
  for (let from = 0; from < count; from += CHUNK) {
    const to = Math.min(from + CHUNK, count)
    const last = await db('listings')
      .whereBetween('id', [listingId(from), listingId(to - 1)])
      .orderBy('id', 'desc')
      .first<{ id: string } | undefined>('id')
    const there = last ? positionOf(last.id) + 1 : from
    if (there < to) stretches.push([there, to])
  }
  return stretches
}

async function dropIndexes(db: Db): Promise<void> {
  for (const { name, table } of INDEXES)
    if (TABLES.includes(table)) await db.raw('drop index if exists ??', [name])
}

async function addNumbers(ownerUrl: string, numbers: ReadonlySet<string>): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    await client.query('create temporary table given (number text)')
    await copy(client, 'given', `${[...numbers].filter(number => number.length > 3).join('\n')}\n`, 'number')
    await client.query('insert into search_numbers select number from given on conflict do nothing')
  } finally {
    await client.end()
  }
}
