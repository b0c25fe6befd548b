import { printable } from './terminal-text.js'

/** Rows for a person at a terminal; plain tab-separated lines for a pipe. */
export async function table(head: string[], rows: string[][]): Promise<string> {
  const lines = rows.map(row => row.map(printable))
  if (!process.stdout.isTTY) return [head, ...lines].map(row => row.join('\t')).join('\n')
  const { default: Table } = await import('cli-table3')
  const colWidths = fitted(head, lines)
  const drawn = new Table({
    head,
    style: { head: ['bold'], compact: true },
    ...(colWidths ? { colWidths } : {}),
  })
  drawn.push(
    ...lines.map(line =>
      line.map((cell, at) => (colWidths ? wrapped(cell, (colWidths[at] ?? 0) - PADDING) : cell)),
    ),
  )
  return drawn.toString()
}

/** Broken between words; one that fits no line is cut, so that none of it is lost. */
function wrapped(text: string, width: number): string {
  const lines: string[] = []
  for (const word of text.split(' ').flatMap(word => pieces(word, width))) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines.join('\n')
}

function pieces(word: string, width: number): string[] {
  const characters = [...word]
  if (characters.length <= width) return [word]
  return Array.from({ length: Math.ceil(characters.length / width) }, (_, at) =>
    characters.slice(at * width, (at + 1) * width).join(''),
  )
}

/** A terminal that does not say how wide it is. */
const WIDTH = 120
/** Of a column that is made narrower; an id is none. */
const LEAST = 14
const PADDING = 2

/** The columns' widths where the table is wider than the terminal: the widest give way and wrap, ids never. */
function fitted(head: string[], lines: string[][]): number[] | undefined {
  const widths = head.map((name, at) =>
    Math.max(...[name, ...lines.map(line => line[at] ?? '')].map(({ length }) => length)),
  )
  const isId = (at: number) => lines.some(line => UUID.test(line[at] ?? ''))
  const room = (process.stdout.columns ?? WIDTH) - (head.length + 1) - head.length * PADDING
  let over = widths.reduce((total, width) => total + width, 0) - room
  if (over <= 0) return undefined
  while (over > 0) {
    const at = widths.reduce(
      (widest, width, index) =>
        !isId(index) && width > Math.max(LEAST, widths[widest] ?? 0) ? index : widest,
      -1,
    )
    if (at < 0) break
    widths[at] = (widths[at] ?? 0) - 1
    over -= 1
  }
  return widths.map(width => width + PADDING)
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** `2026-03-01 17:05` in Riyadh: how times are shown to operators. */
export function when(at: Date | null): string {
  if (!at) return '-'
  return new Intl.DateTimeFormat('sv-SE', {
    timeZone: 'Asia/Riyadh',
    dateStyle: 'short',
    timeStyle: 'short',
  }).format(at)
}

const STEPS: [seconds: number, unit: string][] = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'min'],
  [1, 's'],
]

/** `3 min`: how long it is from one time to another, in the largest unit that it fills. */
export function span(from: Date, to: Date): string {
  const seconds = Math.max(0, Math.round((to.getTime() - from.getTime()) / 1_000))
  const [size, unit] = STEPS.find(([size]) => seconds >= size) ?? [1, 's']
  return `${Math.floor(seconds / size)} ${unit}`
}

/** `3 min ago`, `in 3 min`, or a dash. */
export function fromNow(at: Date | null, now = new Date()): string {
  if (!at) return '-'
  return at <= now ? `${span(at, now)} ago` : `in ${span(now, at)}`
}

/** `1 job`, `2 jobs`. */
export const counted = (count: number, noun: string): string =>
  `${count.toLocaleString('en')} ${count === 1 ? noun : `${noun}s`}`
