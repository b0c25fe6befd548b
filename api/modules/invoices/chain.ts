import type { Trx } from '../../platform/database.js'
import type { Link } from './invoice-document.js'
import { FIRST_PREVIOUS_HASH } from './zatca/sealing.js'

/**
 * The chain of a seller's documents (KSA-16, KSA-13): invoices and notes in one row, counted from 1, each with the hash
 * of the one before. The row stays locked until the transaction ends, so that order of counters is order of hashes.
 */
export async function nextLink(trx: Trx, sellerId: string): Promise<Link> {
  // the update changes nothing: it locks the row, whoever made it
  const { rows } = await trx.raw<{ rows: [{ last_counter: number; last_hash: string }] }>(
    `insert into document_chains as c (seller_id, last_counter, last_hash) values (?, 0, ?)
     on conflict (seller_id) do update set last_counter = c.last_counter returning last_counter, last_hash`,
    [sellerId, FIRST_PREVIOUS_HASH],
  )
  const [end] = rows
  return { counter: end.last_counter + 1, previousHash: end.last_hash }
}

export async function endChain(trx: Trx, sellerId: string, counter: number, hash: string): Promise<void> {
  await trx('document_chains')
    .where({ seller_id: sellerId })
    .update({ last_counter: counter, last_hash: hash })
}
