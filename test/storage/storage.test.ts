import { expect } from 'chai'
import fc from 'fast-check'
import { createSealer } from '../../api/platform/sealer.js'
import { createStorage } from '../../api/platform/storage/index.js'
import { createLinks } from '../../api/platform/storage/links.js'
import type { Store } from '../../api/platform/storage/store.js'
import { testClock } from '../support/clock.js'

/** Only what stands behind the port is looked at here; the real stores have tests of their own. */
function looking() {
  const kept = new Map<string, Buffer>()
  const store: Store = {
    put: async (key, bytes) => void kept.set(key, bytes),
    get: async key => kept.get(key),
    has: async key => kept.has(key),
    remove: async key => void kept.delete(key),
  }
  const sealer = createSealer(() => '0a'.repeat(32), 'files')
  return { kept, storage: createStorage({ store: () => store, sealer, addressKey: () => 'address key' }) }
}

describe('private files', () => {
  const bytes = fc.uint8Array({ minLength: 8, maxLength: 300 }).map(array => Buffer.from(array))

  it('come back whole, and lie encrypted under a key that tells nothing', async () => {
    await fc.assert(
      fc.asyncProperty(bytes, async plain => {
        const { kept, storage } = looking()
        const key = await storage.putPrivate(plain, 'owner')
        expect((await storage.getPrivate(key)).equals(plain)).to.equal(true)
        expect(kept.get(key)?.includes(plain)).to.equal(false)
        expect(key).to.match(/^private\/[0-9a-f]{2}\/[0-9a-f]{64}$/)
      }),
    )
  })

  it('are one file for one owner, and two for two', async () => {
    const { kept, storage } = looking()
    const paper = Buffer.from('the same paper')
    const [one, again, other] = [
      await storage.putPrivate(paper, 'a'),
      await storage.putPrivate(paper, 'a'),
      await storage.putPrivate(paper, 'b'),
    ]
    expect(one).to.equal(again).and.not.equal(other)
    expect(kept.size).to.equal(2)
  })

  it('do not open under another key of the storage', async () => {
    const { kept, storage } = looking()
    const [mine, yours] = [
      await storage.putPrivate(Buffer.from('mine'), 'a'),
      await storage.putPrivate(Buffer.from('yours'), 'b'),
    ]
    kept.set(mine, kept.get(yours) as Buffer)
    const error = await storage.getPrivate(mine).then(
      () => undefined,
      error => error,
    )
    expect(error).to.include({ code: 'seal.broken' })
  })
})

describe('a link to a file', () => {
  const clock = testClock()
  const links = createLinks({ secret: () => 'a secret of links', clock })
  const ID = '019a0000-0000-7000-8000-000000000001'
  const codeOf = (token: string) => {
    try {
      return links.fileOf(token)
    } catch (error) {
      return (error as { code: string }).code
    }
  }

  it('opens its file for five minutes', () => {
    const { token, expiresAt } = links.token(ID)
    expect(+expiresAt - +clock.now()).to.be.closeTo(300_000, 1_000)
    clock.advance(299_000)
    expect(codeOf(token)).to.equal(ID)
    clock.advance(1_000)
    expect(codeOf(token)).to.equal('files.link_over')
  })

  it('opens nothing once a character of it is another', () => {
    const { token } = links.token(ID)
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.constantFrom(...'0123456789abcdefxyzAZ.-_'), (at, letter) => {
        fc.pre(token[at] !== letter)
        const changed = token.slice(0, at) + letter + token.slice(at + 1)
        // base64url's last letter carries two bits that say nothing
        fc.pre(at < token.length - 1)
        expect(codeOf(changed)).to.equal('files.link_over')
      }),
    )
  })

  it('of another secret opens nothing', () => {
    const { token } = createLinks({ secret: () => 'another', clock }).token(ID)
    expect(codeOf(token)).to.equal('files.link_over')
  })
})
