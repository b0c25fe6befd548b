import { writeFileSync } from 'node:fs'
import { expect } from 'chai'
import { lendDependencies, realArtefact } from '../../bench/deploy/releases.js'
import { ask } from '../../cli/deploy/ask.js'
import { readHistory } from '../../cli/deploy/history.js'
import { readStatus } from '../../cli/deploy/status.js'
import { bareEnvironment, cargoparts, json, operatorEnvironment } from '../support/command.js'
import { useContext } from '../support/context.js'
import { commit, useDeployFolder } from './deploy-folder.js'

describe('a deploy of the real build', function () {
  this.timeout(90_000)
  const t = useContext()
  const folder = useDeployFolder({ settings: { api: 1, readySeconds: 30 } })
  const command = (env: Record<string, string>, ...words: string[]) =>
    cargoparts([...words, '--root', folder.paths.root], operatorEnvironment(env))
  const environment = (over: Record<string, string> = {}) => {
    const env = { ...t.env, DATABASE_OWNER_URL: t.ownerUrl, ...over }
    const lines = Object.entries(env).map(([name, value]) => `${name}='${value}'`)
    writeFileSync(folder.paths.environment, lines.join('\n'))
  }
  const audited = () => t.db('audit_log').where({ object_type: 'deploy' }).orderBy('id')

  before(() => {
    environment()
    lendDependencies(folder.paths.root)
  })

  it('starts, is ready, warm and live, and is in the audit trail', async () => {
    const file = await realArtefact(folder.made, commit('a'))
    const { code, stdout, stderr } = await command({}, 'deploy', file, '--json')
    expect(code, `${stdout}${stderr}`).to.equal(0)
    const done = JSON.parse(stdout)
    expect(done).to.deep.include({ outcome: 'deployed', commit: commit('a'), skipped: [] })
    const { supervisor } = await readStatus(folder.paths)
    const url = `http://127.0.0.1:${supervisor?.port}`
    const answer = await ask({ url }, '/api/v1/health')
    expect(answer.status, answer.body).to.equal(200)
    const smoke = json(await command({}, 'deploy:status', '--json'))
    expect(smoke.live).to.equal(done.release)
    const [row] = await audited()
    expect(row).to.include({ action: 'release_deployed', object_id: done.id, actor_kind: 'operator' })
    expect(row.details).to.include({ release: done.release, commit: commit('a') })
  })

  it('is what every other command is about, where CARGOPARTS_DEPLOY names the folder', async () => {
    const there = bareEnvironment({ CARGOPARTS_DEPLOY: folder.paths.root })
    expect(json(await cargoparts(['db:status', '--json'], there)).pending).to.deep.equal([])
    expect(json(await cargoparts(['env:check', '--for', 'worker', '--json'], there)).ok).to.equal(true)
    // what is set beside it speaks first
    const elsewhere = { ...there, DATABASE_URL: 'postgres://a:b@127.0.0.1:1/x' }
    expect((await cargoparts(['db:status', '--json'], elsewhere)).code).to.equal(7)
  })

  it('passes the smoke test as a command, and warms up', async () => {
    const { supervisor } = await readStatus(folder.paths)
    const url = `http://127.0.0.1:${supervisor?.port}`
    const asked = await cargoparts(['deploy:smoke', '--url', url, '--commit', commit('a'), '--json'])
    expect(json(asked).failed).to.deep.equal([])
    const other = await cargoparts(['deploy:smoke', '--url', url, '--commit', commit('b'), '--json'])
    expect(other.code).to.equal(7)
    expect(json(await cargoparts(['deploy:warmup', '--url', url, '--json']))).to.include({ refused: 0 })
  })

  it('stops where the environment lacks something, and names it without its value', async () => {
    environment({ TAP_SECRET_KEY: '', DATABASE_URL: t.databaseUrl })
    const { code, stderr } = await command({}, 'deploy', commit('a'))
    environment()
    expect(code).to.equal(5)
    expect(stderr).to.include('failed at environment').and.include('TAP_SECRET_KEY is required')
  })

  it('is put into the audit trail later where the database was away, and once', async () => {
    environment({ DATABASE_URL: 'postgres://a:b@127.0.0.1:1/x', DATABASE_OWNER_URL: '' })
    const { code, stderr } = await command({}, 'deploy:unlock', '--reason', 'nothing')
    expect(code).to.equal(0)
    const failed = await command({}, 'deploy', commit('a'), '--json')
    expect(failed.code, stderr).to.not.equal(0)
    const before = await audited()
    environment()
    await command({}, 'deploy', commit('a'), '--skip', 'nonsense', '--reason', 'x')
    expect((await command({}, 'deploy:lock', '--reason', 'x')).code).to.equal(0)
    expect((await command({}, 'deploy:unlock', '--reason', 'y')).code).to.equal(0)
    const after = await audited()
    expect(after.length).to.be.above(before.length)
    expect(after.map(row => row.object_id)).to.deep.equal(readHistory(folder.paths).map(({ id }) => id))
  })
})
