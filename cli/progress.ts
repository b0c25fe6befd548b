import { SingleBar } from 'cli-progress'

export type Progress = { at(done: number): void; step(name: string): void; end(): void }

/** How far a long command is, on stderr. Without a terminal it says so at every tenth, a line each. */
export function progressBar(total: number, unit: string): Progress {
  return process.stderr.isTTY ? bar(total, unit) : lines(total, unit)
}

function bar(total: number, unit: string): Progress {
  const started = performance.now()
  const shown = new SingleBar({
    format: `{bar} {percentage}% · {value} of {total} ${unit} · {speed}/s · {eta_formatted} left`,
    formatValue: (value, _options, type) =>
      type === 'value' || type === 'total' ? value.toLocaleString('en') : String(value),
    // how long it takes is not known of the first few, and of the last nothing is left
    formatTime: time => (Number.isFinite(time) ? inMinutes(Math.round(time)) : '…'),
    barsize: 30,
    hideCursor: true,
    stream: process.stderr,
  })
  let first: number | undefined
  let isRunning = false
  const stop = () => {
    if (isRunning) shown.stop()
    isRunning = false
  }
  return {
    at(done) {
      first ??= done
      if (!isRunning) shown.start(total, first, { speed: '…' })
      isRunning = true
      const speed = Math.round(((done - first) * 1_000) / (performance.now() - started))
      shown.update(done, { speed: speed.toLocaleString('en') })
    },
    step(name) {
      stop()
      process.stderr.write(`${name} …\n`)
    },
    end: stop,
  }
}

const inMinutes = (seconds: number): string =>
  seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${String(seconds % 60).padStart(2, '0')}s`

function lines(total: number, unit: string): Progress {
  let tenth = 0
  return {
    at(done) {
      const now = Math.floor((done * 10) / total)
      if (now > tenth)
        process.stderr.write(`${done.toLocaleString('en')} of ${total.toLocaleString('en')} ${unit}\n`)
      tenth = Math.max(now, tenth)
    },
    step: name => process.stderr.write(`${name} …\n`),
    end: () => {},
  }
}
