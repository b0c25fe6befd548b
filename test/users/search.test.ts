import { expect } from 'chai'
import fc from 'fast-check'
import { maskEmail, maskPhone } from '../../api/modules/users/user-presenter.js'
import { useContext } from '../support/context.js'

type Card = { id: string; name: string; email: string }

describe('finding an account', () => {
  const t = useContext()
  const people: Record<string, string> = {}

  before(async () => {
    for (const [who, name, email, phone] of [
      ['noura', 'نورة الشمري', 'noura.shammari@example.sa', '+966551110001'],
      ['ahmad', 'أحمد الغامدي', 'ahmad@example.sa', '+966551110002'],
      ['abdullah', 'عبدالله فؤاد', 'abd_allah@example.sa', '+966551110003'],
      ['ivan', 'José MARTÍNEZ', 'ivan@other.example', '+966551110004'],
      ['shop', 'سعيد', 'owner@shops.example', '+966551110005'],
    ] as const) {
      const { id } = await t.accounts.account(`buyer:${who}`)
      await t.owner('users').where({ id }).update({ name, email, phone })
      people[who] = id
    }
    const applied = {
      tradeName: 'مؤسسة قِطَع النُّور',
      legalName: 'مؤسسة النور',
      crNumber: '1010998877',
      vatNumber: null,
      city: 'جدة',
    }
    const { actor } = await t.accounts.account('buyer:shop')
    await t.services.kyc.apply(applied, actor)
  })

  const search = (query: string, as: 'officer' | 'admin' = 'officer') =>
    t.get(`/api/v1/users${query}`, { as })
  const found = async (q: string, more = ''): Promise<string[]> => {
    const { status, body, text } = await search(`?q=${encodeURIComponent(q)}${more}`)
    expect(status, text).to.equal(200)
    return body.items.map(({ id }: Card) => Object.keys(people).find(who => people[who] === id) ?? id)
  }

  for (const [what, q, who] of [
    ['an e-mail address', 'ahmad@example.sa', ['ahmad']],
    ['an address in capitals', 'AHMAD@EXAMPLE.SA', ['ahmad']],
    ['the beginning of an address', 'noura.sham', ['noura']],
    ['an address whose letter means anything in a pattern', 'abd_allah@', ['abdullah']],
    ['no address that only matches as a pattern', 'abd.allah@', []],
    ['a mobile number', '0551110002', ['ahmad']],
    ['a mobile number in Arabic digits', '٠٥٥١١١٠٠٠٢', ['ahmad']],
    ['a mobile number with its country', '+966 55 111 0002', ['ahmad']],
    ['a name without its hamza', 'احمد', ['ahmad']],
    ['a name with another ya and ta marbuta', 'نوره الشمرى', ['noura']],
    ['the parts of a name in any order', 'الشمري نورة', ['noura']],
    ['a piece of a name', 'غامد', ['ahmad']],
    ['a name in another case, without its accent', 'martinez', ['ivan']],
    ['a trade name without its vowel marks', 'قطع النور', ['shop']],
    ['a CR number', '1010998877', ['shop']],
    ['nothing that is anybody', 'xylophone', []],
    ['what would be a pattern', '%%%a', []],
  ] as const)
    it(`is by ${what}`, async () => {
      if (q === '%%%a') expect((await search(`?q=${encodeURIComponent(q)}`)).status).to.equal(422)
      else expect(await found(q)).to.deep.equal(who)
    })

  it('is by id', async () => {
    expect(await found(people.ivan as string)).to.deep.equal(['ivan'])
    expect(await found(crypto.randomUUID())).to.deep.equal([])
  })

  it('is by role and state, alone or with words', async () => {
    const { id } = await t.accounts.account('officer')
    const officers = (await search('?role=officer')).body.items.map((card: Card) => card.id)
    expect(officers).to.include(id)
    for (const card of (await search('?role=seller')).body.items) expect(card.shop).to.be.an('object')
    expect(await found('احمد', '&role=finance')).to.deep.equal([])
    await t.owner('users').where({ id: people.ahmad }).update({ status: 'BLOCKED' })
    expect(await found('احمد', '&status=BLOCKED')).to.deep.equal(['ahmad'])
    expect((await search('?status=BLOCKED')).body.items).to.have.length(1)
    await t.owner('users').where({ id: people.ahmad }).update({ status: 'ACTIVE' })
  })

  it('wants something to go by', async () => {
    for (const q of ['ab', 'بن', '--', 'a b c']) {
      const { status, body } = await search(`?q=${encodeURIComponent(q)}`)
      expect(status, q).to.equal(422)
      expect(body.errors[0].pointer).to.equal('?q')
    }
    for (const query of ['?role=king', '?status=LOST', '?limit=0', '?nonsense=1', '?q='])
      expect((await search(query)).status, query).to.equal(422)
  })

  it('shows the name, and masks address and number', async () => {
    const [card] = (await search(`?q=${people.noura}`)).body.items
    expect(card).to.deep.include({
      name: 'نورة الشمري',
      email: 'n•••@example.sa',
      phone: '+9665••••••01',
      shop: null,
    })
    const { text } = await search('')
    expect(text)
      .to.not.include('noura.shammari')
      .and.not.include('1110001')
      .and.not.match(/hash|reason/i)
  })

  it('is for officers and admins', async () => {
    for (const as of ['buyer', 'seller', 'finance'] as const)
      expect((await t.get('/api/v1/users', { as })).status, as).to.equal(403)
    expect((await t.get('/api/v1/users')).status).to.equal(401)
    expect((await search('', 'admin')).status).to.equal(200)
  })

  for (const [what, query, limit] of [
    ['all', '', 2],
    ['of a name and an address', '&q=example', 1],
    ['of a role', '&role=buyer', 3],
  ] as const)
    it(`goes page by page, each account once, the newest first: ${what}`, async () => {
      const whole: Card[] = (await search(`?limit=100${query}`)).body.items
      const seen: string[] = []
      let cursor: string | null = ''
      while (cursor !== null) {
        const { body } = await search(`?limit=${limit}${query}${cursor && `&cursor=${cursor}`}`)
        seen.push(...body.items.map(({ id }: Card) => id))
        cursor = body.nextCursor
      }
      expect(seen).to.deep.equal(whole.map(({ id }) => id))
      expect(seen).to.deep.equal([...seen].sort().reverse())
      expect(new Set(seen)).to.have.length(seen.length)
    })

  it('refuses a cursor of another search', async () => {
    const { nextCursor } = (await search('?limit=1')).body
    const { body } = await search(`?limit=1&role=buyer&cursor=${nextCursor}`)
    expect(body.code).to.equal('request.bad_cursor')
  })
})

describe('what a list shows of an address or a number', () => {
  it('is never the whole of what stands before the @', () => {
    fc.assert(
      fc.property(fc.emailAddress(), email => {
        const [local = '', domain] = email.split('@')
        expect(maskEmail(email)).to.equal(`${[...local][0]}•••@${domain}`)
      }),
    )
  })

  it('is the last two digits', () => {
    expect(maskPhone('+966512345678')).to.equal('+9665••••••78')
  })
})
