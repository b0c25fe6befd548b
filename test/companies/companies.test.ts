import { expect } from 'chai'
import fc from 'fast-check'
import { presentCompany } from '../../api/modules/companies/company-presenter.js'
import { KeepCompany } from '../../api/modules/companies/company-schemas.js'
import { findingsIn } from '../../api/modules/invoices/zatca/validate.js'
import { NATIONAL_ADDRESS } from '../support/accounts.js'
import { useContext } from '../support/context.js'
import { atOnce } from '../support/ordering.js'
import { aTaxInvoice, xmlOf } from '../zatca/documents.js'
import { LATER } from '../zatca/verdicts.js'

const FIRM = {
  name: 'مؤسسة ورش الشرق',
  vatNumber: '310284756100003',
  otherId: { scheme: 'CRN', value: '2050173964' },
  address: NATIONAL_ADDRESS,
}

describe("a buyer's firm", () => {
  const t = useContext()
  const path = '/api/v1/account/company'
  const keep = (body: object, as: 'buyer' | 'buyer:2' = 'buyer') => t.request('PUT', path, { as, body })

  it('is kept, shown to its buyer alone, replaced and removed', async () => {
    expect((await t.get(path, { as: 'buyer' })).body.code).to.equal('companies.not_found')
    const kept = await keep(FIRM)
    expect([kept.status, kept.body]).to.deep.equal([200, FIRM])
    expect((await t.get(path, { as: 'buyer' })).body).to.deep.equal(FIRM)
    expect((await t.get(path, { as: 'buyer:2' })).status).to.equal(404)

    const another = { ...FIRM, name: 'Eastern Workshops', otherId: null }
    expect((await keep(another)).body).to.deep.equal(another)
    expect(await t.db('companies')).to.have.length(1)

    for (const status of [204, 204])
      expect((await t.request('DELETE', path, { as: 'buyer' })).status).to.equal(status)
    expect((await t.get(path, { as: 'buyer' })).status).to.equal(404)
    const { id } = await t.accounts.account('buyer')
    const trail = await t
      .db('audit_log')
      .where({ object_id: id })
      .whereLike('action', 'company%')
      .pluck('action')
    expect(trail).to.have.members(['company_kept', 'company_kept', 'company_removed'])
  })

  it('is one, however often it is kept at once', async () => {
    const { actor } = await t.accounts.account('buyer:2')
    await atOnce(6, () => t.services.companies.keep(KeepCompany.parse(FIRM), actor))
    expect(await t.db('companies').where({ user_id: actor.id })).to.have.length(1)
    expect(presentCompany(await t.services.companies.own(actor))).to.deep.equal(FIRM)
  })

  for (const [what, over, pointer] of [
    ['no identity', { vatNumber: null, otherId: null }, '#/vatNumber'],
    ['a VAT number of another shape', { vatNumber: '210284756100003' }, '#/vatNumber'],
    ['a register number too short', { otherId: { scheme: 'CRN', value: '205017396' } }, '#/otherId/value'],
    [
      'a unified number that begins with 1',
      { otherId: { scheme: '700', value: '1050173964' } },
      '#/otherId/value',
    ],
    ['a made-up number', { otherId: { scheme: 'CRN', value: '1012345678' } }, '#/otherId/value'],
    ['an unknown scheme', { otherId: { scheme: 'ABC', value: '2050173964' } }, '#/otherId/scheme'],
    [
      'a postal code of four digits',
      { address: { ...NATIONAL_ADDRESS, postalCode: '1221' } },
      '#/address/postalCode',
    ],
    ['no district', { address: { ...NATIONAL_ADDRESS, district: ' ' } }, '#/address/district'],
    ['no name', { name: '' }, '#/name'],
  ] as const) {
    it(`is refused with ${what}`, async () => {
      const answer = await keep({ ...FIRM, ...over })
      expect([answer.status, answer.body.code]).to.deep.equal([422, 'request.invalid'])
      expect(answer.body.errors.map((error: { pointer: string }) => error.pointer)).to.include(pointer)
    })
  }

  it('takes Arabic digits', async () => {
    const answer = await keep({ ...FIRM, vatNumber: '٣١٠٢٨٤٧٥٦١٠٠٠٠٣' })
    expect(answer.body.vatNumber).to.equal('310284756100003')
  })

  it('makes a tax invoice that passes, whatever is accepted', () => {
    const digits = (count: number) => fc.stringMatching(new RegExp(`^[0-9]{${count}}$`))
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
    const profiles = fc.record({
      name: text,
      vatNumber: fc.option(digits(13).map(middle => `3${middle}3`)),
      otherId: fc.option(
        fc.record({
          scheme: fc.constantFrom('CRN', '700', 'TIN', 'NAT', 'IQA', 'MOM', 'PAS', 'OTH'),
          value: fc.oneof(
            digits(10),
            digits(9).map(rest => `7${rest}`),
            fc.stringMatching(/^[A-Z0-9]{3,12}$/),
          ),
        }),
      ),
      address: fc.record({
        buildingNumber: digits(4),
        street: text,
        district: text,
        city: text,
        postalCode: digits(5),
      }),
    })
    let accepted = 0
    fc.assert(
      fc.property(profiles, profile => {
        const parsed = KeepCompany.safeParse(profile)
        if (!parsed.success) return
        accepted += 1
        const { otherId, address, ...rest } = parsed.data
        const buyer = {
          ...rest,
          id: otherId,
          address: { ...address, country: 'SA', additionalNumber: '1234' },
        }
        expect(findingsIn(xmlOf(aTaxInvoice({ buyer })), LATER)).to.deep.equal([])
      }),
      { numRuns: 400 },
    )
    expect(accepted).to.be.above(40)
  })
})
