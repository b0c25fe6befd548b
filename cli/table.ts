import { printable } from './terminal-text.js'

/** Rows for a person at a terminal; plain tab-separated lines for a pipe. */
export async function table(head: string[], rows: string[][]): Promise<string> {
  const lines = rows.map(row => row.map(printable))
  if (!process.stdout.isTTY) return [head, ...lines].map(row => row.join('\t')).join('\n')
  const { default: Table } = await import('cli-table3')
  const drawn = new Table({ head, style: { head: ['bold'], compact: true } })
  drawn.push(...lines)
  return drawn.toString()
}

/** `2026-03-01 17:05` in Riyadh: how times are shown to operators. */
export function when(at: Date | null): string {
  if (!at) return '-'
  return new Intl.DateTimeFormat('sv-SE', {
    timeZone: 'Asia/Riyadh',
    dateStyle: 'short',
    timeStyle: 'short',
  }).format(at)
}
