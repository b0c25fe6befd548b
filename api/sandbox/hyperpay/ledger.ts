import type { Checkout, Operation } from './types.js'

export type LedgerState = { checkouts: Checkout[]; operations: Operation[] }
export type Ledger = ReturnType<typeof createLedger>

/** Everything HyperPay knows. The oldest leave when there are more than `limit`. */
export function createLedger(limit: number, changed: () => void) {
  const checkouts = new Map<string, Checkout>()
  const operations = new Map<string, Operation>()

  function keep<T>(kept: Map<string, T>, id: string, thing: T): T {
    kept.set(id, thing)
    if (kept.size > limit) kept.delete(kept.keys().next().value as string)
    changed()
    return thing
  }

  return {
    addCheckout: (checkout: Checkout): Checkout => keep(checkouts, checkout.id, checkout),
    /** A new one, or one whose result changed. */
    put: (operation: Operation): Operation => keep(operations, operation.id, operation),
    checkout: (id: string): Checkout | undefined => checkouts.get(id),
    operation: (id: string): Operation | undefined => operations.get(id),
    /** Newest first. */
    operations: (matches: (operation: Operation) => boolean = () => true): Operation[] =>
      [...operations.values()].filter(matches).reverse(),
    checkouts: (): Checkout[] => [...checkouts.values()].reverse(),

    state: (): LedgerState => ({
      checkouts: [...checkouts.values()],
      operations: [...operations.values()],
    }),
    load(state: LedgerState | undefined): void {
      for (const checkout of state?.checkouts ?? []) checkouts.set(checkout.id, checkout)
      for (const operation of state?.operations ?? []) operations.set(operation.id, operation)
    },
    clear(): void {
      for (const map of [checkouts, operations]) map.clear()
      changed()
    },
  }
}
