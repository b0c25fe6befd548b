export type Views = ReturnType<typeof createViews>

/**
 * Lies on request: what reading an object answers, while its true state and its webhooks stay as they are.
 * For tests of a provider whose answer does not match the order.
 */
export function createViews() {
  const changes = new Map<string, Record<string, unknown>>()
  return {
    of: (object: { id: string }): Record<string, unknown> =>
      merged({ ...object }, changes.get(object.id) ?? {}),
    show(id: string, change: Record<string, unknown>): void {
      changes.set(id, change)
    },
    showTruth(id: string): void {
      changes.delete(id)
    },
    clear: (): void => changes.clear(),
  }
}

function merged(truth: Record<string, unknown>, change: Record<string, unknown>): Record<string, unknown> {
  const result = { ...truth }
  for (const [key, value] of Object.entries(change)) {
    const old = result[key]
    result[key] = isRecord(old) && isRecord(value) ? merged(old, value) : value
  }
  return result
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
