import { setTimeout as wait } from 'node:timers/promises'
import { expect } from 'chai'
import { createClosing } from '../../bench/closing.js'

describe('bench: closing', () => {
  it('closes the last made first, those of an inner one too', async () => {
    const closed: string[] = []
    const outer = createClosing()
    const note = (name: string) => closed.push(name)
    await outer.keep(() => 'first', note)
    const inner = createClosing(outer)
    await inner.keep(() => 'second', note)
    await inner.keep(() => Promise.resolve('third'), note)
    await outer.close()
    await inner.close()
    expect(closed).to.deep.equal(['third', 'second', 'first'])
  })

  it('waits for what is being made, and closes it', async () => {
    const closed: string[] = []
    const closing = createClosing()
    void closing.keep(
      () => wait(30).then(() => 'late'),
      name => closed.push(name),
    )
    await closing.close()
    expect(closed).to.deep.equal(['late'])
  })

  it('makes nothing once it has begun, and goes on where one thing will not close', async () => {
    const closed: string[] = []
    const closing = createClosing()
    await closing.keep(
      () => 'kept',
      name => closed.push(name),
    )
    const failing = closing.keep(
      () => Promise.reject(new Error('not made')),
      () => closed.push('never'),
    )
    await failing.catch(() => undefined)
    await closing.close()
    expect(closed).to.deep.equal(['kept'])
    let isMade = false
    const refused = await closing
      .keep(
        () => {
          isMade = true
        },
        () => undefined,
      )
      .catch(error => error.message)
    expect([isMade, refused]).to.deep.equal([false, 'The run is ending: nothing more is started.'])
  })
})
