import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import { createAccountCheck } from '../../api/modules/kyc/registries/account-check.js'
import { offline } from '../../api/modules/kyc/registries/offline.js'
import { createWathq, sameName } from '../../api/modules/kyc/registries/wathq.js'
import { systemClock } from '../../api/platform/clock.js'
import { type Sandbox, startSandbox } from '../../api/sandbox/index.js'

const KEY = 'sk_test_registries'
const NUMBER = '1010111199'
const NAME = 'شركة واحة اليابان المحدودة'

describe('the registers', () => {
  let sandbox: Sandbox
  let server: Server
  let answer: RequestListener
  let baseUrl: string
  const clock = systemClock
  before(async () => {
    sandbox = await startSandbox({ secretKey: KEY, nodeEnv: 'test' })
    server = createServer((req, res) => answer(req, res))
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  after(async () => {
    await sandbox.close()
    server.closeAllConnections()
    server.close()
  })

  describe('of commerce, by Wathq', () => {
    const ask = (number: string, name = NAME, apiKey = KEY) =>
      createWathq({ baseUrl: sandbox.wathqUrl, apiKey, clock })(number, name)

    it('knows an active firm, by the name it was given', async () => {
      sandbox.control.firms.set(NUMBER, { name: 'واحة اليابان' })
      const finding = await ask(NUMBER)
      expect(finding).to.deep.include({ verdict: 'VERIFIED', source: 'wathq' })
      expect(finding.evidence).to.include({ status: 'نشط', nameMatches: true, inLiquidation: false })
      expect(finding.expiresAt).to.be.an.instanceOf(Date)
    })

    it('remarks another name, and does not refuse for it', async () => {
      sandbox.control.firms.set(NUMBER, { name: 'شركة النور' })
      const { verdict, evidence } = await ask(NUMBER)
      expect(verdict).to.equal('VERIFIED')
      expect(evidence).to.include({ nameMatches: false, name: 'شركة النور' })
    })

    it('knows the unified number too', async () => {
      expect((await ask('7001234567')).verdict).to.equal('VERIFIED')
    })

    it('denies what is not registered, not active, or in liquidation', async () => {
      expect(await ask('1010111100')).to.deep.include({
        verdict: 'REJECTED',
        evidence: { why: 'not registered' },
      })
      expect((await ask('1010111101')).evidence).to.include({ status: 'معلق' })
      for (const number of ['1010111101', '1010111102'])
        expect((await ask(number)).verdict).to.equal('REJECTED')
      sandbox.control.firms.set('1010111198', { status: 'cancelled' })
      expect((await ask('1010111198')).verdict).to.equal('REJECTED')
    })

    it('keeps an outcome, not the whole answer', async () => {
      const { evidence } = await ask(NUMBER)
      expect(evidence).to.have.all.keys(
        'status',
        'confirmedOn',
        'name',
        'nameMatches',
        'city',
        'issuedOn',
        'inLiquidation',
      )
    })

    it('says nothing about a firm when it is out of order, or our key is', async () => {
      expect(await ask('1010111103')).to.deep.include({
        verdict: 'UNAVAILABLE',
        evidence: { why: 'answered 500 500' },
      })
      expect((await ask(NUMBER, NAME, 'another')).verdict).to.equal('UNAVAILABLE')
    })

    for (const [what, listener] of [
      ['a reset', (req => req.socket.destroy()) as RequestListener],
      ["a proxy's page", ((_, res) => void res.end('<html>')) as RequestListener],
      ['a list', ((_, res) => void res.end('[]')) as RequestListener],
      [
        'another firm',
        ((_, res) => void res.end(JSON.stringify({ crNumber: '1', status: { id: 1 } }))) as RequestListener,
      ],
      [
        'a redirect',
        ((_, res) => void res.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()) as RequestListener,
      ],
      [
        'half an answer',
        ((_, res) =>
          void res
            .writeHead(200, { 'content-length': '99' })
            .write('{"crN', () => res.destroy())) as RequestListener,
      ],
    ] as const)
      it(`takes ${what} for no answer`, async () => {
        answer = listener
        const wathq = createWathq({ baseUrl, apiKey: KEY, clock })
        expect((await wathq(NUMBER, NAME)).verdict).to.equal('UNAVAILABLE')
      })

    it('is asked as its contract says', async () => {
      let asked: unknown
      answer = (req, res) => {
        asked = { url: req.url, key: req.headers.apikey }
        res.end('{}')
      }
      await createWathq({ baseUrl, apiKey: KEY, clock })(NUMBER, NAME)
      expect(asked).to.deep.equal({
        url: `/commercial-registration/fullinfo/${NUMBER}?language=ar`,
        key: KEY,
      })
    })
  })

  it('names are compared without what firms are called by, and as they are spelt in either place', () => {
    for (const [one, other, isSame] of [
      ['شركة واحة اليابان المحدودة', 'واحه اليابان', true],
      ['مؤسسة أبو صالح التجارية', 'ابو صالح', true],
      ['شركة النور', 'شركة البدر', false],
      ['شركة', 'مؤسسة', false],
      ['', '', false],
    ] as const)
      expect(sameName(one, other), `${one} / ${other}`).to.equal(isSame)
  })

  describe('of bank accounts', () => {
    const ask = (ending: string, apiKey = KEY) =>
      createAccountCheck({ baseUrl: sandbox.accountsUrl, apiKey, clock })(
        `SA03800000006080101675${ending}`,
        NUMBER,
      )

    it('know whose one is', async () => {
      expect(await ask('19')).to.deep.include({ verdict: 'VERIFIED', source: 'account-verification' })
      expect((await ask('00')).verdict).to.equal('REJECTED')
      expect((await ask('01')).verdict).to.equal('PENDING')
      expect((await ask('19', 'another')).verdict).to.equal('UNAVAILABLE')
    })

    it('say nothing in words we do not know', async () => {
      answer = (_, res) => void res.end('{"status":"PROBABLY"}')
      const check = createAccountCheck({ baseUrl, apiKey: KEY, clock })
      expect((await check('SA0380000000608010167519', NUMBER)).verdict).to.equal('UNAVAILABLE')
    })
  })

  it('offline, nobody is asked: a good form is FORMAT_ONLY, a bad one REJECTED', async () => {
    expect((await offline.commercialRegistration(NUMBER, NAME)).verdict).to.equal('FORMAT_ONLY')
    expect((await offline.vatNumber('399999999900003')).verdict).to.equal('FORMAT_ONLY')
    expect((await offline.nationalId('1058529940')).verdict).to.equal('FORMAT_ONLY')
    expect((await offline.bankAccount('SA0380000000608010167519', NUMBER)).verdict).to.equal('FORMAT_ONLY')
    expect((await offline.nationalId('1111111111')).verdict).to.equal('REJECTED')
  })
})
