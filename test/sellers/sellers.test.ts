import { expect } from 'chai'
import { useContext } from '../support/context.js'

let serial = 0
const application = (over: object = {}) => {
  const digits = String(++serial).padStart(8, '0')
  return {
    tradeName: 'قطع الرياض',
    legalName: 'شركة قطع الرياض المحدودة',
    crNumber: `10${digits}`,
    vatNumber: `31${digits}00003`,
    city: 'الرياض',
    ...over,
  }
}

describe('sellers', () => {
  const t = useContext()
  const apply = (as: `buyer:${string}` | `seller:${string}`, over: object = {}) =>
    t.post('/api/v1/sellers', { as, body: application(over) })

  it('begin as buyers who apply, and become sellers at once with the token they hold', async () => {
    const answer = await apply('buyer:first')
    expect(answer.status, answer.text).to.equal(201)
    expect(answer.body).to.include({ status: 'DRAFT', tradeName: 'قطع الرياض' })
    expect((await t.get('/api/v1/auth/me', { as: 'buyer:first' })).body.role).to.equal('seller')
    expect((await t.get('/api/v1/sellers/me', { as: 'buyer:first' })).body.id).to.equal(answer.body.id)
    const audited = await t.owner('audit_log').where({ object_id: answer.body.id }).pluck('action')
    expect(audited).to.deep.equal(['seller_applied'])
  })

  it('apply once', async () => {
    await apply('buyer:twice')
    const again = await apply('buyer:twice')
    expect(again.status).to.equal(409)
    expect(again.body.code).to.equal('sellers.exists')
  })

  it('share no CR number and no VAT number', async () => {
    const { body: first } = await apply('buyer:original')
    for (const over of [{ crNumber: first.crNumber }, { vatNumber: first.vatNumber }]) {
      const answer = await apply('buyer:copy', over)
      expect(answer.status).to.equal(409)
      expect(answer.body.code).to.equal('sellers.identifier_taken')
    }
    expect((await t.get('/api/v1/auth/me', { as: 'buyer:copy' })).body.role).to.equal('buyer')
  })

  it('need no VAT number, however many have none', async () => {
    for (const as of ['buyer:small', 'buyer:smaller'] as const)
      expect((await apply(as, { vatNumber: null })).body.vatNumber).to.equal(null)
  })

  it('may write their numbers in Arabic digits', async () => {
    const answer = await apply('buyer:arabic', { crNumber: '١٠٩٩٩٩٩٩٩٩', vatNumber: '٣١٩٩٩٩٩٩٩٩٠٠٠٠٣' })
    expect(answer.body).to.include({ crNumber: '1099999999', vatNumber: '319999999900003' })
  })

  for (const [what, over, pointer] of [
    ['a CR number of nine digits', { crNumber: '123456789' }, '#/crNumber'],
    ['a CR number with a letter', { crNumber: '123456789x' }, '#/crNumber'],
    ['a VAT number that begins otherwise', { vatNumber: '100000000000003' }, '#/vatNumber'],
    ['a VAT number that ends otherwise', { vatNumber: '300000000000001' }, '#/vatNumber'],
    ['an empty VAT number', { vatNumber: '' }, '#/vatNumber'],
    ['a legal name too long for an invoice', { legalName: 'ش'.repeat(128) }, '#/legalName'],
    ['an approval of their own', { status: 'APPROVED' }, '#/status'],
    ['another owner', { ownerId: crypto.randomUUID() }, '#/ownerId'],
  ] as const) {
    it(`are refused with ${what}`, async () => {
      const answer = await apply('buyer:mistaken', over)
      expect(answer.status).to.equal(422)
      expect(answer.body.errors[0].pointer).to.equal(pointer)
    })
  }

  it('are found by id, and not where there is none', async () => {
    const { body: seller } = await apply('buyer:found')
    const as = 'buyer:found'
    expect((await t.get(`/api/v1/sellers/${seller.id}`, { as })).body).to.deep.equal(seller)
    const missing = crypto.randomUUID()
    expect((await t.get(`/api/v1/sellers/${missing}`)).body.code).to.equal('sellers.not_found')
    expect((await t.get('/api/v1/sellers/me', { as: 'seller:none' })).body.code).to.equal('sellers.not_found')
  })
})
