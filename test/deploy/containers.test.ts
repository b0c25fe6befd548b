import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect } from 'chai'
import { freePort } from '../../api/embedded/loopback.js'
import { readManifest } from '../../cli/deploy/manifest.js'
import { setUp } from '../../cli/deploy/set-up.js'
import { readStatus } from '../../cli/deploy/status.js'
import { type Paths, readSettings } from '../../cli/deploy/supervisor/folder.js'
import { composeTarget } from '../../cli/deploy/targets/compose.js'
import { commit, release, useDeployFolder } from './deploy-folder.js'
import { startStream } from './stream.js'

const caught = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    error => error,
  )

describe('a deploy with docker compose', function () {
  this.timeout(60_000)
  type Container = { service: string; image: string; pid: number; isRunning: boolean }
  let state: string
  // registered first, so that it comes before the folder is removed
  after(() => {
    if (!state || !existsSync(state)) return
    for (const { pid } of JSON.parse(readFileSync(state, 'utf8')) as Container[])
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // it ended, as it should have
      }
  })

  const t = useDeployFolder({
    settings: { api: 1, target: 'compose' },
    targetOf: paths => composeOf(paths),
  })
  const composeOf = (paths: Paths) => {
    const bin = path.join(path.dirname(paths.root), 'bin')
    return composeTarget(paths, readSettings(paths), {
      PATH: `${bin}:${process.env.PATH}`,
      DOCKER_STATE: state,
    })
  }
  const running = () =>
    (JSON.parse(readFileSync(state, 'utf8')) as Container[])
      .filter(({ isRunning }) => isRunning)
      .map(({ service, image }) => `${service} ${image}`)
      .sort()

  before(async function () {
    if (process.platform !== 'linux') return this.skip()
    const scratch = path.dirname(t.paths.root)
    state = path.join(scratch, 'docker.json')
    mkdirSync(path.join(scratch, 'bin'))
    const docker = path.join(scratch, 'bin', 'docker')
    const script = new URL('./docker-stand-in.js', import.meta.url).href
    writeFileSync(docker, `#!${process.execPath}\nimport(${JSON.stringify(script)})\n`)
    chmodSync(docker, 0o755)
    setUp(t.paths.root, { port: await freePort() })
  })

  it('brings the first release live in one colour', async () => {
    const done = await t.deploy({ commit: commit('a') })
    expect(done).to.include({ outcome: 'deployed', release: release('a') })
    expect((await t.who()).commit).to.equal(commit('a'))
    expect(running()).to.deep.equal([`api-blue ${release('a')}`, 'lb haproxy', `worker ${release('a')}`])
    expect(readFileSync(done.log, 'utf8'))
      .to.include('compose')
      .and.include(`db:migrate of ${commit('a')}`)
  })

  it('brings the next live in the other, and ends the one before, its worker too', async () => {
    await t.deploy({ commit: commit('b') })
    expect((await t.who()).commit).to.equal(commit('b'))
    expect(running()).to.deep.equal([`api-green ${release('b')}`, 'lb haproxy', `worker ${release('b')}`])
    expect((await readStatus(t.paths)).live).to.equal(release('b'))
  })

  it('asks the new containers by their commit, and leaves those that are live', async () => {
    const error = await caught(t.deploy({ commit: commit('c'), ready: 'never' }))
    expect(error).to.include({ code: 'deploy.not_ready' })
    expect(running()).to.deep.equal([`api-green ${release('b')}`, 'lb haproxy', `worker ${release('b')}`])
  })

  it('goes back where the smoke test fails', async () => {
    const stream = startStream(t.port(), { lanes: 2 })
    const error = await caught(t.deploy({ commit: commit('d'), smoke: 'fails' }))
    await stream.stop()
    expect(error).to.include({ code: 'deploy.smoke_failed' })
    expect((await t.who()).commit).to.equal(commit('b'))
    expect([...stream.commits]).to.include(commit('b'))
    expect(running()).to.deep.equal([`api-green ${release('b')}`, 'lb haproxy', `worker ${release('b')}`])
  })

  it('takes back at the next deploy what one that was killed on trial left behind', async () => {
    const target = composeOf(t.paths)
    const folder = t.paths.release(release('d'))
    await target.start({ id: release('d'), folder, manifest: readManifest(folder) })
    await target.switch()
    // and nobody calls its confirm or its revert any more
    expect((await t.who()).commit).to.equal(commit('d'))
    await composeOf(t.paths).check()
    expect((await t.who()).commit).to.equal(commit('b'))
  })

  it('says the last words of a container that ended', async () => {
    const error = await caught(t.deploy({ commit: commit('e'), starts: 'dies' }))
    expect(error.message).to.include('this release does not start')
    expect((await t.who()).commit).to.equal(commit('b'))
  })

  it('stops at a migration that fails in its container', async () => {
    const error = await caught(t.deploy({ commit: commit('f'), fails: 'db:migrate' }))
    expect(error.details).to.include({ step: 'migrate', live: release('b') })
  })
})
