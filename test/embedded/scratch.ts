import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A folder for one describe, removed after it. Open to be entered: as root, PostgreSQL runs as nobody. */
export function useScratch(cleanUp: () => Promise<void> = async () => {}): {
  path(...parts: string[]): string
} {
  let folder = ''
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'cargoparts-test-'))
    chmodSync(folder, 0o755)
  })
  after(async () => {
    await cleanUp()
    rmSync(folder, { recursive: true, force: true })
  })
  return { path: (...parts) => join(folder, ...parts) }
}

/** Runs the sibling program of this name and resolves with its first line; it then waits to be killed. */
export function startProgram(
  name: string,
  ...args: string[]
): Promise<{ child: ChildProcess; line: string }> {
  const file = fileURLToPath(new URL(`./${name}.js`, import.meta.url))
  const child = spawn(process.execPath, [file, ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
  return new Promise((resolve, reject) => {
    let text = ''
    child.stdout.on('data', chunk => {
      text += String(chunk)
      if (text.includes('\n')) resolve({ child, line: text.slice(0, text.indexOf('\n')) })
    })
    child.once('exit', code => reject(new Error(`${name} ended with ${code} before it said anything`)))
  })
}

/** Ends one process we started, by its id and without mercy, and waits until it is gone. */
export async function killHard(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise(resolve => child.once('exit', resolve))
  child.kill('SIGKILL')
  await gone
}
