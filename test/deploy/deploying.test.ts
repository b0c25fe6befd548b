import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect } from 'chai'
import { notReady } from '../../cli/deploy/ask.js'
import { readHistory } from '../../cli/deploy/history.js'
import { readStatus } from '../../cli/deploy/status.js'
import { stepsOfDeploy } from '../../cli/deploy/steps.js'
import { eventually } from '../support/worker.js'
import { commit, release, useDeployFolder } from './deploy-folder.js'
import { startStream } from './stream.js'

const caught = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    error => error,
  )

describe('a deploy', function () {
  this.timeout(60_000)
  const t = useDeployFolder()

  it('brings the first release live', async () => {
    const done = await t.deploy({ commit: commit('a') })
    expect(done).to.include({
      outcome: 'deployed',
      release: release('a'),
      commit: commit('a'),
      previous: null,
    })
    expect(done.steps.map(({ state }) => state)).to.deep.equal(done.steps.map(() => 'done'))
    expect((await t.who()).commit).to.equal(commit('a'))
  })

  it('takes the place of the one before without a failed request, on kept connections and fresh ones', async () => {
    const stream = startStream(t.port())
    await t.deploy({ commit: commit('b') })
    await t.deploy({ commit: commit('c') })
    await stream.stop()
    expect(stream.failures).to.deep.equal([])
    expect([...stream.commits]).to.have.members([commit('a'), commit('b'), commit('c')])
    expect(stream.answered).to.be.above(100)
  })

  it('shows the process who its client is', async () => {
    expect((await t.who()).peer).to.equal('127.0.0.1')
  })

  it('lets what is in hand end in the release before, and ends that', async () => {
    const before = (await readStatus(t.paths)).supervisor
    const slow = t.who(800)
    await t.deploy({ commit: commit('d') })
    expect((await slow).commit).to.equal(commit('c'))
    const { supervisor } = await readStatus(t.paths)
    expect(supervisor?.pid).to.equal(before?.pid)
    expect(supervisor?.generations.map(each => [each.release, each.state])).to.deep.equal([
      [release('d'), 'live'],
    ])
  })

  it('replaces the worker as gently: the new one is up before the old one is asked to end', async () => {
    const log = readFileSync(path.join(t.paths.logs, release('c'), 'worker.log'), 'utf8')
    expect(log).to.include(`worker of ${commit('c')} stopped`)
  })

  it('to a release that never becomes ready leaves what is live as it is', async () => {
    const stream = startStream(t.port())
    const error = await caught(t.deploy({ commit: commit('e'), ready: 'never' }))
    await stream.stop()
    expect(error).to.include({ kind: 'unavailable', code: 'deploy.not_ready' })
    expect(error.message)
      .to.include('database_unreachable')
      .and.include(`${release('d')} is live`)
    expect(error.details).to.include({ step: 'health', live: release('d') })
    expect({ failures: stream.failures, commits: [...stream.commits] }).to.deep.equal({
      failures: [],
      commits: [commit('d')],
    })
  })

  it('that fails its smoke test goes back by itself, again without a failed request', async () => {
    const stream = startStream(t.port())
    const error = await caught(t.deploy({ commit: commit('f'), smoke: 'fails' }))
    const { commit: live } = await t.who()
    await stream.stop()
    expect(error).to.include({ kind: 'unavailable', code: 'deploy.smoke_failed' })
    expect(error.message)
      .to.include('listings: 500')
      .and.include(`${release('d')} is live`)
    expect(live).to.equal(commit('d'))
    expect(stream.failures).to.deep.equal([])
    // it was live for a moment, or the smoke test would have tested another
    expect([...stream.commits]).to.include(commit('f'))
    expect((await readStatus(t.paths)).live).to.equal(release('d'))
    await eventually('all of the release before, and nothing else', async () => {
      const { supervisor } = await readStatus(t.paths)
      const members = supervisor?.generations.flatMap(each =>
        each.members.map(({ role, state }) => `${each.release} ${role} ${state}`),
      )
      const all = ['api up', 'api up', 'worker up'].map(each => `${release('d')} ${each}`)
      return members?.join() === all.join()
    })
  })

  it('to a release that does not start says its last words', async () => {
    const error = await caught(t.deploy({ commit: commit('1'), starts: 'dies' }))
    expect(error).to.include({ code: 'deploy.process_ended' })
    expect(error.message).to.include('this release does not start')
    expect((await t.who()).commit).to.equal(commit('d'))
  })

  it('stops at a migration that fails, before anything of the release was started', async () => {
    const error = await caught(t.deploy({ commit: commit('2'), fails: 'db:migrate', exits: 4 }))
    expect(error.details).to.include({ step: 'migrate', live: release('d') })
    // the command's own exit code: 4 is worth another try, 5 is not
    expect(error.kind).to.equal('conflict')
    const said = `cargoparts db:migrate ended with exit code 4: db:migrate of ${commit('2')} fails`
    expect(error.message).to.include(said)
    expect(error.details.steps.find((step: { name: string }) => step.name === 'migrate').detail).to.equal(
      said,
    )
    expect(error.details.steps.find((step: { name: string }) => step.name === 'start').state).to.equal(
      'not_reached',
    )
    expect(existsSync(path.join(t.paths.logs, release('2')))).to.equal(false)
  })

  it('stops at what the migration lint finds, before any migration', async () => {
    const error = await caught(t.deploy({ commit: commit('3'), fails: 'db:lint' }))
    expect(error.details).to.include({ step: 'lint' })
    expect(error.details.steps.find((step: { name: string }) => step.name === 'migrate').state).to.equal(
      'not_reached',
    )
  })

  it('is asked by its commit: an answer of the release that is live does not pass for its', async () => {
    const url = `http://127.0.0.1:${t.port()}`
    expect(await notReady({ url }, commit('d'))).to.equal(null)
    expect(await notReady({ url }, commit('e'))).to.equal('other_release')
  })

  it('is on record, whatever became of it', () => {
    const history = readHistory(t.paths).map(({ release, outcome }) => `${release.at(-1)} ${outcome}`)
    expect(history).to.deep.equal([
      ...['a deployed', 'b deployed', 'c deployed', 'd deployed'],
      ...['e failed', 'f failed', '1 failed', '2 failed', '3 failed'],
    ])
  })

  it('keeps five releases, the live one and the one before among them', async () => {
    const { releases, live } = await readStatus(t.paths)
    expect(live).to.equal(release('d'))
    await t.deploy({ commit: commit('4') })
    const kept = (await readStatus(t.paths)).releases
    expect(releases.length).to.be.above(5)
    expect(kept)
      .to.have.length(5)
      .and.include.members([release('4'), release('d')])
  })

  it('builds before it touches anything, migrates before the switch, and asks before and after it', () => {
    const names = stepsOfDeploy(false).map(({ name }) => name)
    expect(names).to.deep.equal([
      ...['checks', 'pack', 'artefact', 'unpack', 'environment', 'lint', 'migrate', 'indexes'],
      ...['start', 'health', 'warm-up', 'switch', 'smoke', 'drain', 'tidy'],
    ])
  })
})
