import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import path from 'node:path'
import { openControl } from './control.js'
import { currentOf, environmentOf, makeCurrent, pathsOf, readSettings } from './folder.js'
import { createGate, SYSTEMD } from './gate.js'
import { createKeeper } from './keeper.js'

/**
 * The supervisor: a program of its own, outside every release, with nothing but node. It holds the port, and keeps the
 * processes of the release that is live. `node supervisor/main.js FOLDER`.
 */
async function main(root: string): Promise<void> {
  const paths = pathsOf(path.resolve(root))
  mkdirSync(paths.run, { recursive: true, mode: 0o700 })
  const { port, host } = readSettings(paths)
  const isGiven = process.env.LISTEN_FDS === '1' && process.env.LISTEN_PID === String(process.pid)
  const gate = createGate({ port: isGiven ? SYSTEMD : port, host })
  const keeper = createKeeper({
    gate,
    settings: () => {
      const { api, workers, drainSeconds, readySeconds } = readSettings(paths)
      return {
        count: { api, worker: workers },
        drainMs: drainSeconds * 1_000,
        readyMs: readySeconds * 1_000,
        env: environmentOf(paths, process.env),
      }
    },
    folderOf: paths.release,
    doorFor: (generation, role, index) => path.join(paths.run, `${generation}-${role}-${index}.sock`),
    logFor: (release, role) => path.join(paths.logs, release, `${role}.log`),
    remember: release => makeCurrent(paths, release),
  })
  if (await answers(paths.control)) throw new Error(`Another supervisor has ${paths.root} already.`)
  const current = currentOf(paths)
  if (current) await keeper.resume(current)
  const control = await openControl(paths.control, keeper)
  const pidFile = path.join(paths.run, 'supervisor.pid')
  writeFileSync(pidFile, `${process.pid}\n`, { mode: 0o600 })

  let isStopping = false
  const stop = async () => {
    if (isStopping) return
    isStopping = true
    control.close()
    await keeper.stop()
    rmSync(paths.control, { force: true })
    rmSync(pidFile, { force: true })
    process.exit(0)
  }
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.on(name, () => void stop())
  process.stdout.write(
    `supervisor ${process.pid}: ${current ? `serves ${current}` : 'nothing to serve yet'}\n`,
  )
}

/** Does one talk there? A socket that a killed one left behind says nothing. */
function answers(control: string): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(control, () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

const [root] = process.argv.slice(2)
if (root === undefined) {
  process.stderr.write('Usage: node main.js FOLDER\n')
  process.exit(2)
}
await main(root)
