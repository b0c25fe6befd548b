/** Made at the first call, kept after. */
export function once<T>(make: () => T): (() => T) & { readonly isMade: boolean } {
  let made: { value: T } | undefined
  const get = () => {
    made ??= { value: make() }
    return made.value
  }
  return Object.defineProperty(get, 'isMade', { get: () => made !== undefined }) as typeof get & {
    readonly isMade: boolean
  }
}
