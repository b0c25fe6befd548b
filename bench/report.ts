import Table from 'cli-table3'
import { shown } from './figures.js'
import { type QueryGrowth, queryGrowth, targetGrowth, tooSlow } from './growth.js'
import { atLeast, atMost, MARKS, ratioVerdict } from './marks.js'
import { changeSince, type Result } from './results.js'
import type { SizeFigures } from './size.js'
import type { CourseFigures } from './summary.js'

const WORST = 10

/** Said above the figures. */
export const CONDITIONS = [
  'rate limits: counted as in production, and too wide to be reached',
  'API: production build, NODE_ENV=staging, its log (info) to a file; PostgreSQL and Redis of its own, nothing synced to disk',
  'load, limits, API, worker, provider stand-in and servers share the cores of this machine',
]

export function describeRun({ node, cores, cpu, commit, at, plan }: Omit<Result, 'sizes'>): string {
  return (
    `Node ${node}, ${cores} cores, ${cpu}; commit ${commit}; ${at}\n` +
    `medians of ${plan.rounds} rounds of ${plan.roundSeconds} s, 16 connections\n${CONDITIONS.join('\n')}`
  )
}

export function sizeReport(figures: SizeFigures, earlier: Result | undefined): string {
  const rows = [
    ...figures.limits.map(limit => [...courseCells(limit), '']),
    ...figures.targets.map(target => [
      ...courseCells(target),
      changeText(changeSince(earlier, figures.size, target.name, target.toRow)),
    ]),
  ]
  const head = ['', 'req/s', 'p50 ms', 'p99 ms', 'API MiB', 'stmts/req', '× row', 'mark', 'errors', 'before']
  const peak = Math.max(...figures.targets.map(target => target.apiMib ?? 0), figures.orders.apiMib)
  return [
    `\n${figures.size.toLocaleString('en')} listings`,
    drawn(head, rows),
    `API memory at most ${shown(peak, 0, ' MiB')}: ${atMost(peak, MARKS.apiMib, ' MiB').text}`,
    accountNotes(figures),
    ...queryNotes(figures),
    orderReport(figures),
  ].join('\n')
}

function accountNotes({ signedIn, logins }: SizeFigures): string {
  return [
    `signed in, detail costs ${shown(signedIn, 2, '×')}: ${atMost(signedIn, MARKS.signedIn, '×').text}`,
    `logins: ${shown(logins.perSecond, 2)} a second, ${shown(logins.toHashes, 2, '×')} bare hashes ` +
      `(${atLeast(logins.toHashes, MARKS.logins, '×').text}), ${logins.failed} errors; health meanwhile ` +
      `p99 ${shown(logins.healthP99Ms, 0, ' ms')} (${atMost(logins.healthP99Ms, MARKS.healthP99Ms, ' ms').text})`,
  ].join('\n')
}

function courseCells(course: CourseFigures): string[] {
  return [
    course.name,
    shown(course.perSecond, 0),
    shown(course.p50Ms, 2),
    shown(course.p99Ms, 2),
    shown(course.apiMib, 0),
    shown(course.statements, 2),
    shown(course.toRow, 2),
    ratioVerdict(course.name, course.toRow)?.text ?? '',
    `${course.failed + course.broken}`,
  ]
}

function queryNotes({ queries }: SizeFigures): string[] {
  const nothing = queries.filter(({ found, failed }) => found === 0 && failed === 0).length
  const failed = queries.filter(query => query.failed > 0)
  return [
    `of ${queries.length} queries ${nothing} found nothing`,
    ...(failed.length > 0
      ? [
          `ERRORS for ${failed.length} queries: ${failed
            .slice(0, 5)
            .map(({ query }) => query)
            .join(' | ')}`,
        ]
      : []),
  ]
}

function orderReport({ orders }: SizeFigures): string {
  return [
    `\norder flow: ${shown(orders.perSecond, 1)} orders a second ` +
      `(${atLeast(orders.perSecond, MARKS.ordersPerSecond, '/s').text}), ${orders.orders} orders, ` +
      `${orders.failed} errors, ${shown(orders.requestsAnOrder, 1)} requests and ` +
      `${shown(orders.statementsAnOrder, 1)} statements an order, API ${shown(orders.apiMib, 0)} MiB`,
    drawn(
      ['', ...orders.steps.map(({ name }) => name)],
      [
        ['p50 ms', ...orders.steps.map(({ p50Ms }) => shown(p50Ms, 1))],
        ['p99 ms', ...orders.steps.map(({ p99Ms }) => shown(p99Ms, 1))],
      ],
    ),
    ...orders.failures.map(failure => `  error: ${failure}`),
  ].join('\n')
}

export function growthReport(small: SizeFigures, large: SizeFigures): string {
  const growths = queryGrowth(small, large)
  const slow = tooSlow(growths)
  return [
    `\nfrom ${small.size.toLocaleString('en')} to ${large.size.toLocaleString('en')} listings, times slower`,
    ...targetGrowth(small, large).map(
      ({ name, times, verdict }) => `  ${name.padEnd(12)}${shown(times, 2, '×')}  ${verdict.text}`,
    ),
    `  ${slow} of ${growths.length} queries above ${MARKS.queryGrowth}×: ${slow === 0 ? 'ok' : 'MISSED'}`,
    `  the worst ${WORST}:`,
    ...growths.slice(0, WORST).map(worstLine),
  ].join('\n')
}

const worstLine = ({ times, smallMs, largeMs, query }: QueryGrowth): string =>
  `  ${shown(times, 1, '×').padStart(9)}  ${shown(smallMs, 1)} → ${shown(largeMs, 1)} ms  ${query}`

const changeText = (change: number | undefined): string =>
  change === undefined ? '-' : `${change < 0 ? '−' : '+'}${Math.abs(change * 100).toFixed(0)} %`

function drawn(head: string[], rows: string[][]): string {
  const table = new Table({
    head,
    style: { head: [], border: [], compact: true },
    colAligns: ['left', ...head.slice(1).map(() => 'right' as const)],
  })
  table.push(...rows)
  return table.toString()
}
