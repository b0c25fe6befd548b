import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { VERSION } from '../../api/platform/version.js'

/**
 * `npm run record:statements`: what this release asks the database, as its own tests make it ask. Run once a release, when it
 * is the one that serves; from then on the test beside this holds every schema against it.
 */
const root = fileURLToPath(new URL('../../../', import.meta.url))
const folder = mkdtempSync(path.join(tmpdir(), 'cargoparts-record-'))
const file = path.join(folder, 'statements')
const recorder = pathToFileURL(path.join(root, 'dist/test/releases/recorder.js')).href

const child = spawn(process.execPath, ['dist/test/support/run.js', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, CARGOPARTS_RECORD_TO: file, NODE_OPTIONS: `--import ${recorder}` },
})
const code = await new Promise<number | null>(resolve => child.once('close', resolve))
try {
  if (code === 0) keep()
  else console.error('The tests failed: nothing is recorded.')
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.exitCode = code ?? 1

function keep(): void {
  const lines = readFileSync(file, 'utf8').trim().split('\n')
  const statements = [...new Set(lines.map(line => JSON.parse(line) as string))].sort()
  const commit = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim()
  const record = { release: VERSION, commit, statements }
  writeFileSync(path.join(root, 'test/releases/before.json'), `${JSON.stringify(record, null, 2)}\n`)
  console.log(`${statements.length} statements of ${VERSION} (${commit.slice(0, 8)}).`)
}
