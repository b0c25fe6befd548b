import { rmSync } from 'node:fs'
import { readIfPresent, writePrivate } from '../../api/embedded/private-file.js'
import { endProcess, isAlive, type ProcessIdentity } from '../../api/embedded/process.js'

type Entry = { name: string; who: ProcessIdentity }

/** API and worker finish what they have in hand; the patience is longer than their own limit for it. */
export async function endGently(who: ProcessIdentity): Promise<void> {
  await endProcess(who, [
    ['SIGTERM', 30_000],
    ['SIGKILL', 5_000],
  ])
}

/** Remembers children on disk, so that the next start can end those that a killed one left behind. */
export function recordChild(file: string, entry: Entry): void {
  writePrivate(file, JSON.stringify([...readChildren(file).filter(({ who }) => isAlive(who)), entry]))
}

/** Ends the children of a killed start. Returns how many still ran. */
export async function endOrphans(file: string): Promise<number> {
  const orphans = readChildren(file).filter(({ who }) => isAlive(who))
  await Promise.all(orphans.map(({ who }) => endGently(who)))
  rmSync(file, { force: true })
  return orphans.length
}

function readChildren(file: string): Entry[] {
  // Our own file, replaced in one step by writePrivate.
  return JSON.parse(readIfPresent(file) ?? '[]') as Entry[]
}
