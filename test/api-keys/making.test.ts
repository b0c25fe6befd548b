import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import type { Account } from '../support/accounts.js'
import { useContext } from '../support/context.js'
import { inboxOf } from '../support/mail.js'
import { atOnce, tally } from '../support/ordering.js'
import { eventsOf, KEYS, makeKey, operationToken, shopWithKey, WAREHOUSE } from '../support/signing.js'

const MINE = '/api/v1/listings/mine'
const JSON_TYPE = { 'content-type': 'application/json' }

describe('an API key that is made', () => {
  const t = useContext()
  afterEach(() => t.clock.reset())
  const seller = (fields?: object) => shopWithKey(t, fields)
  const use = (key: string, path = MINE) => t.get(path, { headers: { 'x-api-key': key } })
  const listed = async ({ token }: Account) => (await t.get(KEYS, { token })).body.items
  const events = (name: string) => eventsOf(t, name)

  it('is cp_ and 64 hexadecimal digits, shown this once, and kept as a hash that is not one of it alone', async () => {
    const { account, id, key, prefix } = await seller()
    expect(key).to.match(/^cp_[0-9a-f]{64}$/)
    expect(prefix).to.equal(key.slice(0, 15))
    const [shown] = await listed(account)
    expect(shown).to.include({ id, prefix, name: 'warehouse', status: 'ACTIVE', lastUsedAt: null })
    expect(shown).to.not.have.property('key')
    const row = await t.db('api_keys').where({ id }).first()
    expect(row.key_hash).to.have.length(32)
    const everything = JSON.stringify([
      await t.db('api_keys'),
      await t.db('idempotency_keys'),
      await t.db('outbox'),
      await t.owner('audit_log'),
      t.log.lines,
    ])
    expect(everything).to.include(prefix)
    expect(everything).to.not.include(key.slice(15))
  })

  it('is another each time, whatever its name', async () => {
    const { account, key } = await seller()
    const again = await makeKey(t, account, WAREHOUSE)
    expect(again.body.key).to.not.equal(key)
    expect(await listed(account)).to.have.length(2)
  })

  it('is made once by a repeat under the same Idempotency-Key, which shows it again', async () => {
    const { account } = await seller()
    const [key, raw] = [randomUUID(), JSON.stringify(WAREHOUSE)]
    const operation = await operationToken(t, account, { method: 'POST', path: KEYS, raw })
    const first = await makeKey(t, account, WAREHOUSE, { key, operation })
    const repeat = await makeKey(t, account, WAREHOUSE, { key, operation })
    expect(repeat.headers.get('idempotency-replayed')).to.equal('true')
    expect(repeat.body).to.deep.equal(first.body)
    // with a fresh proof too, and not without one: a stolen session that learns the Idempotency-Key gets nothing
    expect((await makeKey(t, account, WAREHOUSE, { key })).body).to.deep.equal(first.body)
    const { token } = account
    const bare = await t.post(KEYS, { token, raw, key, headers: JSON_TYPE })
    expect(bare.body.code).to.equal('operations.token_needed')
    expect(await listed(account)).to.have.length(2)
  })

  it('is made once by eight at once', async () => {
    const { account } = await seller()
    const [key, raw] = [randomUUID(), JSON.stringify(WAREHOUSE)]
    const operation = await operationToken(t, account, { method: 'POST', path: KEYS, raw })
    const answers = await atOnce(8, () => makeKey(t, account, WAREHOUSE, { key, operation }))
    expect(Object.keys(tally(answers))).to.satisfy((seen: string[]) =>
      seen.every(status => status === '201' || status === '409'),
    )
    expect(
      new Set(answers.filter(({ status }) => status === 201).map(({ body }) => body.key)),
    ).to.have.length(1)
    expect(await listed(account)).to.have.length(2)
  })

  it('takes up an attempt that was cut off with the same row and a key that works', async () => {
    const { account } = await seller()
    const id = randomUUID()
    const input = { name: 'tills', scopes: ['listings:read' as const], expiresInDays: 3 }
    const lost = await t.services.apiKeys.create(input, account.actor, id)
    const again = await t.services.apiKeys.create(input, account.actor, id)
    expect(again.key.id).to.equal(id)
    expect((await use(again.secret)).status).to.equal(200)
    expect((await use(lost.secret)).status).to.equal(401)
  })

  it('wants a proof of this very request, and one that was forgotten may follow under the same Idempotency-Key', async () => {
    const { account } = await seller()
    const { token } = account
    const [key, raw] = [randomUUID(), JSON.stringify(WAREHOUSE)]
    const send = (operation?: string, body = raw) =>
      t.post(KEYS, {
        token,
        raw: body,
        key,
        headers: { ...JSON_TYPE, ...(operation ? { 'operation-token': operation } : {}) },
      })
    expect((await send()).body.code).to.equal('operations.token_needed')
    const other = await operationToken(t, account, { method: 'POST', path: `${KEYS}/x`, raw })
    expect((await send(other)).body.code).to.equal('operations.bad_token')
    const deed = await operationToken(t, account, { method: 'DELETE', path: KEYS, raw })
    expect((await send(deed)).body.code).to.equal('operations.bad_token')
    const right = await operationToken(t, account, { method: 'POST', path: KEYS, raw })
    const wider = JSON.stringify({ ...WAREHOUSE, scopes: ['orders:write'] })
    expect((await send(right, wider)).body.code).to.equal('operations.bad_token')
    expect(await listed(account)).to.have.length(1)
    expect((await send(right)).status).to.equal(201)
    // spent: another attempt gets nothing by it
    const another = await makeKey(t, account, WAREHOUSE, { operation: right })
    expect(another.body.code).to.equal('operations.bad_token')
    expect(await listed(account)).to.have.length(2)
  })

  it('names what it may do and how long: nothing else is taken', async () => {
    const { account } = await seller()
    for (const [wrong, pointer] of [
      [{ scopes: [] }, '#/scopes'],
      [{ scopes: ['admin'] }, '#/scopes/0'],
      [{ scopes: ['orders:read', 'orders:read'] }, '#/scopes'],
      [{ scopes: 'orders:read' }, '#/scopes'],
      [{ name: ' ' }, '#/name'],
      [{ name: 'x'.repeat(61) }, '#/name'],
      [{ expiresInDays: 0 }, '#/expiresInDays'],
      [{ expiresInDays: 366 }, '#/expiresInDays'],
      [{ expiresInDays: 1.5 }, '#/expiresInDays'],
      [{ expiresAt: null }, '#/expiresAt'],
      [{ userId: account.id }, '#/userId'],
    ] as const) {
      const answer = await makeKey(t, account, { ...WAREHOUSE, ...wrong })
      expect(answer.status, JSON.stringify(wrong)).to.equal(422)
      expect(answer.body.errors[0].pointer).to.equal(pointer)
    }
    expect(await listed(account)).to.have.length(1)
  })

  it('is one of twenty at the most, also when many come at once', async () => {
    const { account } = await seller()
    const input = { name: 'x', scopes: ['orders:read' as const], expiresInDays: 1 }
    const make = () => t.services.apiKeys.create(input, account.actor, randomUUID())
    const outcomes = await Promise.allSettled(Array.from({ length: 22 }, make))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).to.have.length(19)
    const refused = await makeKey(t, account, WAREHOUSE)
    expect(refused.body).to.include({ code: 'api_keys.too_many', limit: 20 })
    // one that ended makes room
    t.clock.advance(86_400_000)
    const { accessToken: token } = (
      await t.post('/api/v1/auth/login', { body: { email: account.email, password: account.password } })
    ).body
    expect((await makeKey(t, { ...account, token }, WAREHOUSE)).status).to.equal(201)
  })

  it('is told to its owner, the audit trail and the security log', async () => {
    const { account, id, prefix } = await seller()
    const audited = await t.owner('audit_log').where({ action: 'api_key_created', object_id: id })
    expect(audited).to.have.length(1)
    expect(audited[0]).to.include({ actor_kind: 'user', actor_id: account.id, object_type: 'api_key' })
    expect(audited[0].details).to.deep.include({ key: prefix, name: 'warehouse', scopes: ['listings:read'] })
    expect(events('api_key_created').at(-1)).to.include({ by: account.id, key: prefix })
    const subjects = (await inboxOf(t, account.email)).messages.map(({ subject }) => subject)
    expect(subjects).to.include('مفتاح API جديد')
  })
})
