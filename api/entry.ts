import { realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { toAppError } from './platform/driver-errors.js'

/** `abandoned`: whoever would ask it to stop is gone. */
export type Closable = { abandoned?: Promise<void>; close(): Promise<void> }

/** True for the file node was started with. */
export function isMain(moduleUrl: string): boolean {
  const script = process.argv[1]
  return script !== undefined && realpathSync(script) === fileURLToPath(moduleUrl)
}

/** Runs a process until SIGTERM or SIGINT, closes in order, and exits. A second one of the kind does not wait. */
export async function untilSignal(start: () => Promise<Closable>): Promise<void> {
  let running: Closable
  try {
    running = await start()
  } catch (thrown) {
    const error = toAppError(thrown)
    process.stderr.write(
      `${error.kind === 'internal' && thrown instanceof Error ? thrown.stack : error.message}\n`,
    )
    process.exit(
      error.kind === 'invalid' ? 5 : error.kind === 'conflict' ? 4 : error.kind === 'unavailable' ? 7 : 1,
    )
  }
  await new Promise<void>(resolve => {
    // heard once: the next one finds node's own answer, which is to end at once
    for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => resolve())
    running.abandoned?.then(resolve)
  })
  await running.close()
  process.exit(0)
}
