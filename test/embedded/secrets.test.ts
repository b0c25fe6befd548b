import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { expect } from 'chai'
import { readOrMakeSecrets } from '../../cli/start/secrets.js'
import { useScratch } from './scratch.js'

describe('development secrets', () => {
  const scratch = useScratch()
  const file = () => scratch.path('secrets.json')

  it('are written once, for our eyes only', () => {
    const { secrets, made } = readOrMakeSecrets(file())
    expect(made).to.equal(Object.keys(secrets).length)
    expect(statSync(file()).mode & 0o777).to.equal(0o600)
    const text = readFileSync(file(), 'utf8')
    expect(readOrMakeSecrets(file())).to.deep.equal({ secrets, made: 0 })
    expect(readFileSync(file(), 'utf8')).to.equal(text)
  })

  it('are long enough, of the right shape, and all different', () => {
    const { secrets } = readOrMakeSecrets(file())
    for (const name of ['JWT_SECRET', 'JWT_REFRESH_SECRET', 'SESSION_SECRET'] as const) {
      expect(secrets[name].length, name).to.be.at.least(32)
    }
    expect(secrets.PAYMENT_ENCRYPTION_KEY).to.match(/^[0-9a-f]{64}$/)
    expect(secrets.TAP_SECRET_KEY).to.match(/^sk_test_\w{16,}$/)
    expect(secrets.TAP_PUBLIC_KEY).to.match(/^pk_test_\w{16,}$/)
    expect(new Set(Object.values(secrets)).size).to.equal(Object.keys(secrets).length)
  })

  it('that a newer release needs are added, and the others kept', () => {
    const { secrets } = readOrMakeSecrets(file())
    const { AUDIT_SALT, ...older } = secrets
    writeFileSync(file(), JSON.stringify(older))
    const now = readOrMakeSecrets(file())
    expect(now.made).to.equal(1)
    expect(now.secrets).to.include(older)
    expect(now.secrets.AUDIT_SALT).to.not.equal(AUDIT_SALT)
  })
})
