import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { commit, release, useDeployFolder } from './deploy-folder.js'
import { startStream } from './stream.js'

const caught = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    error => error,
  )

describe('a rollback', function () {
  this.timeout(60_000)
  const t = useDeployFolder()

  it('has nowhere to go before the second deploy', async () => {
    await t.deploy({ commit: commit('a') })
    const error = await caught(t.rollback())
    expect(error).to.include({ kind: 'not_found', code: 'deploy.nothing_before' })
  })

  it('brings the release before live again, without a failed request, and leaves the schema alone', async () => {
    await t.deploy({ commit: commit('b') })
    const stream = startStream(t.port())
    const done = await t.rollback(undefined, { reason: 'orders fail' })
    await stream.stop()
    expect(done).to.include({
      kind: 'rollback',
      release: release('a'),
      previous: release('b'),
      reason: 'orders fail',
    })
    expect((await t.who()).commit).to.equal(commit('a'))
    expect(stream.failures).to.deep.equal([])
    expect(readFileSync(done.log, 'utf8'))
      .to.include('env:check')
      .and.not.match(/db:|indexes:/)
  })

  it('takes a release by its commit', async () => {
    const done = await t.rollback(commit('b').slice(0, 8))
    expect(done.release).to.equal(release('b'))
    expect((await t.who()).commit).to.equal(commit('b'))
  })

  it('goes past a deploy of the same release again, as after a change of its environment', async () => {
    await t.deploy({ commit: commit('b') })
    expect((await t.rollback()).release).to.equal(release('a'))
    await t.rollback(commit('b'))
  })

  it('to what is live already is refused', async () => {
    expect(await caught(t.rollback(commit('b')))).to.include({
      kind: 'conflict',
      code: 'deploy.live_already',
    })
  })

  it('may leave only steps out that it has', async () => {
    const error = await caught(t.rollback(commit('a'), { skip: ['switch'], reason: 'x' }))
    expect(error).to.include({ kind: 'invalid', code: 'deploy.not_skippable' })
  })

  it('after a release that nobody could reach is possible: health may be skipped, with a reason', async () => {
    await t.deploy(
      { commit: commit('c'), ready: 'never' },
      { skip: ['health', 'smoke'], reason: 'the check is wrong' },
    )
    expect((await t.who()).commit).to.equal(commit('c'))
    await t.rollback()
    expect((await t.who()).commit).to.equal(commit('b'))
  })
})
