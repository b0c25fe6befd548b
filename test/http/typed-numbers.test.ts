import { expect } from 'chai'
import fc from 'fast-check'
import { z } from 'zod'
import { typed } from '../../api/http/fields.js'
import { invoiceReference, orderReference, sellerReference } from '../../cli/args.js'
import { useContext } from '../support/context.js'

const arabic = (text: string) => text.replace(/\d/g, digit => '٠١٢٣٤٥٦٧٨٩'[Number(digit)] as string)
const persian = (text: string) => text.replace(/\d/g, digit => '۰۱۲۳۴۵۶۷۸۹'[Number(digit)] as string)

describe('a number in Arabic digits', () => {
  const t = useContext()
  const get = (query: string) => t.get(`/api/v1/${encodeURI(query)}`)

  it('is the same number in an address', async () => {
    for (const digits of [arabic, persian]) {
      expect((await get(`listings?limit=${digits('3')}`)).status).to.equal(200)
      expect((await get(`listings?priceFrom=${digits('100')}&priceTo=${digits('5000')}`)).status).to.equal(
        200,
      )
      const cars = await get(`vehicles?year=${digits('2015')}&limit=${digits('100')}`)
      expect(cars.body).to.deep.equal((await get('vehicles?year=2015&limit=100')).body)
    }
    const { body } = await get(`listings?limit=${arabic('1001')}`)
    expect(body.errors[0].pointer).to.equal('?limit')
    const days = await t.get(`/api/v1/orders/search?${encodeURI(`from=${arabic('2026-03-01')}`)}`, {
      as: 'officer',
    })
    expect(days.status).to.equal(200)
  })

  it('is the same in the address of a firm, however it is parted', async () => {
    await t.accounts.shop('seller')
    const address = { street: 'شارع العليا', district: 'العليا', city: 'الرياض' }
    const { status, body, text } = await t.request('PUT', '/api/v1/sellers/me/address', {
      as: 'seller',
      body: {
        ...address,
        buildingNumber: arabic('7421'),
        postalCode: '12 211',
        additionalNumber: persian('2929'),
      },
    })
    expect(status, text).to.equal(200)
    const numbers = { buildingNumber: '7421', postalCode: '12211', additionalNumber: '2929' }
    expect(body.address).to.deep.equal({ ...address, ...numbers })
    const wrong = await t.request('PUT', '/api/v1/sellers/me/address', {
      as: 'seller',
      body: { ...address, buildingNumber: '74210', postalCode: '12211' },
    })
    expect(wrong.body.errors[0].detail).to.equal('must be a building number of four digits')
  })

  it('is the same of any whole number, and of none that is not', () => {
    const field = typed(z.coerce.number().int().min(0).max(1_000_000))
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.constantFrom(arabic, persian, String), (number, digits) => {
        expect(field.parse(digits(String(number)))).to.equal(number)
      }),
    )
    for (const wrong of ['', '٣٫٥', '٣x', '-٣', '٣ ٣'].filter(Boolean))
      expect(field.safeParse(wrong).success, wrong).to.equal(false)
  })

  it('names orders, tax documents and sellers at a terminal too', async () => {
    expect(await orderReference(`cp-${arabic('1000001')}`)).to.equal('CP-1000001')
    expect(await invoiceReference(`INV-${arabic('1001')}-${persian('000001')}`)).to.equal('INV-1001-000001')
    expect(await sellerReference(arabic('1010123456'))).to.equal('1010123456')
  })
})
