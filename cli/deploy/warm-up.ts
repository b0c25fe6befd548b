import { ask, type Place } from './ask.js'

/** What clients ask first and most: compiled, connected and in memory before the first of them comes. */
const PATHS = [
  '/api/v1/listings?limit=20',
  `/api/v1/listings?q=${encodeURIComponent('فحمات كامري')}&facets=true`,
  '/api/v1/listings?q=brake+pads',
  '/api/v1/categories',
  '/api/v1/makes',
  '/api/health',
  '/openapi.json',
]
const ROUNDS = 3

export type Warmth = { place: string; firstMs: number; lastMs: number; refused: number }

/** Asks a process the same few things until they are quick. A refusal is no failure: health and smoke judge that. */
export async function warmUp(place: Place): Promise<Warmth> {
  let [firstMs, lastMs, refused] = [0, 0, 0]
  for (let round = 0; round < ROUNDS; round++) {
    const from = performance.now()
    // side by side, so that its pool of connections is filled too
    const answers = await Promise.allSettled(PATHS.map(path => ask(place, path)))
    refused = answers.filter(each => each.status === 'rejected' || each.value.status >= 400).length
    lastMs = Math.round(performance.now() - from)
    if (round === 0) firstMs = lastMs
  }
  return { place: 'url' in place ? place.url : place.door, firstMs, lastMs, refused }
}
