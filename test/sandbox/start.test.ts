import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { AppError } from '../../api/platform/errors.js'
import { startSandbox } from '../../api/sandbox/index.js'
import { openShop, SECRET } from './tap-shop.js'

async function refusal(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).to.be.instanceOf(AppError)
  return error instanceof AppError ? error.code : ''
}

describe('sandbox: start and state', () => {
  let folder = ''
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sandbox-'))
  })
  after(() => rm(folder, { recursive: true }))

  it('does not start in production or staging', async () => {
    for (const nodeEnv of ['production', 'staging']) {
      expect(await refusal(startSandbox({ secretKey: SECRET, nodeEnv }))).to.equal('sandbox.production')
    }
  })

  it('takes no live key', async () => {
    expect(await refusal(startSandbox({ secretKey: 'sk_live_1' }))).to.equal('sandbox.live_key')
  })

  it('says when its port is taken', async () => {
    const first = await startSandbox({ secretKey: SECRET })
    const port = Number(new URL(first.url).port)
    expect(await refusal(startSandbox({ secretKey: SECRET, port }))).to.equal('sandbox.cannot_listen')
    await first.close()
  })

  it('remembers everything over a restart', async () => {
    const stateFile = join(folder, 'state.json')
    const before = await openShop({ stateFile })
    const reference = { idempotent: 'order-1', order: 'CP-1' }
    const charge = await before.charge({ reference })
    const paid = await before.paid({ source: { id: 'tok_once' } })
    await before.control.webhooks.idle()
    await before.close()
    expect((await stat(stateFile)).mode & 0o777).to.equal(0o600)

    const after = await openShop({ stateFile })
    expect(after.control.payments.get(paid.id)).to.deep.include({ status: 'CAPTURED' })
    expect((await after.charge({ reference })).id).to.equal(charge.id)
    expect(
      (await after.call('POST', '/charges/', after.aCharge({ source: { id: 'tok_once' } }))).status,
    ).to.equal(400)
    await after.control.webhooks.idle()
    expect(after.hooks).to.deep.equal([])
    await after.close()
    expect(await readdir(folder)).to.deep.equal(['state.json'])
    expect(JSON.parse(await readFile(stateFile, 'utf8')).version).to.equal(1)
  })

  it('sends the webhooks it still owed', async () => {
    const stateFile = join(folder, 'owed.json')
    const receiver = await openShop()
    const before = await openShop({ stateFile })
    before.control.webhooks.hold()
    const { id } = await before.paid({ post: { url: `${receiver.shopUrl}/hook` } })
    await before.close()
    const after = await openShop({ stateFile })
    await after.control.webhooks.idle()
    expect(receiver.hooks.map(({ object }) => object.id)).to.deep.equal([id])
    await Promise.all([after.close(), receiver.close()])
  })

  it('says which file it cannot read', async () => {
    for (const text of ['{"version":1,', '{"version":2}', 'null']) {
      const stateFile = join(folder, 'broken.json')
      await writeFile(stateFile, text)
      expect(await refusal(startSandbox({ secretKey: SECRET, stateFile }))).to.equal(
        'sandbox.state_unreadable',
      )
      expect(await readFile(stateFile, 'utf8')).to.equal(text)
    }
  })

  it('ends attempts under way when it closes', async () => {
    const shop = await openShop({ webhooks: { gapsMs: [3_600_000, 3_600_000] } })
    shop.answers.push(500)
    await shop.paid()
    await shop.close()
  })
})
