import { expect } from 'chai'
import type { TapCharge, TapRefund } from '../../api/sandbox/index.js'
import { codes, useShop } from './tap-shop.js'

type Page = { object: 'list'; count: number; has_more: boolean }

describe('sandbox: lists', () => {
  const shop = useShop()

  async function thirty(): Promise<string[]> {
    const ids: string[] = []
    for (let count = 0; count < 30; count++) {
      ids.push((await shop.charge()).id)
      shop.clock.at += 1000
    }
    return ids.reverse()
  }
  const list = (body: object) => shop.call<Page & { charges: TapCharge[] }>('POST', '/charges/list', body)
  const ids = ({ charges }: { charges: TapCharge[] }) => charges.map(({ id }) => id)

  it('pages through everything, newest first', async () => {
    const all = await thirty()
    const first = (await list({})).body
    expect(first).to.include({ object: 'list', count: 25, has_more: true })
    const second = (await list({ starting_after: ids(first).at(-1) })).body
    expect(second).to.include({ count: 5, has_more: false })
    expect([...ids(first), ...ids(second)]).to.deep.equal(all)
    expect(ids((await list({ limit: 50 })).body)).to.deep.equal(all)
  })

  it('picks by date and by status', async () => {
    const start = shop.clock.at
    const [newest = ''] = await thirty()
    shop.control.payments.approve(newest)
    const period = { date: { from: start + 1000, to: start + 3000 } }
    expect((await list({ period })).body.count).to.equal(3)
    const captured = await list({ status: 'CAPTURED' })
    expect(ids(captured.body)).to.deep.equal([newest])
  })

  it('refuses what it cannot page by', async () => {
    expect(codes(await list({ limit: 51 }))).to.deep.equal(['1181'])
    expect(codes(await list({ starting_after: 'chg_no' }))).to.deep.equal(['1182'])
    expect(codes(await list({ period: { date: { from: 1 } } }))).to.deep.equal(['1180'])
  })

  it('lists refunds', async () => {
    const { id } = await shop.paid()
    await shop.call('POST', '/refunds', { charge_id: id, amount: 5, currency: 'SAR', reason: 'returned' })
    const { body } = await shop.call<Page & { refunds: TapRefund[] }>('POST', '/refunds/list', { limit: 10 })
    expect(body).to.include({ object: 'list', count: 1, has_more: false })
    expect(body.refunds[0]?.charge_id).to.equal(id)
  })
})
