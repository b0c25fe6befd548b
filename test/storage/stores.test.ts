import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect } from 'chai'
import type { Store } from '../../api/platform/storage/store.js'
import { storeProblem } from '../../api/platform/storage/store-address.js'
import { storeAt } from '../../api/platform/storage/store-url.js'
import { LOGIN, startS3 } from '../support/s3-server.js'

const KEY = `public/ab/${'ab'.repeat(32)}-320.webp`
const OTHER = `private/cd/${'cd'.repeat(32)}`
const BYTES = randomBytes(5_000)

function keepsFiles(store: () => Store) {
  it('gives back what it was given, byte for byte', async () => {
    await store().put(KEY, BYTES, 'image/webp')
    expect((await store().get(KEY))?.equals(BYTES)).to.equal(true)
    expect(await store().has(KEY)).to.equal(true)
  })

  it('may be given the same again', async () => {
    await Promise.all([1, 2, 3, 4].map(() => store().put(KEY, BYTES, 'image/webp')))
    expect((await store().get(KEY))?.equals(BYTES)).to.equal(true)
  })

  it('tells that it has no such file', async () => {
    expect(await store().get(OTHER)).to.equal(undefined)
    expect(await store().has(OTHER)).to.equal(false)
  })

  it('removes a file, and one that is not there', async () => {
    await store().put(KEY, BYTES, 'image/webp')
    await store().remove(KEY)
    await store().remove(KEY)
    expect(await store().has(KEY)).to.equal(false)
  })

  for (const key of [
    'public/../../etc/passwd',
    '/etc/passwd',
    'public/ab/../x',
    'public/ab/X',
    'other/ab/x',
    '',
    'public/ab/x?y',
  ])
    it(`takes no key like ${JSON.stringify(key)}`, async () => {
      for (const attempt of [
        () => store().get(key),
        () => store().put(key, BYTES, 'x'),
        () => store().remove(key),
      ]) {
        const error = await attempt().then(
          () => undefined,
          error => error,
        )
        expect(error).to.be.an('error').with.property('message', 'not a key of a file')
      }
    })
}

describe('files in a folder', () => {
  let folder: string
  let store: Store
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'cargoparts store-'))
    store = storeAt(pathToFileURL(folder).href)
  })
  after(() => rm(folder, { recursive: true }))
  keepsFiles(() => store)

  it('are readable by nobody else, and leave nothing unfinished', async () => {
    await store.put(KEY, BYTES, 'image/webp')
    const at = path.join(folder, KEY)
    expect((await stat(at)).mode & 0o777).to.equal(0o600)
    expect((await stat(path.dirname(at))).mode & 0o777).to.equal(0o700)
    expect(await readdir(path.dirname(at))).to.deep.equal([path.basename(at)])
  })

  it('that cannot be written leave nothing', async () => {
    await writeFile(path.join(folder, 'private'), 'in the way')
    expect(
      await store.put(OTHER, BYTES, 'x').then(
        () => 'written',
        () => 'refused',
      ),
    ).to.equal('refused')
    await rm(path.join(folder, 'private'))
  })
})

describe('files in a bucket', () => {
  let s3: Awaited<ReturnType<typeof startS3>>
  let store: Store
  before(async () => {
    s3 = await startS3()
    store = storeAt(s3.storageUrl)
  })
  after(() => s3.close())
  keepsFiles(() => store)

  it('come with their type', async () => {
    await store.put(KEY, BYTES, 'image/webp')
    expect(s3.objects.get(KEY)?.type).to.equal('image/webp')
  })

  it('are tried again where the server is busy', async () => {
    s3.fail(2)
    await store.put(OTHER, BYTES, 'application/octet-stream')
    expect(s3.objects.has(OTHER)).to.equal(true)
    await store.remove(OTHER)
  })

  it('are refused under a wrong secret, with a word of ours and none of theirs', async () => {
    const stranger = storeAt(s3.storageUrl.replace(encodeURIComponent(LOGIN.secret), 'another'))
    for (const attempt of [
      stranger.get(KEY),
      stranger.has(KEY),
      stranger.put(OTHER, BYTES, 'x'),
      stranger.remove(KEY),
    ]) {
      const error = await attempt.then(
        () => undefined,
        error => error,
      )
      expect(error).to.deep.include({
        kind: 'unavailable',
        code: 'storage.unavailable',
        details: { status: 403 },
      })
    }
    expect(s3.objects.has(OTHER)).to.equal(false)
  })

  it('are not called gone where it is the bucket that is not there', async () => {
    const error = await storeAt(s3.storageUrl.replace('/parts?', '/parst?'))
      .get(KEY)
      .catch(error => error)
    expect(error).to.deep.include({ code: 'storage.unavailable', details: { status: 404 } })
  })

  it('are unavailable where nobody listens', async () => {
    const away = storeAt('s3+http://id:secret@127.0.0.1:1/parts')
    const error = await away.get(KEY).then(
      () => undefined,
      error => error,
    )
    expect(error).to.include({ kind: 'unavailable', code: 'storage.unavailable' })
  })
})

describe('where files are kept', () => {
  for (const good of [
    'file:///var/lib/files',
    's3+https://id:secret@s3.me-south-1.amazonaws.com/parts?region=me-south-1',
  ])
    it(`may be ${good}`, () => expect(storeProblem(good)).to.equal(undefined))

  for (const [bad, word] of [
    ['/var/lib/files', 'must begin'],
    ['https://s3.amazonaws.com/parts', 'must begin'],
    ['file://other-machine/files', 'must name a folder'],
    ['file:///', 'must name a folder'],
    ['s3+https://s3.amazonaws.com/parts', 'must hold an access key'],
    ['s3+https://id:hush@s3.amazonaws.com', 'must name a bucket'],
    ['s3+https://id:hush@s3.amazonaws.com/a/b', 'must name a bucket'],
  ] as const)
    it(`may not be ${bad}`, () => expect(storeProblem(bad)).to.include(word).and.not.include('hush'))
})
