/** The middle value; the upper one of the two where there is no middle. NaN of nothing. */
export const median = (values: readonly number[]): number => quantile(values, 0.5)

/** The value that a share of all values lie below: 0.99 for the slowest hundredth's border. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

export const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)

/**
 * The median of the ratios taken pair by pair: what two programs did in one round, when the machine was as
 * fast for both. The ratio of two medians would compare a good moment of one with a bad one of the other.
 */
export function pairedRatio(values: readonly number[], limits: readonly number[]): number {
  const ratios = values.map((value, at) => value / (limits[at] ?? Number.NaN))
  return median(ratios.filter(Number.isFinite))
}

/** For a table: as many decimals as asked, and a dash for what was not measured. */
export const shown = (value: number | undefined, decimals: number, unit = ''): string =>
  value === undefined || !Number.isFinite(value) ? '-' : `${value.toFixed(decimals)}${unit}`
