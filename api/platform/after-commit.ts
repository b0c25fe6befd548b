import type { Trx } from './database.js'

/** Only the outermost transaction commits; one that is rolled back does nothing. */
export function afterCommit(trx: Trx, work: () => void): void {
  let outermost = trx
  while (outermost.parentTransaction) outermost = outermost.parentTransaction
  outermost.executionPromise.then(work, () => undefined)
}
