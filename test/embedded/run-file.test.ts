import { statSync, writeFileSync } from 'node:fs'
import { expect } from 'chai'
import { identify } from '../../api/embedded/process.js'
import { type RunFile, readRunFile, removeRunFile, writeRunFile } from '../../cli/start/run-file.js'
import { killHard, startProgram, useScratch } from './scratch.js'

describe('run.json', () => {
  const scratch = useScratch()

  it('tells where a living start is, and only us', () => {
    const run = aRun(process.pid)
    writeRunFile(scratch.path(), run)
    expect(readRunFile(scratch.path())).to.deep.equal(run)
    expect(statSync(scratch.path('run.json')).mode & 0o777).to.equal(0o600)
  })

  it('counts as none once its process is dead', async () => {
    const { child } = await startProgram('rival', scratch.path('lock'))
    writeRunFile(scratch.path(), aRun(child.pid ?? 0))
    expect(readRunFile(scratch.path())).to.not.equal(null)
    await killHard(child)
    expect(readRunFile(scratch.path())).to.equal(null)
  })

  it('counts as none when its pid now belongs to another process', () => {
    writeRunFile(scratch.path(), { ...aRun(process.pid), pidStartedAt: 'before the last reboot' })
    expect(readRunFile(scratch.path())).to.equal(null)
  })

  it('counts as none when it is missing or broken', () => {
    removeRunFile(scratch.path())
    expect(readRunFile(scratch.path())).to.equal(null)
    writeFileSync(scratch.path('run.json'), '{"pid": 1')
    expect(readRunFile(scratch.path())).to.equal(null)
  })
})

function aRun(pid: number): RunFile {
  return {
    pid,
    pidStartedAt: identify(pid)?.startedAt ?? '',
    baseUrl: 'http://localhost:3000',
    docsUrl: 'http://localhost:3000/docs',
    apiPid: pid,
    workerPid: pid,
    postgresPort: null,
    redisPort: null,
    sandboxUrl: null,
    hasDemo: true,
    startedAt: '2026-01-01T00:00:00.000Z',
    env: { NODE_ENV: 'development' },
  }
}
