import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Packed, pack } from './pack.js'
import { type Run, runProgram } from './program.js'
import { commitOf } from './source.js'
import { buildEnvironment, moved, runChecks, skippedChecks } from './steps/build.js'

type Options = {
  source: string
  into: string
  /** Asked of git where it is not said. */
  commit: string | undefined
  isChecked: boolean
  reason: string | null
  env: NodeJS.ProcessEnv
  write(line: string): void
}

/** Checks, builds and packs. What is packed is what was built from the commit, not what lay in `dist`. */
export async function packCheckout({
  source,
  into,
  commit,
  isChecked,
  reason,
  env,
  write,
}: Options): Promise<Packed> {
  const scratch = mkdtempSync(path.join(tmpdir(), 'cargoparts-pack-log-'))
  const stop = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort())
  const run: Run = {
    cwd: source,
    env: buildEnvironment(env),
    log: path.join(scratch, 'pack.log'),
    signal: stop.signal,
  }
  try {
    const known = commit ?? (await commitOf(source))
    const checks = isChecked ? await runChecks(run, name => write(`${name} …`)) : skippedChecks()
    const now = commit ?? (await commitOf(source))
    if (now !== known) throw moved(known, now)
    write('build …')
    await runProgram('npm', ['run', 'build'], run)
    return await pack({ source, into, commit: known, checks, reason: isChecked ? null : reason })
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}
