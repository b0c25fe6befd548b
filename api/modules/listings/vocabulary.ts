import type { Db } from '../../platform/database.js'
import { partKey, wordsOf } from '../../platform/fold.js'
import type { Logger } from '../../platform/logger.js'

/** What of a listing people may mistype: its words, and its numbers by a piece of them. */
export type Spelled = { titleAr: string; titleEn: string; brand: string; numbers: readonly string[] }

export const spellableWords = ({ titleAr, titleEn, brand }: Omit<Spelled, 'numbers'>): string[] =>
  wordsOf(`${titleAr} ${titleEn} ${brand}`).filter(word => /^\p{L}{3,40}$/u.test(word))

/**
 * Notes the words and numbers of listings that were written, so that a mistyped search can find its way to them.
 * After the transaction, because two that bring the same new words would wait for one another; and it is
 * advice, so that a listing is not refused for it.
 */
export async function learn(db: Db, logger: Logger, listings: readonly Spelled[]): Promise<void> {
  try {
    await addVocabulary(db, listings)
  } catch (error) {
    logger.warn('vocabulary_not_learned', { error })
  }
}

export async function addVocabulary(db: Db, listings: readonly Spelled[]): Promise<void> {
  await add(db, 'search_words', 'word', listings.flatMap(spellableWords))
  const numbers = listings.flatMap(listing => listing.numbers.map(partKey))
  await add(
    db,
    'search_numbers',
    'number',
    numbers.filter(number => number.length > 3),
  )
}

/** Only what is new is written, in one order, so that nobody waits in a circle. */
async function add(db: Db, table: string, column: string, values: string[]): Promise<void> {
  await db.raw(
    `insert into ?? (??) select given from unnest(?::text[]) given
     where not exists (select from ?? where ?? = given) on conflict do nothing`,
    [table, column, [...new Set(values)].sort(), table, column],
  )
}
