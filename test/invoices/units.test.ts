import { expect } from 'chai'
import { createSealedKeys } from '../../api/modules/invoices/units/key-store.js'
import { createUnits } from '../../api/modules/invoices/units/units.js'
import { readCertificate } from '../../api/modules/invoices/zatca/signing/certificate.js'
import { system } from '../../api/platform/actor.js'
import { newId } from '../../api/platform/ids.js'
import { createSealer } from '../../api/platform/sealer.js'
import { createAuthority } from '../../api/sandbox/zatca/authority.js'
import { readRequest } from '../../api/sandbox/zatca/csr.js'
import { useContext } from '../support/context.js'
import { atOnce } from '../support/ordering.js'
import { place } from '../support/shopping.js'
import { aSigner } from '../zatca/a-signer.js'

const KEY = '22'.repeat(32)
const operator = system('test')

describe('the unit that issues for a seller', () => {
  const t = useContext()
  const sealer = createSealer(() => KEY, 'signing keys')
  /** Where certificates come from ZATCA. */
  const units = () =>
    createUnits({
      ...{ db: t.db, clock: t.clock, sealer, sandboxUrl: undefined },
      audit: t.services.audit,
      sellers: t.services.sellers,
    })
  const certify = (csr: string) => createAuthority(t.clock.now).certify(readRequest(csr))

  it('is made once, however many ask, and works with the certificate for its own key', async () => {
    const { id } = await t.accounts.shop('seller:one')
    const asked = await atOnce(5, () => units().request(id, 'sandbox', operator))
    expect(new Set(asked.map(unit => unit.id)).size).to.equal(1)
    const [unit] = asked
    expect(unit).to.include({ state: 'REQUESTED', environment: 'sandbox', lastCounter: 0, certificate: null })
    expect(await units().atWork(t.db, id)).to.equal(undefined)

    const active = await units().activate(unit?.id as string, certify(unit?.csr as string), operator)
    expect(active).to.include({ state: 'ACTIVE' })
    const again = await units().activate(unit?.id as string, certify(unit?.csr as string), operator)
    expect(again.certificate).to.equal(active.certificate)
    const working = await units().atWork(t.db, id)
    expect(working?.signer.certificate.spki).to.deep.equal(readCertificate(active.certificate as string).spki)
  })

  it("refuses a certificate for another key, and what is none: ZATCA's sandbox gives everybody the same", async () => {
    const { id } = await t.accounts.shop('seller:foreign')
    const unit = await units().request(id, 'sandbox', operator)
    const refusal = async (text: string) =>
      (
        await units()
          .activate(unit.id, text, operator)
          .catch(error => error)
      ).code
    expect(await refusal(aSigner().certificate.text)).to.equal('invoices.foreign_certificate')
    expect(await refusal('aGVsbG8=')).to.equal('invoices.bad_certificate')
    expect(await units().atWork(t.db, id)).to.equal(undefined)
  })

  it('asks in words ZATCA takes, whatever the firm is called, and for a VAT group in the name of its member', async () => {
    const { id } = await t.accounts.shop('seller:group')
    await t
      .owner('sellers')
      .where({ id })
      .update({ legal_name: `شركة "A&B" <50%> ${'ق'.repeat(80)}`, vat_number: '399999999910003' })
    const { csr, serial } = await units().request(id, 'sandbox', operator)
    const text = Buffer.from((csr as string).replace(/-----.*-----/g, ''), 'base64').toString('utf8')
    expect(text).to.include('شركة "A B" 50').and.include('3999999999').and.include('399999999910003')
    expect(serial).to.match(/^1-CargoParts\|2-API\|3-[0-9a-f-]{36}$/)
    readRequest(csr as string)
  })

  it('is not made for who states no VAT, or has told no address', async () => {
    const { id } = await t.accounts.shop('seller:none', { vatNumber: null })
    const refusal = await units()
      .request(id, 'production', operator)
      .catch(error => error)
    expect(refusal).to.include({ kind: 'conflict', code: 'invoices.no_unit_yet' })
    await t.services.units.ready(id)
    expect(await t.db('egs_units').where({ seller_id: id })).to.be.empty
  })

  it('keeps its key where nobody reads it: encrypted, under a key the database has not, bound to its row', async () => {
    const { id } = await t.accounts.shop('seller:key')
    const unit = await units().request(id, 'sandbox', operator)
    const row = await t.db('signing_keys').where({ id: unit.keyId }).first()
    expect(row.sealed.includes(row.public_key.subarray(-64))).to.equal(false)
    expect(() => sealer.open(row.sealed, newId())).to.throw('does not open')

    const other = createSealedKeys(createSealer(() => '33'.repeat(32), 'signing keys'))
    const refusal = await other.signer(t.db, unit.keyId as string).catch(error => error)
    expect(refusal).to.include({ code: 'seal.broken' })
    const mine = await createSealedKeys(sealer).signer(t.db, unit.keyId as string)
    expect(mine.spki).to.deep.equal(row.public_key)
    // a key store signs: it has no way to give a key away
    expect(Object.keys(createSealedKeys(sealer))).to.deep.equal(['create', 'signer', 'publicKey'])
  })

  it('is missing until there is a certificate: then invoices are of phase 1, and their XML is not missed', async () => {
    const shop = await t.accounts.shop('seller:phase-1')
    const listing = await t.accounts.listing({}, 'seller:phase-1')
    const orderId = (await place(t, [{ listingId: listing.id, quantity: 1 }])).orders[0]?.id as string
    await t.owner('orders').where({ id: orderId }).update({ status: 'PAID', paid_at: t.clock.now() })
    const { createContext } = await import('../../api/context.js')
    const { ZATCA_SANDBOX_URL: _none, ...config } = t.context.config
    const alone = createContext(config as typeof t.context.config, {
      logger: t.log,
      clock: t.clock,
      role: 'worker',
    })
    try {
      const invoice = await alone.services.invoices.issueForOrder(orderId)
      expect(invoice.qr).to.be.a('string')
      expect(await alone.services.invoices.lacking(orderId)).to.be.empty
      const unit = await alone.services.units.request(shop.id, 'sandbox', operator)
      await alone.services.units.activate(unit.id, certify(unit.csr as string), operator)
      const [lacking] = await alone.services.invoices.lacking(orderId)
      expect(lacking).to.include({ invoiceId: invoice.id })
      await alone.services.invoices.generate(lacking as NonNullable<typeof lacking>)
      expect(await t.services.invoices.xmlOf(invoice.id, operator)).to.include('<ds:SignatureValue>')
    } finally {
      await alone.close()
    }
  })

  it('waits for its certificate where the stand-in is away: nothing is issued, and the job is repeated', async () => {
    const { id } = await t.accounts.shop('seller:away')
    const away = createUnits({
      ...{ db: t.db, clock: t.clock, sealer, sandboxUrl: 'http://127.0.0.1:1/zatca' },
      audit: t.services.audit,
      sellers: t.services.sellers,
    })
    const refusal = await away.ready(id).catch(error => error)
    expect(refusal).to.include({ kind: 'unavailable', code: 'zatca.unavailable' })
    expect((await t.db('egs_units').where({ seller_id: id }).first()).state).to.equal('REQUESTED')
  })
})

describe("the stand-in for ZATCA's onboarding", () => {
  const t = useContext()
  const call = async (path: string, body: object, headers: Record<string, string> = {}) => {
    const answer = await fetch(`${t.sandbox.zatcaUrl}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'accept-version': 'V2', ...headers },
      body: JSON.stringify(body),
    })
    const text = await answer.text()
    return { status: answer.status, text, body: text.startsWith('{') ? JSON.parse(text) : null }
  }
  const otp = { otp: '123456' }

  it('refuses as the gateway does', async () => {
    expect((await call('/compliance', {}, { 'accept-version': 'V1' })).status).to.equal(406)
    const code = async (body: object, headers: Record<string, string>) =>
      (await call('/compliance', body, headers)).body.errors[0].code
    expect(await code({ csr: 'x' }, {})).to.equal('Missing-OTP')
    expect(await code({ csr: 'x' }, { otp: '12' })).to.equal('Invalid-OTP')
    expect(await code({}, otp)).to.equal('Missing-CSR')
    expect(await code({ csr: Buffer.from('hello').toString('base64') }, otp)).to.equal('Invalid-CSR')
  })

  it('gives the production certificate to who has the compliance one', async () => {
    const { id } = await t.accounts.shop('seller:wire')
    await t.services.units.ready(id)
    const { csr } = await t.db('egs_units').where({ seller_id: id }).first()
    const first = (await call('/compliance', { csr: Buffer.from(csr).toString('base64') }, otp)).body
    expect(first).to.include({ dispositionMessage: 'ISSUED' })
    const ask = (authorization: string, requestId = String(first.requestID)) =>
      call('/production/csids', { compliance_request_id: requestId }, { authorization })
    const basic = `Basic ${Buffer.from(`${first.binarySecurityToken}:${first.secret}`).toString('base64')}`
    expect((await ask('Basic eDp4')).status).to.equal(401)
    expect((await ask(basic, '1')).status).to.equal(400)
    const token = (await ask(basic)).body.binarySecurityToken
    const certificate = readCertificate(Buffer.from(token, 'base64').toString('ascii'))
    expect(certificate.issuerName).to.equal('CN=CARGOPARTS-SANDBOX-CA, DC=cargoparts, DC=example')
  })
})
