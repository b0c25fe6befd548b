import { createHash } from 'node:crypto'
import { expect } from 'chai'
import { SignJWT } from 'jose'
import { createOperationService } from '../../api/modules/operations/operation-service.js'
import { newId } from '../../api/platform/ids.js'
import { enrolled } from '../support/authenticator.js'
import { useContext } from '../support/context.js'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const BODY = '{"amount":100}'
const REQUEST = { method: 'POST', path: '/api/v1/refunds', bodySha256: sha256(BODY) } as const

describe('a signed operation', () => {
  const t = useContext()
  afterEach(() => t.clock.reset())
  const ask = (token: string, body: object) => t.post('/api/v1/auth/operations', { token, body })
  const password = 'a-password-for-tests'
  const spend = (
    actor: Parameters<typeof t.services.operations.spend>[0],
    token: string,
    over = {},
    attempt = newId(),
  ) =>
    t.services.operations.spend(actor, { ...REQUEST, ...over }, token, attempt).then(
      () => 'done',
      error => error.code,
    )

  it('is for one request of one session, once', async () => {
    const { actor, token } = await t.accounts.account('buyer')
    const { status, body, text } = await ask(token, { ...REQUEST, password })
    expect(status, text).to.equal(201)
    expect(await spend(actor, body.token)).to.equal('done')
    expect(await spend(actor, body.token)).to.equal('operations.bad_token')
  })

  it('is over when the password changes', async () => {
    const { actor, token } = await t.accounts.account('buyer:changing')
    const { body } = await ask(token, { ...REQUEST, password })
    const changed = await t.post('/api/v1/auth/password', {
      token,
      body: { password, newPassword: 'another-password-for-tests' },
    })
    expect(changed.status, changed.text).to.equal(204)
    expect(await spend(actor, body.token)).to.equal('operations.bad_token')
  })

  it('is used once by many who come at once, and again by a repeat under the same key', async () => {
    const { actor, token } = await t.accounts.account('buyer')
    const { body } = await ask(token, { ...REQUEST, password })
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => spend(actor, body.token)))
    expect(outcomes.filter(outcome => outcome === 'done')).to.have.length(1)

    const { body: second } = await ask(token, { ...REQUEST, password })
    const attempt = newId()
    expect(await spend(actor, second.token, {}, attempt)).to.equal('done')
    expect(await spend(actor, second.token, {}, attempt)).to.equal('done')
  })

  for (const [what, over] of [
    ['method', { method: 'DELETE' }],
    ['path', { path: '/api/v1/refunds/1' }],
    ['body', { bodySha256: sha256('{"amount":1000}') }],
    ['body, by a blank', { bodySha256: sha256(`${BODY} `) }],
  ] as const)
    it(`is refused for another ${what}`, async () => {
      const { actor, token } = await t.accounts.account('buyer')
      const { body } = await ask(token, { ...REQUEST, password })
      expect(await spend(actor, body.token, over)).to.equal('operations.bad_token')
      // and is not spent by it
      expect(await spend(actor, body.token)).to.equal('done')
    })

  it('is refused for another person, another session, and after five minutes', async () => {
    const { actor, token, email } = await t.accounts.account('buyer')
    const other = await t.accounts.account('buyer:other')
    const { body } = await ask(token, { ...REQUEST, password })
    expect(await spend(other.actor, body.token)).to.equal('operations.bad_token')
    const again = await t.post('/api/v1/auth/login', { body: { email, password } })
    const sessionId = again.body.refreshToken.split('.')[0]
    expect(await spend({ ...actor, sessionId }, body.token)).to.equal('operations.bad_token')
    t.clock.advance(5 * 60_000)
    expect(await spend(actor, body.token)).to.equal('operations.bad_token')
  })

  it('wants a password or a code that is right, and one of them', async () => {
    const account = await t.accounts.account('buyer:2fa')
    const { token } = account
    expect((await ask(token, { ...REQUEST, password: 'not-mine-at-all' })).body.code).to.equal(
      'auth.bad_proof',
    )
    expect((await ask(token, { ...REQUEST, code: '123456' })).body.code).to.equal('second_factor.wrong_code')
    expect((await ask(token, REQUEST)).status).to.equal(422)
    const app = await enrolled(t, account)
    const code = app.code()
    expect((await ask(token, { ...REQUEST, code })).status).to.equal(201)
    expect((await ask(token, { ...REQUEST, code })).body.code).to.equal('second_factor.wrong_code')
    expect((await ask(token, { ...REQUEST, password, code: app.code(1) })).status).to.equal(422)
  })

  it('is no access token, and an access token is none', async () => {
    const { actor, token } = await t.accounts.account('buyer')
    const { body } = await ask(token, { ...REQUEST, password })
    expect((await t.get('/api/v1/auth/me', { token: body.token })).status).to.equal(401)
    expect(await spend(actor, token)).to.equal('operations.bad_token')
    expect(await spend(actor, '')).to.equal('operations.token_needed')
  })

  it('is refused when anybody else signed it', async () => {
    const { actor } = await t.accounts.account('buyer')
    for (const key of ['JWT_SECRET', 'JWT_REFRESH_SECRET', 'SESSION_SECRET']) {
      const forged = await new SignJWT({ sid: actor.sessionId, req: 'x' })
        .setProtectedHeader({ alg: 'HS512', typ: 'op+jwt' })
        .setIssuer('cargoparts-api')
        .setAudience('cargoparts-operations')
        .setSubject(actor.id)
        .setJti(newId())
        .setExpirationTime('5m')
        .sign(new TextEncoder().encode(t.env[key]))
      expect(await spend(actor, forged), key).to.equal('operations.bad_token')
    }
    for (const nonsense of ['x', 'a.b.c', `${'x'.repeat(5_000)}`])
      expect(await spend(actor, nonsense)).to.equal('operations.bad_token')
  })

  it('that is refused is in the security log, without its token', async () => {
    const { actor, token } = await t.accounts.account('buyer')
    const { body } = await ask(token, { ...REQUEST, password })
    await spend(actor, body.token, { method: 'PUT' })
    const line = t.log.of('security').findLast(({ fields }) => fields.name === 'operation_refused')
    expect(line?.fields).to.include({ why: 'for another request', by: actor.id })
    expect(JSON.stringify(t.log.lines)).to.not.include(body.token)
  })

  it('is not called refused where the mistake is ours', async () => {
    const { actor, token } = await t.accounts.account('buyer')
    const { body } = await ask(token, { ...REQUEST, password })
    const broken = createOperationService({
      db: t.db,
      clock: { now: () => 'now' as never },
      security: t.context.security,
      passwords: undefined as never,
      factors: t.services.factors,
      secret: () => t.env.SESSION_SECRET as string,
    })
    const said = t.log.of('security').length
    const outcome = await broken.spend(actor, REQUEST, body.token, newId()).catch(error => error)
    expect(outcome).to.be.instanceOf(TypeError)
    expect(t.log.of('security')).to.have.length(said)
  })

  it('is forgotten an hour after its end', async () => {
    const { actor, token } = await t.accounts.account('buyer')
    const { body } = await ask(token, { ...REQUEST, password })
    await spend(actor, body.token)
    t.clock.advance(66 * 60_000)
    expect(await t.services.operations.forgetExpired()).to.be.above(0)
  })
})
