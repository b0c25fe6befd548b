import { spawn } from 'node:child_process'
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect } from 'chai'
import { readHistory } from '../../cli/deploy/history.js'
import { readLock, stateOf } from '../../cli/deploy/lock.js'
import { readStatus } from '../../cli/deploy/status.js'
import { BIN, bareEnvironment, cargoparts, type Ended, ended, envelope, json } from '../support/command.js'
import { eventually } from '../support/worker.js'
import { commit, release, useDeployFolder } from './deploy-folder.js'
import { startStream } from './stream.js'

/** A deploy as somebody types it, that waits in a hook until it is let on. */
describe('a deploy that is ended early', function () {
  this.timeout(60_000)
  const t = useDeployFolder()
  let file: string

  const command = (...words: string[]) => cargoparts([...words, '--root', t.paths.root], bareEnvironment())
  const begin = () => {
    const args = [BIN, 'deploy', file, '--root', t.paths.root]
    const child = spawn(process.execPath, args, { env: bareEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] })
    return { child, ended: ended(child) as Promise<Ended> }
  }
  /** A hook that waits for ever at a step. */
  const holdAt = (step: string) => {
    for (const each of ['before-switch', 'before-smoke'])
      writeFileSync(path.join(t.paths.hooks, each), '#!/bin/sh\n')
    const hook = path.join(t.paths.hooks, `before-${step}`)
    writeFileSync(hook, '#!/bin/sh\necho held >&2\nexec sleep 600\n')
    for (const each of ['before-switch', 'before-smoke']) chmodSync(path.join(t.paths.hooks, each), 0o755)
  }
  const isAt = (step: string) => eventually(`at ${step}`, () => readLock(t.paths.lock)?.step === step)
  const isLiveAlone = (letter: string) =>
    eventually(`${letter} alone`, async () => {
      const { supervisor } = await readStatus(t.paths)
      const all = supervisor?.generations.map(each => `${each.release} ${each.state}`)
      return all?.join() === `${release(letter)} live`
    })

  before(async () => {
    await t.deploy({ commit: commit('a') })
    file = await t.artefact({ commit: commit('b') })
  })

  it('by Ctrl-C goes back, opens its lock, and ends with 130', async () => {
    holdAt('smoke')
    const { child, ended } = begin()
    await isAt('smoke')
    await eventually('the new one answers', async () => (await t.who()).commit === commit('b'))
    child.kill('SIGINT')
    const { code, stderr } = await ended
    expect(code, stderr).to.equal(130)
    expect(stderr)
      .to.include('interrupted at smoke')
      .and.include(`${release('a')} is live`)
    expect((await t.who()).commit).to.equal(commit('a'))
    await isLiveAlone('a')
    expect(readLock(t.paths.lock)).to.equal(null)
    expect(readHistory(t.paths).at(-1)).to.include({ outcome: 'interrupted', release: release('b') })
  })

  it('holds off another meanwhile, with who and why, and exit 4', async () => {
    holdAt('switch')
    const { child, ended } = begin()
    await isAt('switch')
    const second = await command('deploy', file, '--json')
    expect(second.code).to.equal(4)
    const { code, details, message } = envelope(second)
    expect(code).to.equal('deploy.locked')
    expect(message).to.include(`process ${child.pid}`).and.include(release('b'))
    expect(details.lock).to.include({ state: 'running', step: 'switch' })
    expect((await command('deploy:rollback')).code).to.not.equal(0)
    const unlocking = await command('deploy:unlock', '--reason', 'impatience')
    expect(unlocking.code, unlocking.stderr).to.equal(4)
    child.kill('SIGTERM')
    expect((await ended).code).to.equal(130)
    await isLiveAlone('a')
  })

  it('by kill -9 while the new release is on trial: the supervisor goes back by itself', async () => {
    holdAt('smoke')
    const stream = startStream(t.port())
    const { child, ended } = begin()
    await isAt('smoke')
    await eventually('the new one answers', () => stream.commits.has(commit('b')))
    child.kill('SIGKILL')
    await ended
    await isLiveAlone('a')
    await stream.stop()
    expect(stream.failures).to.deep.equal([])
    const holder = readLock(t.paths.lock)
    expect(holder && stateOf(holder)).to.equal('cut_short')
    const next = await command('deploy', file)
    expect(next.code).to.equal(4)
    expect(next.stderr).to.include('was cut short, at smoke').and.include('deploy:unlock')
  })

  it('is unlocked with a reason, and on record', async () => {
    expect((await command('deploy:unlock')).code).to.equal(2)
    const { code, stdout } = await command('deploy:unlock', '--reason', 'the runner lost power', '--json')
    expect(code).to.equal(0)
    expect(JSON.parse(stdout)).to.deep.include({ unlocked: true })
    const [cut, unlocked] = readHistory(t.paths).slice(-2)
    expect(cut).to.include({ outcome: 'cut_short', error: 'at smoke', release: release('b') })
    expect(unlocked).to.include({ kind: 'unlock', reason: 'the runner lost power' })
    expect(json(await command('deploy:unlock', '--reason', 'again', '--json'))).to.include({
      unlocked: false,
    })
  })

  it('or not begun: somebody holds deploys, and says why', async () => {
    expect((await command('deploy:lock', '--reason', 'closing until 18:00')).code).to.equal(0)
    const { code, stderr } = await command('deploy', file)
    expect(code).to.equal(4)
    expect(stderr).to.include('closing until 18:00')
    expect(json(await command('deploy:status', '--json')).lock).to.include({ state: 'held' })
    expect((await command('deploy:lock', '--reason', 'me too')).code).to.equal(4)
    expect((await command('deploy:unlock', '--reason', 'done')).code).to.equal(0)
    expect(existsSync(t.paths.lock)).to.equal(false)
  })

  it('leaves nothing of the programs it ran', async () => {
    const log = readFileSync(path.join(t.paths.logs, 'supervisor.log'), 'utf8')
    expect(log).to.not.match(/Error/)
  })
})
