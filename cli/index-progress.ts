import type { BuildEvent } from '../api/platform/indexes.js'
import { printable } from './terminal-text.js'

const CLEAR = '\r\x1b[K'

/** What index builds are at, on stderr: one line rewritten at a terminal; elsewhere a line whenever something changes. */
export function indexProgress(stream: NodeJS.WriteStream = process.stderr) {
  let isLineOpen = false
  let shown = ''
  const line = (text: string) => {
    stream.write(`${isLineOpen ? CLEAR : ''}${printable(text)}\n`)
    isLineOpen = false
  }
  const passing = (text: string) => {
    stream.write(`${CLEAR}${printable(text).slice(0, (stream.columns || 80) - 1)}`)
    isLineOpen = true
  }

  return {
    async on(event: BuildEvent): Promise<void> {
      if (event.kind === 'begun') {
        shown = ''
        return line(`${event.at}/${event.of} ${event.name}`)
      }
      if (event.kind === 'elsewhere')
        return line(`  ${event.name} is being built by pid ${event.pid}: waiting for it`)
      const { phase, percent, waitsFor } = event
      const blockers = waitsFor.map(({ pid }) => pid).join()
      if (blockers !== '' && `${phase} ${blockers}` !== shown) {
        const { describeSession } = await import('../api/platform/sessions.js')
        for (const session of waitsFor) line(`  waits for ${describeSession(session)}`)
        shown = `${phase} ${blockers}`
        return
      }
      const told = `  ${phase}${percent === null ? '' : ` ${percent}%`}`
      if (stream.isTTY) return passing(told)
      // a line for each quarter is enough for a log
      const step = `${phase} ${percent === null ? '' : Math.floor(percent / 25)}`
      if (blockers === '' && step !== shown) line(told)
      shown = blockers === '' ? step : shown
    },
    end(): void {
      if (isLineOpen) stream.write(CLEAR)
      isLineOpen = false
    },
  }
}
