import { userInfo } from 'node:os'
import { expect } from 'chai'
import { atTerminal, bareEnvironment, cargoparts, type Ended, envelope, json } from '../support/command.js'
import { useContext } from '../support/context.js'
import { makeKey, shopWithKey } from '../support/signing.js'

const UNKNOWN = '01970000-0000-7000-8000-000000000000'
const WHY = ['--reason', 'found in a log']

describe('cargoparts keys', function () {
  this.timeout(60_000)
  const t = useContext()
  const run = (...args: string[]): Promise<Ended> => cargoparts(args, bareEnvironment(t.env))
  const use = async (key: string) =>
    (await t.get('/api/v1/listings/mine', { headers: { 'x-api-key': key } })).status
  let first: Awaited<ReturnType<typeof shopWithKey>>
  let second: typeof first

  before(async () => {
    first = await shopWithKey(t, { name: 'مستودع\u200cالرياض', scopes: ['listings:read', 'orders:read'] })
    second = await shopWithKey(t)
    await use(first.key)
    await t.services.apiKeys.settle()
  })

  it('list: one line each for a pipe, newest first, and nothing of the key but its first digits', async () => {
    const { code, stdout, stderr } = await run('keys:list')
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' })
    const [head, ...lines] = stdout.trimEnd().split('\n')
    expect(head).to.equal('key\tname\taccount\tmay\tstate\tused\tends')
    expect(lines.map(line => line.split('\t')[0])).to.deep.equal([second.prefix, first.prefix])
    expect(lines[0]?.split('\t').slice(1, 6)).to.deep.equal([
      'warehouse',
      second.account.email,
      'listings:read',
      'ACTIVE',
      '-',
    ])
    expect(lines[1]?.split('\t')[5]).to.match(/^\d{4}-\d\d-\d\d \d\d:\d\d$/)
  })

  it('list --json: the keys in one document, of one account where asked', async () => {
    const { keys } = json(await run('keys:list', '--json', '--user', first.account.email.toUpperCase()))
    expect(keys).to.have.length(1)
    expect(keys[0]).to.include({
      id: first.id,
      prefix: first.prefix,
      status: 'ACTIVE',
      userId: first.account.id,
    })
    expect(JSON.stringify(keys)).to.not.include(first.key.slice(15))
  })

  it('list: an unknown account exits 3, a bad one 5', async () => {
    for (const [user, code, says] of [
      [UNKNOWN, 3, 'users.not_found'],
      ['nobody', 5, 'cli.bad_user'],
    ] as const) {
      const end = await run('keys:list', '--user', user, '--json')
      expect(end.code, user).to.equal(code)
      expect(envelope(end).code).to.equal(says)
    }
  })

  it('revoke: asks for the key by name, and without an answer changes nothing', async () => {
    const bare = await run('keys:revoke', first.prefix, ...WHY, '--json')
    expect(bare.code).to.equal(5)
    expect(envelope(bare).code).to.equal('cli.not_confirmed')
    const typed = await atTerminal(
      ['keys:revoke', first.prefix, ...WHY],
      bareEnvironment(t.env),
      /Type cp_/,
      'no\n',
    )
    expect(typed.code).to.equal(5)
    expect((await run('keys:revoke', first.prefix)).code).to.equal(2)
    expect(await use(first.key)).to.equal(200)
  })

  it('revoke: ends the key at once, and the audit trail names the operator and why', async () => {
    const end = await run('keys:revoke', first.prefix, ...WHY, '--confirm', first.prefix)
    expect(end.code, end.stderr).to.equal(0)
    expect(end.stdout).to.equal(`Key ${first.prefix} is revoked.\n`)
    expect(await use(first.key)).to.equal(401)
    expect(await use(second.key)).to.equal(200)
    const audited = await t.owner('audit_log').where({ action: 'api_key_revoked', object_id: first.id })
    expect(audited).to.have.length(1)
    expect(audited[0]).to.include({ actor_kind: 'operator', actor_name: userInfo().username })
    expect(audited[0].details).to.deep.equal({ key: first.prefix, reason: 'found in a log' })
  })

  it('revoke: says so where it was done before, and asks for nothing', async () => {
    const again = json(await run('keys:revoke', first.id, ...WHY, '--json'))
    expect(again).to.deep.equal({ id: first.id, prefix: first.prefix, status: 'REVOKED', isNews: false })
    expect(await t.owner('audit_log').where({ action: 'api_key_revoked' })).to.have.length(1)
    const all = json(await run('keys:list', '--all', '--json')).keys
    expect(all.map(({ status }: { status: string }) => status)).to.deep.equal(['ACTIVE', 'REVOKED'])
  })

  it('revoke: takes a whole key that was found somewhere', async () => {
    const found = (await makeKey(t, second.account, { name: 'leaked', scopes: ['orders:read'] })).body
    const end = await run('keys:revoke', found.key, ...WHY, '--confirm', found.prefix, '--json')
    expect(json({ ...end })).to.include({ id: found.id, isNews: true })
    expect(end.stdout + end.stderr).to.not.include(found.key)
  })

  it('revoke: an unknown key exits 3, what is none 5', async () => {
    for (const [key, code, says] of [
      [`cp_${'0'.repeat(12)}`, 3, 'api_keys.not_found'],
      [`cp_${'0'.repeat(20)}`, 5, 'cli.bad_key'],
    ] as const) {
      const end = await run('keys:revoke', key, ...WHY, '--confirm', key, '--json')
      expect(end.code, key).to.equal(code)
      expect(envelope(end)).to.include({ code: says })
    }
  })

  it('need no secret of the API, and without --all say nothing of what ended', async () => {
    const { DATABASE_URL = '' } = t.env
    const end = await cargoparts(['keys:list', '--json'], bareEnvironment({ DATABASE_URL }))
    expect(json(end).keys.map(({ id }: { id: string }) => id)).to.deep.equal([second.id])
  })
})
