import { setTimeout as wait } from 'node:timers/promises'

/** Shows something again and again, until Ctrl-C, which is how it is meant to end. At a terminal in the same place. */
export async function watch(everySeconds: number, frame: () => Promise<string>): Promise<void> {
  const stop = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort())
  while (!stop.signal.aborted) {
    const text = await frame()
    // home, then clear what is below: without a flicker between
    process.stdout.write(process.stdout.isTTY ? `\x1b[H\x1b[J${text}\n` : `${text}\n`)
    await wait(everySeconds * 1_000, undefined, { signal: stop.signal }).catch(() => undefined)
  }
}
