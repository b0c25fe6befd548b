import type { MixpanelEvent } from './event-rules.js'

const MOST_KEPT = 1_000

export type EventBox = ReturnType<typeof createEventBox>

/** What a project holds. The same event again (name, time, person, `$insert_id`) is the same one; the oldest go first. */
export function createEventBox() {
  const kept = new Map<string, MixpanelEvent>()
  let requests = 0
  return {
    noteRequest(): void {
      requests += 1
    },
    take(event: MixpanelEvent): void {
      const { time, distinct_id, $insert_id } = event.properties
      kept.set(JSON.stringify([event.event, time, distinct_id, $insert_id]), event)
      if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value as string)
    },
    /** In the order they came. */
    list: (): MixpanelEvent[] => [...kept.values()],
    requests: (): number => requests,
    clear(): void {
      kept.clear()
      requests = 0
    },
  }
}
