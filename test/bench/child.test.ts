import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect } from 'chai'
import { run, start } from '../../bench/child.js'
import { createClosing } from '../../bench/closing.js'

describe('bench: programs', () => {
  let folder: string
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'bench-programs-'))
  })
  after(() => rmSync(folder, { recursive: true, force: true }))
  const isAlive = (pid: number) => {
    try {
      return process.kill(pid, 0)
    } catch {
      return false
    }
  }

  it('tell what they said when they were ready, and never what an earlier one had said', async () => {
    const closing = createClosing()
    const log = path.join(folder, 'bare.log')
    const first = await start(closing, 'bench/limits/bare.js', {}, log, /listening on (\d+)/)
    await first.stop()
    const second = await start(closing, 'bench/limits/bare.js', {}, log, /listening on (\d+)/)
    const answer = await fetch(`http://127.0.0.1:${second.said[1]}`)
    expect(await answer.json()).to.deep.equal({ hello: 'world' })
    await closing.close()
    expect([first.pid, second.pid].map(isAlive)).to.deep.equal([false, false])
  })

  it('that do not become ready are told with the end of their log', async () => {
    const closing = createClosing()
    const log = path.join(folder, 'row.log')
    const error = await start(closing, 'bench/none.js', {}, log, /listening/).catch(each => each)
    expect(error.message).to.include('bench/none.js did not become ready:').and.include('Cannot find module')
    await closing.close()
  })

  it('are ended where they are running', async () => {
    const closing = createClosing()
    const ended = run(closing, process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    await wait(100)
    await closing.close()
    expect((await ended).code).to.equal(null)
  })

  it('that are missing are told', async () => {
    const closing = createClosing()
    const error = await run(closing, 'no-such-program-here', []).catch((each: unknown) => each)
    expect((error as NodeJS.ErrnoException).code).to.equal('ENOENT')
    await closing.close()
  })
})
