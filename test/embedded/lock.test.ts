import { existsSync, writeFileSync } from 'node:fs'
import { expect } from 'chai'
import { acquireLock } from '../../cli/start/lock.js'
import { killHard, startProgram, useScratch } from './scratch.js'

describe('the lock of a data folder', function () {
  this.timeout(30_000)
  const scratch = useScratch()
  const file = () => scratch.path('start.lock')

  it('is held by one, and free again after its release', async () => {
    const lock = await acquireLock(file())
    const rival = await startProgram('rival', file())
    expect(rival.line).to.equal('start.already_running')
    await killHard(rival.child)
    lock.release()
    expect(existsSync(file())).to.equal(false)
  })

  it('of a killed holder holds nothing', async () => {
    const { child, line } = await startProgram('rival', file())
    expect(line).to.equal('won')
    await killHard(child)
    const lock = await acquireLock(file())
    lock.release()
  })

  it('whose pid now belongs to another process holds nothing', async () => {
    writeFileSync(file(), JSON.stringify({ pid: process.pid, startedAt: 'before the last reboot' }))
    const lock = await acquireLock(file())
    lock.release()
  })

  it('left behind is taken by exactly one of eight at once', async () => {
    writeFileSync(file(), JSON.stringify({ pid: process.pid, startedAt: 'before the last reboot' }))
    const rivals = await Promise.all(Array.from({ length: 8 }, () => startProgram('rival', file())))
    const lines = rivals.map(({ line }) => line)
    await Promise.all(rivals.map(({ child }) => killHard(child)))
    expect(lines.filter(line => line === 'won')).to.have.length(1)
    expect(lines.filter(line => line === 'start.already_running')).to.have.length(7)
  })
})
