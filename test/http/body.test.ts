import { request as httpRequest } from 'node:http'
import { expect } from 'chai'
import { useContext } from '../support/context.js'
import type { Answer } from '../support/request.js'

const JSON_TYPE = { 'content-type': 'application/json' }
/** What strangers may send to sign in. */
const LIMIT = 8 * 1024
const VISA = '4111111111111111'

describe('reading a body', () => {
  const t = useContext()
  const login = '/api/v1/auth/login'
  const register = '/api/v1/auth/register'
  const raw = (body: string | Buffer, headers: Record<string, string> = JSON_TYPE, path = login) =>
    t.post(path, { raw: body, headers })
  const pointers = (answer: Answer) => answer.body.errors.map((error: { pointer: string }) => error.pointer)

  const refused = (answer: Answer, status: number, code: string) => {
    expect(answer.status, answer.text).to.equal(status)
    expect(answer.body.code).to.equal(code)
  }

  describe('as bytes', () => {
    it('takes a body just under the limit', async () => {
      const answer = await raw(JSON.stringify({ email: 'a@b.sa', password: 'x'.repeat(LIMIT - 40) }))
      expect(answer.status).to.equal(422)
    })

    it('takes more where there is more to say, from somebody who signed in', async () => {
      const body = { tradeName: 'x'.repeat(100 * 1024 - 40) }
      expect((await t.post('/api/v1/sellers', { as: 'buyer', body })).status).to.equal(422)
      const over = await t.post('/api/v1/sellers', {
        as: 'buyer',
        body: { tradeName: 'x'.repeat(100 * 1024) },
      })
      refused(over, 413, 'request.too_large')
      expect(over.body.limit).to.equal(100 * 1024)
    })

    it('refuses one over the limit, and names it', async () => {
      const answer = await raw(JSON.stringify({ email: 'x'.repeat(LIMIT) }))
      refused(answer, 413, 'request.too_large')
      expect(answer.body.limit).to.equal(LIMIT)
      expect(answer.headers.get('connection')).to.equal('close')
    })

    it('refuses one over the limit that did not say how long it is', async () => {
      const answer = await sendChunks(t.baseUrl, login, Array(120).fill('x'.repeat(1024)))
      expect(answer).to.include({ status: 413 })
      expect(JSON.parse(answer.text).code).to.equal('request.too_large')
    })

    it('reads chunks that cut a letter in two', async () => {
      const bytes = Buffer.from(JSON.stringify({ email: 'سارة@example.sa', password: 'x' }))
      const cut = bytes.indexOf(Buffer.from('س')) + 1
      const answer = await sendChunks(t.baseUrl, login, [bytes.subarray(0, cut), bytes.subarray(cut)])
      expect(JSON.parse(answer.text).errors[0].pointer).to.equal('#/email')
    })

    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/xml',
      'json',
    ]) {
      it(`refuses ${type}`, async () => {
        const answer = await raw('{"email":"a@b.sa","password":"x"}', { 'content-type': type })
        refused(answer, 415, 'request.unsupported_type')
        expect(answer.body.accepted).to.deep.equal(['application/json'])
      })
    }

    it('takes a charset beside the type', async () => {
      const answer = await raw('{"email":"a@b.sa","password":"x"}', {
        'content-type': 'application/json; charset=utf-8',
      })
      refused(answer, 401, 'auth.bad_credentials')
    })

    for (const charset of ['iso-8859-1', 'windows-1256', 'utf-16']) {
      it(`refuses the charset ${charset}`, async () => {
        const headers = { 'content-type': `application/json; charset=${charset}` }
        refused(await raw('{"email":"a@b.sa","password":"x"}', headers), 415, 'request.unsupported_type')
      })
    }

    it('refuses a compressed body', async () => {
      refused(
        await raw('{"email":"a@b.sa"}', { ...JSON_TYPE, 'content-encoding': 'gzip' }),
        415,
        'request.unsupported_encoding',
      )
    })

    it('refuses no body at all', async () => {
      expect((await t.post(login)).status).to.be.oneOf([400, 415])
      refused(await raw('', JSON_TYPE), 400, 'request.not_json')
    })

    for (const [what, bytes] of [
      ['text that is no JSON', 'email=a'],
      ['JSON cut short', '{"email":"a@b.sa"'],
      ['two documents', '{}{}'],
      ['a trailing comma', '{"email":"a@b.sa",}'],
      ['a comment', '{/* */}'],
      ['NaN', '{"email":NaN}'],
      ['bytes that are not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])],
      ['UTF-16', Buffer.from('{"email":"a@b.sa"}', 'utf16le')],
      ['an overlong letter', Buffer.from([0x22, 0xc0, 0xaf, 0x22])],
      ['half a surrogate pair in bytes', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
      ['__proto__', '{"__proto__":{"role":"admin"}}'],
      ['__proto__ in disguise', '{"\\u005f_proto__":{"role":"admin"}}'],
      ['__proto__ further down', '{"email":"a","x":[{"__proto__":null}]}'],
      ['constructor.prototype', '{"constructor":{"prototype":{"role":"admin"}}}'],
    ] as const) {
      it(`refuses ${what}`, async () => {
        refused(await raw(bytes as string | Buffer), 400, 'request.not_json')
        expect(({} as { role?: string }).role).to.equal(undefined)
      })
    }

    it('takes the last of two members of one name', async () => {
      const answer = await raw('{"email":"a@b.sa","password":"x","email":1}')
      refused(answer, 422, 'request.invalid')
      expect(pointers(answer)).to.deep.equal(['#/email'])
    })

    it('refuses what is nested too deep, however deep', async () => {
      const nested = (depth: number) => `{"email":${'['.repeat(depth)}1${']'.repeat(depth)}}`
      for (const depth of [21, 1000]) refused(await raw(nested(depth)), 400, 'request.too_deep')
      const deepest = await t.post('/api/v1/sellers', {
        as: 'buyer',
        raw: nested(45_000),
        headers: JSON_TYPE,
      })
      refused(deepest, 400, 'request.too_deep')
      refused(await raw(nested(10)), 422, 'request.invalid')
    })
  })

  describe('as text', () => {
    for (const [what, body, pointer] of [
      ['NUL', '{"email":"a\\u0000@b.sa"}', '#/email'],
      ['half a surrogate pair', '{"email":"a@b.sa","password":"\\ud800"}', '#/password'],
      ['the other half', '{"email":"a@b.sa","password":"\\udc00\\ud800"}', '#/password'],
      ['NUL in a list', '{"x":["a",{"y":"\\u0000"}]}', '#/x/1/y'],
      ['NUL in a name', '{"a\\u0000b":1}', '#'],
    ] as const) {
      it(`refuses ${what} and points at it`, async () => {
        const answer = await raw(body)
        refused(answer, 400, 'request.bad_text')
        expect(pointers(answer)).to.deep.equal([pointer])
      })
    }

    it('refuses NUL and broken text in the address too', async () => {
      refused(await t.get('/api/v1/listings?q=%00'), 400, 'request.bad_text')
      refused(await t.get('/api/v1/listings/%00'), 400, 'request.bad_text')
      refused(await t.get('/api/v1/listings?%00=1'), 400, 'request.bad_text')
    })

    it('takes a whole pair', async () => {
      const answer = await t.post(register, {
        body: { email: 'emoji@example.sa', password: 'password-🔧', name: 'سارة 🔧' },
      })
      expect(answer.status, answer.text).to.equal(201)
      expect(answer.body.user.name).to.equal('سارة 🔧')
    })
  })

  describe('as a shape', () => {
    const valid = { email: 'shape@example.sa', password: 'long-enough', name: 'Sara' }

    for (const [what, change, wanted] of [
      ['an unknown field', { role: 'admin' }, ['#/role']],
      ['two unknown fields', { role: 'admin', status: 'ACTIVE' }, ['#/role', '#/status']],
      ['a name that needs escaping', { 'a/b~c': 1 }, ['#/a~1b~0c']],
      ['a number for a text', { name: 5 }, ['#/name']],
      ['null for a text', { name: null }, ['#/name']],
      ['a list for a text', { email: ['a@b.sa'] }, ['#/email']],
      ['an object for a text', { password: { $ne: '' } }, ['#/password']],
      ['a text that is blank', { name: '   ' }, ['#/name']],
      ['a text that is too long', { name: 'x'.repeat(121) }, ['#/name']],
      ['a line break in a name', { name: 'Sara\nAdmin' }, ['#/name']],
      ['a text that turns around', { name: 'Sara \u202egnp.exe' }, ['#/name']],
      ['a bad e-mail address', { email: 'sara@' }, ['#/email']],
      ['a short password', { password: '1234567' }, ['#/password']],
      ['a foreign phone number', { phone: '+15551234567' }, ['#/phone']],
      ['a landline', { phone: '0112345678' }, ['#/phone']],
      ['an unknown language', { locale: 'fr' }, ['#/locale']],
      ['several at once', { email: 1, password: 2, name: 3 }, ['#/email', '#/password', '#/name']],
    ] as const) {
      it(`refuses ${what} and points at it`, async () => {
        const answer = await t.post(register, { body: { ...valid, ...change } })
        refused(answer, 422, 'request.invalid')
        expect(pointers(answer)).to.have.members([...wanted])
        expect(await t.db('users').where({ email: valid.email })).to.be.empty
      })
    }

    it('names twenty fields at most, in the message too', async () => {
      const many = Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`f${at}`, 1]))
      const answer = await t.post(register, { body: { ...valid, ...many } })
      refused(answer, 422, 'request.invalid')
      expect(pointers(answer)).to.have.length(20)
      expect(answer.text.length).to.be.below(4000)
    })

    for (const body of [null, [], 'text', 7, true, [valid]]) {
      it(`refuses ${JSON.stringify(body).slice(0, 20)} in place of an object`, async () => {
        const answer = await raw(JSON.stringify(body), JSON_TYPE, register)
        refused(answer, 422, 'request.invalid')
        expect(pointers(answer)).to.deep.equal(['#'])
      })
    }

    for (const [what, change, pointer] of [
      ['a fraction', { quantity: 1.5 }, '#/lines/1/quantity'],
      ['a number as text', { quantity: '2' }, '#/lines/1/quantity'],
      ['none', { quantity: 0 }, '#/lines/1/quantity'],
      ['less than none', { quantity: -1 }, '#/lines/1/quantity'],
      ['too many', { quantity: 1001 }, '#/lines/1/quantity'],
      ['an id that is none', { listingId: "1' or '1'='1" }, '#/lines/1/listingId'],
      ['a price', { price: 1 }, '#/lines/1/price'],
    ] as const) {
      it(`points into the list for ${what}`, async () => {
        const line = { listingId: crypto.randomUUID(), quantity: 1 }
        const answer = await t.post('/api/v1/orders', {
          as: 'buyer',
          key: crypto.randomUUID(),
          body: {
            lines: [line, { ...line, listingId: crypto.randomUUID(), ...change }],
            deliveryAddress: {
              recipient: 'Sara',
              phone: '0501234567',
              buildingNumber: '7421',
              street: 'Olaya',
              district: 'Olaya',
              city: 'Riyadh',
              postalCode: '12211',
            },
          },
        })
        refused(answer, 422, 'request.invalid')
        expect(pointers(answer)).to.deep.equal([pointer])
      })
    }

    it('reads Saudi mobile numbers as people write them', async () => {
      for (const phone of [
        '+966512345678',
        '00966 51 234 5678',
        '966512345678',
        '0512345678',
        '٠٥١٢٣٤٥٦٧٨',
      ]) {
        const email = `phone-${crypto.randomUUID()}@example.sa`
        const answer = await t.post(register, { body: { ...valid, email, phone } })
        expect(answer.body.user?.phone, phone).to.equal('+966512345678')
      }
    })
  })

  describe('that holds a card number', () => {
    const name = (text: string) => ({ email: 'card@example.sa', password: 'long-enough', name: text })

    for (const text of [
      VISA,
      '4111 1111 1111 1111',
      '4111-1111-1111-1111',
      `${VISA}.`,
      `card${VISA}x`,
      `${VISA} 12/28 123`,
      `4111 1111 1111 1111 12 28`,
      '٤١١١١١١١١١١١١١١١',
      '5105105105105100',
      '2223003122003222',
      '378282246310005',
      '6212345678901232',
      '4222222222222',
    ]) {
      it(`refuses "${text}" and neither keeps, logs nor repeats it`, async () => {
        const answer = await t.post(register, { body: name(text) })
        refused(answer, 422, 'request.card_number')
        expect(pointers(answer)).to.deep.equal(['#/name'])
        expect(answer.text).to.not.include(text)
        expect(JSON.stringify(t.log.lines)).to.not.include(text)
        expect(await t.db('users').where({ email: 'card@example.sa' })).to.be.empty
      })
    }

    it('refuses it as a number, in a name of a field, in a list, in the address', async () => {
      refused(await t.post(register, { body: { pan: Number(VISA) } }), 422, 'request.card_number')
      const asName = await t.post(register, { body: { [VISA]: 1 } })
      refused(asName, 422, 'request.card_number')
      expect(asName.text).to.not.include(VISA)
      refused(await t.post(register, { body: { x: [[VISA]] } }), 422, 'request.card_number')
      refused(await t.get(`/api/v1/listings?q=${VISA}`), 422, 'request.card_number')
    })

    for (const [what, text] of [
      ['a VAT number', '300123456700003'],
      ['a VAT number that passes Luhn as an American Express card would', vatNumberLikeACard()],
      ['phone numbers', '+966512345678 0512345678'],
      ['an IBAN', 'SA0380000000608010167519'],
      ['a part number', '04465-33480'],
      ['a chassis number', 'JTDBR32E720123456'],
      ['a GTIN', '06281006531234'],
      ['a number of twenty digits', '41111111111111111111'],
      ['a card number with a wrong digit', '4111111111111112'],
      ['an id', '41111111-1111-4111-8111-111111111111'],
    ]) {
      it(`does not mistake ${what} for one`, async () => {
        const answer = await t.post(register, {
          body: { ...name(text as string), email: `no-card-${crypto.randomUUID()}@example.sa` },
        })
        expect(answer.status, answer.text).to.equal(201)
      })
    }
  })
})

/** 3…3 of fifteen digits, in a range of American Express, with a right check digit. */
function vatNumberLikeACard(): string {
  for (let n = 0; ; n++) {
    const candidate = `34${String(n).padStart(12, '0')}3`
    const sum = [...candidate].reverse().reduce((total, digit, i) => {
      const value = Number(digit) * (i % 2 === 1 ? 2 : 1)
      return total + (value > 9 ? value - 9 : value)
    }, 0)
    if (sum % 10 === 0) return candidate
  }
}

/** A body without a Content-Length, piece by piece. */
function sendChunks(
  baseUrl: string,
  path: string,
  chunks: (string | Buffer)[],
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(`${baseUrl}${path}`, { method: 'POST', headers: JSON_TYPE }, response => {
      let text = ''
      response.on('data', chunk => {
        text += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
    })
    sent.on('error', reject)
    for (const chunk of chunks) sent.write(chunk)
    sent.end()
  })
}
