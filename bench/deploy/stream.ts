import { Agent, request } from 'node:http'
import { parseArgs } from 'node:util'

/**
 * A constant stream of requests from a process of its own, until it is told to stop: half on connections that are kept,
 * half each on a fresh one. Requests leave by the clock, whether or not the ones before are answered, and their time
 * counts from when they should have left. Prints what it saw as one JSON document.
 */
const { values, positionals: paths } = parseArgs({
  options: { url: { type: 'string' }, rate: { type: 'string' } },
  allowPositionals: true,
})
const perSecond = Number(values.rate ?? 200)

/** `at`: when it ended, in milliseconds since the stream began. */
export type Seen = { at: number; ms: number; isKept: boolean; failure?: string }

const seen: Seen[] = []
const kept = new Agent({ keepAlive: true, maxSockets: 32 })
const began = performance.now()
const now = () => performance.now() - began
let [sent, open] = [0, 0]
let isStopping = false

function send(dueAt: number): void {
  const isKept = sent % 2 === 0
  const path = paths[Math.floor(sent / 2) % paths.length] as string
  sent++
  open++
  let isOver = false
  const over = (failure?: string) => {
    if (isOver) return
    isOver = true
    const at = now()
    seen.push({ at, ms: at - dueAt, isKept, ...(failure === undefined ? {} : { failure }) })
    open--
    if (isStopping && open === 0) finish()
  }
  const asked = request(
    new URL(path, values.url),
    { agent: isKept ? kept : false, timeout: 10_000 },
    answer => {
      answer.resume()
      answer.on('end', () =>
        over(answer.statusCode === 200 ? undefined : `${path} answered ${answer.statusCode}`),
      )
      answer.on('error', error => over(`${path}: ${error.message}`))
    },
  )
  asked.on('timeout', () => asked.destroy(new Error('no answer within 10 s')))
  asked.on('error', error => over(`${path}: ${(error as NodeJS.ErrnoException).code ?? ''} ${error.message}`))
  asked.end()
}

const clock = setInterval(() => {
  // as many as are due by now, so that a late timer sends none the fewer
  while (sent < (now() * perSecond) / 1_000) send((sent * 1_000) / perSecond)
}, 2)

function finish(): void {
  process.stdout.write(JSON.stringify(seen), () => process.exit(0))
}

process.once('SIGTERM', () => {
  clearInterval(clock)
  isStopping = true
  if (open === 0) finish()
})
process.stderr.write('streaming\n')
