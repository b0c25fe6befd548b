import { duration } from '../start/steps.js'
import { printable } from '../terminal-text.js'
import type { StepRecord } from './history.js'

/** How the steps are shown while they run. */
export type View = {
  begin(at: number): void
  say(at: number, line: string): void
  end(at: number, record: StepRecord): void
  close(): void
}

const MARK = { done: '✓', failed: '✗', skipped: '-', not_reached: '·' } as const
const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']

/** A list that is drawn again in its place, on a terminal; elsewhere a line for each step when it is over. */
export async function openView(names: readonly string[], write: (line: string) => void): Promise<View> {
  return process.stderr.isTTY ? liveView(names) : plainView(names, write)
}

export function plainView(names: readonly string[], write: (line: string) => void): View {
  const width = Math.max(...names.map(name => name.length))
  return {
    begin: at => write(`  … ${names[at]}`),
    say: () => {},
    end: (_at, record) => write(lineOf(record, width)),
    close: () => {},
  }
}

async function liveView(names: readonly string[]): Promise<View> {
  const { createLogUpdate } = await import('log-update')
  const draw = createLogUpdate(process.stderr)
  const width = Math.max(...names.map(name => name.length))
  const lines = names.map(name => `  ${MARK.not_reached} ${name}`)
  let running: { at: number; from: number; said: string } | undefined
  let frame = 0
  let isClosed = false
  const show = () => {
    const text = lines.map((line, at) => {
      if (at !== running?.at) return line
      const { from, said } = running
      return `  ${FRAMES[frame % FRAMES.length]} ${(names[at] ?? '').padEnd(width)}  ${duration(performance.now() - from).padStart(8)}  ${said}`
    })
    // a line that wraps would be drawn over only in part
    draw(text.map(line => line.slice(0, (process.stderr.columns || 80) - 1)).join('\n'))
  }
  const tick = setInterval(() => {
    frame++
    show()
  }, 100)
  return {
    begin(at) {
      running = { at, from: performance.now(), said: '' }
      show()
    },
    say(at, line) {
      if (running?.at === at) running.said = printable(line)
    },
    end(at, record) {
      lines[at] = lineOf(record, width)
      if (running?.at === at) running = undefined
      show()
    },
    close() {
      if (isClosed) return
      isClosed = true
      clearInterval(tick)
      show()
      draw.done()
    },
  }
}

function lineOf({ name, state, ms, detail }: StepRecord, width: number): string {
  const time = state === 'skipped' ? 'skipped' : duration(ms)
  return `  ${MARK[state]} ${name.padEnd(width)}  ${time.padStart(8)}  ${printable(detail)}`.trimEnd()
}
