import { existsSync, readFileSync } from 'node:fs'
import { request } from 'node:http'
import path from 'node:path'
import { expect } from 'chai'
import { identify, isAlive, signalProcess, waitFor } from '../../api/embedded/process.js'
import { talk } from '../../cli/deploy/conversation.js'
import { ensureSupervisor } from '../../cli/deploy/start-supervisor.js'
import { readStatus } from '../../cli/deploy/status.js'
import type { GenerationReport } from '../../cli/deploy/supervisor/generation.js'
import { runNode } from '../support/command.js'
import { eventually } from '../support/worker.js'
import { commit, stop, useDeployFolder } from './deploy-folder.js'
import { startStream } from './stream.js'

describe('the supervisor', function () {
  this.timeout(60_000)
  const t = useDeployFolder()
  const membersOf = async () =>
    (await readStatus(t.paths)).supervisor?.generations.flatMap(each => each.members) ?? []

  const generations = async () => (await readStatus(t.paths)).supervisor?.generations.length

  before(() => t.deploy({ commit: commit('a') }))

  it('lives outside the releases', async () => {
    const { pid } = t.supervisor()
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
    expect(words).to.include(path.join(t.paths.supervisor, 'main.js'))
  })

  it('starts a process again that died, and lets clients wait meanwhile instead of turning them away', async () => {
    const before = await membersOf()
    for (const { role, pid } of before) if (role === 'api') signalProcess(pid as number, 'SIGKILL')
    // not one process is there to answer: these wait
    const answers = await Promise.all(Array.from({ length: 8 }, () => t.who()))
    expect(new Set(answers.map(({ commit }) => commit))).to.deep.equal(new Set([commit('a')]))
    await eventually('all up', async () => (await membersOf()).every(({ state }) => state === 'up'))
    const after = await membersOf()
    expect(after.map(({ restarts }) => restarts)).to.deep.equal([1, 1, 0])
    expect(after[0]?.lastEnd).to.equal('SIGKILL')
  })

  it('sends clients to those that are left while one is gone', async () => {
    const stream = startStream(t.port(), { lanes: 2 })
    await eventually('some answers', () => stream.answered > 20)
    await stream.stop()
    expect(stream.failures).to.deep.equal([])
  })

  it('takes one deploy at a time, whatever locks say', async () => {
    const [one, two] = [await talk(t.paths.control), await talk(t.paths.control)]
    try {
      await one.ask({ ask: 'start', release: '1.0.0-aaaaaaaaaaaa' })
      const error = await two.ask({ ask: 'start', release: '1.0.0-aaaaaaaaaaaa' }).catch(each => each)
      expect(error).to.include({ kind: 'conflict' })
      for (const question of ['switch', 'confirm', 'revert'] as const)
        expect(await two.ask({ ask: question }).catch(each => each.kind)).to.equal('conflict')
    } finally {
      one.close()
      two.close()
    }
    await eventually('it is taken back', async () => (await generations()) === 1)
  })

  it('starts a release beside the one that serves one process after the other, so that both have room', async () => {
    const one = await talk(t.paths.control)
    try {
      const { members } = await one.ask<GenerationReport>({ ask: 'start', release: '1.0.0-aaaaaaaaaaaa' })
      expect(members.map(({ pid }) => pid !== null)).to.deep.equal([true, false, false])
      await eventually('all are up', async () => {
        const now = (await one.ask<GenerationReport>({ ask: 'candidate' })).members
        expect(now.filter(({ state, pid }) => state === 'starting' && pid !== null).length).to.be.below(2)
        return now.every(({ state }) => state === 'up')
      })
    } finally {
      one.close()
    }
  })

  it('takes a release back whose processes wait for their turn', async () => {
    const one = await talk(t.paths.control)
    await eventually('the one before is gone', async () => (await generations()) === 1)
    await one.ask({ ask: 'start', release: '1.0.0-aaaaaaaaaaaa' })
    await one.ask({ ask: 'revert' })
    one.close()
    await eventually('it is taken back', async () => (await generations()) === 1)
    expect((await t.who()).commit).to.equal(commit('a'))
  })

  it('is alone on its folder', async () => {
    const { code, stderr } = await runNode([path.join(t.paths.supervisor, 'main.js'), t.paths.root], {})
    expect(code).to.equal(1)
    expect(stderr).to.include('Another supervisor')
    expect((await t.who()).commit).to.equal(commit('a'))
  })

  it('killed, takes its processes with it: each finishes what it has in hand', async () => {
    const members = await membersOf()
    const identities = members.flatMap(({ pid }) => (pid ? [identify(pid)] : []))
    await stop(t.supervisor(), 'SIGKILL')
    const gone = await waitFor(() => identities.every(who => who && !isAlive(who)), 10_000)
    expect(gone).to.equal(true)
  })

  it('started again, serves what was live', async () => {
    expect(await ensureSupervisor(t.paths, { PATH: process.env.PATH })).to.equal(true)
    const { supervisor } = await readStatus(t.paths)
    const port = supervisor?.port as number
    const status = await new Promise((resolve, reject) => {
      request({ port, host: '127.0.0.1', path: '/who', agent: false }, answer => {
        answer.resume()
        resolve(answer.statusCode)
      })
        .on('error', reject)
        .end()
    })
    expect(status).to.equal(200)
  })

  it('told to stop, stops everything and leaves no file that says it runs', async () => {
    await stop(t.supervisor())
    expect(existsSync(t.paths.control)).to.equal(false)
    expect((await readStatus(t.paths)).supervisor).to.equal(null)
  })
})
