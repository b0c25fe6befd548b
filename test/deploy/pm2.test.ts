import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { expect } from 'chai'
import { identify } from '../../api/embedded/process.js'
import { setUp } from '../../cli/deploy/set-up.js'
import { ensureSupervisor } from '../../cli/deploy/start-supervisor.js'
import { readStatus } from '../../cli/deploy/status.js'
import { stop, useDeployFolder } from './deploy-folder.js'

/** What pm2 does with an ecosystem file, for this one: starts what it names, and lives on. */
const PM2 = `#!${process.execPath}
const { spawn } = require('node:child_process')
const [verb, file] = process.argv.slice(2)
if (verb !== 'start') process.exit(1)
const [app] = require(file).apps
const child = spawn(process.execPath, [app.script, ...app.args], { cwd: app.cwd, detached: true, stdio: 'ignore' })
child.unref()
`

describe('where the operator has pm2', function () {
  this.timeout(30_000)
  const t = useDeployFolder({ settings: { manager: 'pm2' } })

  it('it keeps the supervisor, in one process, and ends it by its own signal and in its own time', () => {
    const { apps } = createRequire(import.meta.url)(t.paths.ecosystem)
    expect(apps).to.have.length(1)
    expect(apps[0]).to.include({ exec_mode: 'fork', treekill: false, kill_timeout: 75_000 })
  })

  it('the first deploy asks it to start the supervisor, by its own name on the PATH', async () => {
    const bin = path.join(t.made, 'bin')
    mkdirSync(bin)
    writeFileSync(path.join(bin, 'pm2'), PM2)
    chmodSync(path.join(bin, 'pm2'), 0o755)
    expect(await ensureSupervisor(t.paths, { PATH: `${bin}:${process.env.PATH}` })).to.equal(true)
    expect(readFileSync(path.join(t.paths.logs, 'supervisor.log'), 'utf8')).to.include('$ pm2 start')
    const { supervisor } = await readStatus(t.paths)
    const who = identify(supervisor?.pid as number)
    if (who) await stop(who)
  })

  it('where it is not there, says so', async () => {
    const error = await ensureSupervisor(t.paths, { PATH: '/nonexistent' }).catch(each => each)
    expect(error).to.include({ kind: 'unavailable' })
    expect(error.message).to.include('pm2')
  })

  it('settings that are named change, others stay', () => {
    const { settings } = setUp(t.paths.root, { keep: 7 })
    expect(settings).to.include({ manager: 'pm2', keep: 7, api: 2 })
  })
})
