import { expect } from 'chai'
import { useContext } from '../support/context.js'

const PDF = Buffer.from('%PDF-1.7\nthe bank letter\n%%EOF')

describe('a private file', () => {
  const t = useContext()
  const keep = async (over: { name?: string; deleteAfter?: Date | null } = {}) =>
    t.services.files.keep(PDF, {
      ownerId: (await t.accounts.account('seller')).id,
      purpose: 'KYC',
      type: 'application/pdf',
      name: 'خطاب البنك.pdf',
      deleteAfter: null,
      ...over,
    })
  const linkTo = async (id: string) =>
    (await t.services.files.link(id, (await t.accounts.account('officer')).actor)).url.slice(t.baseUrl.length)

  it('is opened by a link, as what it is, under its own name', async () => {
    const file = await keep()
    const answer = await fetch(`${t.baseUrl}${await linkTo(file.id)}`)
    expect(answer.status).to.equal(200)
    expect(Buffer.from(await answer.arrayBuffer()).equals(PDF)).to.equal(true)
    expect(answer.headers.get('content-type')).to.equal('application/pdf')
    expect(answer.headers.get('content-disposition')).to.match(/^attachment; .*filename\*=UTF-8''%D8%AE/)
    expect(answer.headers.get('content-security-policy')).to.equal("default-src 'none'; sandbox")
    expect(answer.headers.get('cache-control')).to.equal('no-store')
    expect(answer.headers.get('x-content-type-options')).to.equal('nosniff')
  })

  it('is named as it may be, and steers no header', async () => {
    const answer = await fetch(
      `${t.baseUrl}${await linkTo((await keep({ name: '../../etc/x"\r\nset-cookie: a=b' })).id)}`,
    )
    expect(answer.status).to.equal(200)
    expect(answer.headers.get('set-cookie')).to.equal(null)
    expect(answer.headers.get('content-disposition')).to.not.include('/')
  })

  it('is one row however often the same is handed in', async () => {
    expect((await keep()).id).to.equal((await keep()).id)
  })

  it('handed in again is kept as long as is wished then', async () => {
    const [soon, later] = [new Date(+t.clock.now() + 1_000), new Date(+t.clock.now() + 90_000)]
    const { id } = await keep({ name: 'again.pdf', deleteAfter: soon })
    expect((await keep({ name: 'again.pdf', deleteAfter: later })).deleteAfter).to.deep.equal(later)
    expect((await keep({ name: 'again.pdf', deleteAfter: soon })).deleteAfter).to.deep.equal(later)
    const forEver = await keep({ name: 'again.pdf', deleteAfter: null })
    expect(forEver).to.include({ id, deleteAfter: null })
    expect((await keep({ name: 'again.pdf', deleteAfter: soon })).deleteAfter).to.equal(null)
    await t.owner('files').where({ id }).update({ removed_at: new Date() })
  })

  it('leaves an audit row for each link', async () => {
    const file = await keep({ name: 'audited.pdf' })
    await linkTo(file.id)
    const rows = await t.owner('audit_log').where({ object_id: file.id, action: 'file_link_issued' })
    expect(rows).to.have.length(1)
  })

  it('is gone after five minutes, and no other link is right', async () => {
    const path = await linkTo((await keep()).id)
    const forged = path.replace(/.$/, letter => (letter === 'A' ? 'E' : 'A'))
    expect((await t.get(forged)).body.code).to.equal('files.link_over')
    t.clock.advance(300_000)
    expect((await t.get(path)).body.code).to.equal('files.link_over')
  })

  it('is forgotten when its purpose ends, bytes and all', async () => {
    const file = await keep({ name: 'old.pdf', deleteAfter: new Date(+t.clock.now() + 1_000) })
    const other = await keep({ name: 'stays.pdf' })
    t.clock.advance(1_000)
    const path = await linkTo(file.id)
    expect(await t.services.files.forgetExpired()).to.equal(1)
    await t.settle()
    expect((await t.get(path)).body.code).to.equal('files.gone')
    // the same bytes under another name are still there
    expect((await t.services.files.bytesOf(other.id)).equals(PDF)).to.equal(true)
    for (const name of ['stays.pdf', 'خطاب البنك.pdf', 'audited.pdf', '../../etc/x"\r\nset-cookie: a=b']) {
      const { id } = await keep({ name })
      await t.db.transaction(trx => t.services.files.forget(trx, id, { kind: 'system', name: 'test' }))
    }
    await t.settle()
    expect(await t.context.storage.isKept(file.key)).to.equal(false)
  })
})
