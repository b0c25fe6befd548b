import { expect } from 'chai'
import { createTokens } from '../../api/modules/auth/tokens.js'
import { newId } from '../../api/platform/ids.js'
import { testClock } from '../support/clock.js'

const [OLD, NEW] = ['an-old-secret-of-thirty-two-letters!', 'a-new-secret-of-thirty-two-letters!!']
const claims = { userId: newId(), sessionId: newId() }

describe('secrets that are exchanged', () => {
  const clock = testClock()
  const tokens = (...secrets: string[]) =>
    createTokens({ accessSecrets: () => secrets, refreshSecrets: () => secrets, clock })
  const outcome = (work: Promise<unknown>) =>
    work.then(
      () => 'good',
      error => error.code,
    )

  it('leave the access tokens that are out good while the old one is named', async () => {
    const token = await tokens(OLD).access(claims)
    expect(await tokens(NEW, OLD).readAccess(token)).to.deep.equal(claims)
    expect(await outcome(tokens(NEW).readAccess(token))).to.equal('auth.bad_token')
  })

  it('sign with the newest, and say which it was', async () => {
    const kid = (token: string) =>
      JSON.parse(String(Buffer.from(token.split('.')[0] as string, 'base64url'))).kid
    const [old, fresh] = [await tokens(OLD).access(claims), await tokens(NEW, OLD).access(claims)]
    expect(kid(fresh))
      .to.match(/^[0-9a-f]{8}$/)
      .and.not.equal(kid(old))
    expect(await outcome(tokens(OLD).readAccess(fresh))).to.equal('auth.bad_token')
  })

  it('are not chosen by the token: one that names the old key and was signed by the new is refused', async () => {
    const [head] = (await tokens(OLD).access(claims)).split('.')
    const [, body, signature] = (await tokens(NEW).access(claims)).split('.')
    expect(await outcome(tokens(NEW, OLD).readAccess(`${head}.${body}.${signature}`))).to.equal(
      'auth.bad_token',
    )
  })

  it('leave the refresh tokens that are out good, with the hash they were kept by', () => {
    const { token, hash } = tokens(OLD).newRefresh(claims.sessionId)
    expect(tokens(NEW, OLD).readRefresh(token).hash.equals(hash)).to.equal(true)
    expect(() => tokens(NEW).readRefresh(token))
      .to.throw()
      .with.property('code', 'auth.bad_token')
  })
})
