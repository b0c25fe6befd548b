import type { Db } from '../../platform/database.js'
import { EgsUnit } from './egs-unit.js'
import { type ChainedRow, chainedAfter, firstMissingNumber } from './invoice-queries.js'
import { digestOfBytes } from './tax-document.js'
import type { UnitService } from './units/unit-service.js'
import { createSealCheck } from './zatca/checks/seal-check.js'
import type { SealFinding } from './zatca/checks/seal-finding.js'
import { FIRST_PREVIOUS_HASH } from './zatca/sealing.js'

/** What is wrong at the first place where a chain does not hold. */
export type ChainBreak = {
  /** Null where it is about the end of the chain, or a number that is missing. */
  counter: number | null
  number: string | null
  /** In English: for operators. */
  says: string
  findings: SealFinding[]
}

export type VerifiedChain = {
  sellerId: string
  unitId: string
  serial: string
  /** How many hold: all, where there is no break. */
  documents: number
  break: ChainBreak | null
}

const PAGE = 100
type End = { counter: number; hash: string }
type Check = ReturnType<typeof createSealCheck>

/** Recomputes the chains of all sellers, or of one, from the bytes that are stored. `onDocument` is called after each. */
export async function* verifyChains(
  db: Db,
  units: Pick<UnitService, 'publicKey'>,
  { sellerId, onDocument }: { sellerId?: string | undefined; onDocument?: () => void },
): AsyncGenerator<VerifiedChain> {
  const check = createSealCheck()
  const all = EgsUnit.query(db).orderBy(['seller_id', 'created_at', 'id'])
  for (const unit of await (sellerId ? all.where({ seller_id: sellerId }) : all)) {
    const spki = await units.publicKey(unit)
    const end: End = { counter: 0, hash: FIRST_PREVIOUS_HASH }
    let found: ChainBreak | null = null
    for await (const row of chainedAfter(db, unit.id, PAGE)) {
      found = breakAt(row, end, spki, check)
      if (found) break
      end.counter = row.counter
      end.hash = row.hash
      onDocument?.()
    }
    found ??= endBreak(unit, end) ?? (await numberBreak(db, unit.sellerId))
    yield {
      sellerId: unit.sellerId,
      unitId: unit.id,
      serial: unit.serial,
      documents: end.counter,
      break: found,
    }
  }
}

function breakAt(row: ChainedRow, end: End, spki: Buffer | null, check: Check): ChainBreak | null {
  const { counter, number, xml, hash, previousHash } = row
  const broken = (says: string, findings: SealFinding[] = []): ChainBreak => ({
    counter,
    number,
    says,
    findings,
  })
  if (counter !== end.counter + 1) return broken(`There is no document at place ${end.counter + 1}.`)
  const { findings, ...read } = checked(xml, check)
  if ('malformed' in read) return broken(read.malformed)
  const errors = findings.filter(
    ({ id, severity }) => severity === 'error' && !(id === 'NOT-SIGNED' && !spki),
  )
  if (errors.length > 0) return broken('The document does not verify.', errors)
  if (spki && !read.certificate?.spki.equals(spki))
    return broken("It is signed, but not with the unit's key.")
  if (read.hash !== hash) return broken(`Its bytes have the hash ${read.hash}; ${hash} is what was stored.`)
  if (read.previousHash !== end.hash || previousHash !== end.hash)
    return broken(`It stands on the hash ${read.previousHash}; the document before it has ${end.hash}.`)
  if (read.counter !== String(counter)) return broken(`It says of itself that its place is ${read.counter}.`)
  if (read.number !== number || read.uuid !== row.invoiceId)
    return broken(`It says that it is ${read.number} (${read.uuid}), and not the invoice it was made for.`)
  if (!digestOfBytes(xml).equals(row.digest))
    return broken(
      'Its bytes were changed where neither hash nor signature reach: in its envelope, or in white space.',
    )
  return null
}

type Read = ReturnType<Check> | { findings: SealFinding[]; malformed: string }

function checked(xml: string, check: Check): Read {
  try {
    return check(xml)
  } catch (error) {
    return { findings: [], malformed: error instanceof Error ? error.message : String(error) }
  }
}

function endBreak({ lastCounter, lastHash }: EgsUnit, end: End): ChainBreak | null {
  if (lastCounter === end.counter && lastHash === end.hash) return null
  const says =
    lastCounter === end.counter
      ? `The chain ends with the hash ${end.hash}; the unit remembers ${lastHash}.`
      : `The unit has given ${lastCounter} places; documents stand at ${end.counter}.`
  return { counter: null, number: null, says, findings: [] }
}

async function numberBreak(db: Db, sellerId: string): Promise<ChainBreak | null> {
  const missing = await firstMissingNumber(db, sellerId)
  return missing
    ? {
        counter: null,
        number: missing,
        says: 'No document has this number, though later ones were given.',
        findings: [],
      }
    : null
}
