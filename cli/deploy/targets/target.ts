import type { Place } from '../ask.js'
import type { Manifest } from '../manifest.js'
import type { Printed, Run } from '../program.js'

export type Release = { id: string; folder: string; manifest: Manifest }

/** Where releases run. A deploy knows nothing else of it. */
export type Target = {
  /** What is live now; null before the first deploy. Throws where nothing could be deployed. */
  check(): Promise<string | null>
  /** Whether its releases bring what they depend on: then nothing is installed beside them. */
  hasOwnDependencies: boolean
  /** Runs a command of the release itself, where it will run, with the environment it will serve with. */
  run(release: Release, words: string[], run: Run): Promise<Printed>
  /** Begins the release's processes beside those that are live. Nobody is sent there yet. Says what it began. */
  start(release: Release): Promise<string>
  /** The new processes that answer HTTP, where each can be asked by itself. Throws, with its last words, where one ended. */
  places(): Promise<Place[]>
  /** Sends everybody who comes from now on to the new processes. */
  switch(): Promise<string>
  /** Where a client would come in. */
  front(): Promise<Place>
  /** The release stays: the one before finishes what it has in hand, and ends. */
  confirm(): Promise<string>
  /** Back to what was live before this deploy began. May be called at any time, and more than once. */
  revert(): Promise<void>
  close(): void
}
