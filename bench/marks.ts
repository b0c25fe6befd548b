/** What the figures are held against. A ratio is to "Koa with one prepared row" of the same rounds. */
export const MARKS = {
  ratio: { detail: 0.4, list: 0.2, search: 0.1, 'part number': 0.3 } as Readonly<Record<string, number>>,
  /** How much more a request of somebody signed in costs than a stranger's, on `detail`. */
  signedIn: 1.35,
  /** Of bare password hashes a second. */
  logins: 0.9,
  /** Deliveries of webhooks, to "Koa with one prepared insert". */
  intake: 0.6,
  healthP99Ms: 250,
  ordersPerSecond: 100,
  apiMib: 170,
  /** How many times slower at the larger catalogue. */
  growth: { detail: 1.3, 'part number': 1.3, list: 3 } as Readonly<Record<string, number>>,
  queryGrowth: 3,
}

export type Verdict = { isMet: boolean; text: string }

export const atLeast = (value: number, mark: number, unit = ''): Verdict =>
  verdict(value >= mark, `≥ ${mark}${unit}`)

export const atMost = (value: number, mark: number, unit = ''): Verdict =>
  verdict(value <= mark, `≤ ${mark}${unit}`)

/** What could not be measured (NaN) has not met its mark: every comparison with it is false. */
function verdict(isMet: boolean, mark: string): Verdict {
  return { isMet, text: `${mark} ${isMet ? 'ok' : 'MISSED'}` }
}

/** The verdict on a target's ratio; undefined where no mark was set for it. */
export function ratioVerdict(target: string, ratio: number): Verdict | undefined {
  const mark = MARKS.ratio[target]
  return mark === undefined ? undefined : atLeast(ratio, mark)
}
