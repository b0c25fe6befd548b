import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect } from 'chai'
import { queryGrowth, targetGrowth, tooSlow } from '../../bench/growth.js'
import { planOf } from '../../bench/options.js'
import { changeSince, earlierRun, keep, type Result } from '../../bench/results.js'
import type { SizeFigures } from '../../bench/size.js'
import { type CourseFigures, summary } from '../../bench/summary.js'

const course = (name: string, over: Partial<CourseFigures> = {}): CourseFigures => ({
  ...{ name, perSecond: 1_000, p50Ms: 1, p99Ms: 2, toRow: 0.5, toHello: 0.1, failed: 0, broken: 0 },
  ...over,
})
const size = (count: number, over: Partial<SizeFigures> = {}): SizeFigures => ({
  size: count,
  limits: [],
  targets: [course('detail'), course('list'), course('part number')],
  queries: [],
  signedIn: 1.2,
  logins: { perSecond: 3, hashesPerSecond: 3, toHashes: 1, healthP99Ms: 10, failed: 0 },
  orders: {
    ...{ orders: 1, perSecond: 1, requestsAnOrder: 7, steps: [], failed: 0, failures: [] },
    ...{ apiMib: 100, statementsAnOrder: 1 },
  },
  ...over,
})
const result = (at: string, args: string[], detail: number): Result => ({
  ...{ at, node: 'v20', cpu: 'one', cores: 2, commit: 'abc', plan: planOf(args) },
  sizes: [size(10_000, { targets: [course('detail', { toRow: detail })] })],
})

describe('bench: an earlier run', () => {
  let folder: string
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'bench-results-'))
  })
  after(() => rmSync(folder, { recursive: true, force: true }))

  it('is none at first', () => {
    expect(earlierRun(planOf(['--quick']), folder)).to.equal(undefined)
  })

  it('is the newest one that measured the same sizes as long', () => {
    keep(result('2026-03-02T10:00:00.000Z', ['--quick'], 0.5), folder)
    keep(result('2026-03-01T10:00:00.000Z', ['--quick'], 0.1), folder)
    keep(result('2026-03-03T10:00:00.000Z', ['--sizes', '10000'], 0.2), folder)
    keep(result('2026-03-04T10:00:00.000Z', ['--sizes', '10000,20000'], 0.3), folder)
    expect(readdirSync(folder)).to.have.length(4)
    expect(earlierRun(planOf(['--quick']), folder)?.at).to.equal('2026-03-02T10:00:00.000Z')
    expect(earlierRun(planOf(['--sizes', '10000']), folder)?.at).to.equal('2026-03-03T10:00:00.000Z')
    expect(earlierRun(planOf([]), folder)).to.equal(undefined)
  })

  it("is compared by a target's ratio", () => {
    const earlier = result('2026-03-02T10:00:00.000Z', ['--quick'], 0.5)
    expect(changeSince(earlier, 10_000, 'detail', 0.6)).to.be.closeTo(0.2, 1e-9)
    expect(changeSince(earlier, 10_000, 'detail', 0.4)).to.be.closeTo(-0.2, 1e-9)
    for (const [count, name, ratio] of [
      [20_000, 'detail', 0.6],
      [10_000, 'list', 0.6],
      [10_000, 'detail', Number.NaN],
    ] as const) {
      expect(changeSince(earlier, count, name, ratio)).to.equal(undefined)
    }
    expect(changeSince(undefined, 10_000, 'detail', 0.6)).to.equal(undefined)
  })
})

describe('bench: growth', () => {
  it('of a target is told by its share of a hello, so that a slower machine is none', () => {
    const small = size(10_000)
    const large = size(1_000_000, {
      targets: [course('detail', { perSecond: 500 }), course('list', { toHello: 0.025 })],
    })
    const [detail, partNumber, list] = targetGrowth(small, large)
    expect([detail?.times, detail?.verdict.isMet]).to.deep.equal([1, true])
    expect([list?.times, list?.verdict.isMet]).to.deep.equal([4, false])
    expect(partNumber?.verdict.isMet).to.equal(false) // it is not there: nothing was proven
  })

  it('of each query, the worst first; exactly three times is not too slow', () => {
    const at = (...ms: number[]) => ms.map((each, n) => ({ query: `q${n}`, ms: each, found: 1, failed: 0 }))
    const growths = queryGrowth(
      size(10_000, { queries: at(2, 2, 2) }),
      size(1_000_000, { queries: at(6, 6.1, 1) }),
    )
    expect(growths.map(({ query }) => query)).to.deep.equal(['q1', 'q0', 'q2'])
    expect(growths[0]).to.include({ smallMs: 2, largeMs: 6.1 })
    expect(tooSlow(growths)).to.equal(1)
    expect(tooSlow([{ query: 'unknown', smallMs: Number.NaN, largeMs: 1, times: Number.NaN }])).to.equal(1)
  })
})

describe('bench: the rounds of one target', () => {
  const round = (perSecond: number, over = {}) => ({
    ...{ requests: perSecond, perSecond, p50Ms: 1, p99Ms: 2, failed: 0, broken: 0 },
    ...over,
  })

  it('are medians, the most memory, and every error', () => {
    const figures = summary(
      new Map([
        ['Koa, one prepared row', [round(1_000), round(500), round(2_000)]],
        ['Koa, hello', [round(4_000), round(2_000), round(8_000)]],
        [
          'detail',
          [
            round(400, { apiMib: 120, statements: 2, failed: 3 }),
            round(200, { apiMib: 150, statements: 2.5, broken: 4 }),
            round(900, { apiMib: 130, statements: 1 }),
          ],
        ],
      ]),
    )
    expect(figures.map(({ name }) => name)).to.have.length(3)
    expect(figures.at(-1)).to.deep.equal({
      ...{ name: 'detail', perSecond: 400, p50Ms: 1, p99Ms: 2, toRow: 0.4, toHello: 0.1 },
      ...{ apiMib: 150, statements: 2, failed: 3, broken: 4 },
    })
    expect(figures[0]).to.not.have.any.keys('apiMib', 'statements')
  })
})
