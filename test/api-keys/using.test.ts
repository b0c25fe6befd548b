import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { createUseLog } from '../../api/modules/api-keys/use-log.js'
import type { Account } from '../support/accounts.js'
import { useContext } from '../support/context.js'
import { atOnce } from '../support/ordering.js'
import { request } from '../support/request.js'
import { type SecondApi, startSecondApi } from '../support/second-api.js'
import { eventsOf, KEYS, makeKey, operationToken, shopWithKey, WAREHOUSE } from '../support/signing.js'

const SALES = '/api/v1/orders/sales'
const MINE = '/api/v1/listings/mine'
const JSON_TYPE = { 'content-type': 'application/json' }

describe('an API key', () => {
  const t = useContext()
  afterEach(() => t.clock.reset())
  const seller = (fields?: object) => shopWithKey(t, fields)
  const use = (key: string, path = MINE) => t.get(path, { headers: { 'x-api-key': key } })
  const listed = async ({ token }: Account) => (await t.get(KEYS, { token })).body.items
  const events = (name: string) => eventsOf(t, name)

  describe('when it is used', () => {
    it('is its owner, within its scopes: their listings and sales, and nobody else', async () => {
      const { account, key } = await seller({
        name: 'both',
        scopes: ['listings:read', 'listings:write', 'orders:read'],
      })
      const headers = { 'x-api-key': key }
      const body = {
        title: { ar: 'فلتر زيت', en: 'Oil filter' },
        categoryId: (await t.db('categories').first('id')).id,
        partNumber: '90915-YZZD4',
        price: { amount: 2_500 },
        stock: 5,
      }
      const made = await t.post('/api/v1/listings', { headers, body })
      expect(made.status, made.text).to.equal(201)
      expect((await use(key)).body.items.map((item: { id: string }) => item.id)).to.deep.equal([made.body.id])
      expect((await use(key, SALES)).body.items).to.deep.equal([])
      const other = await t.accounts.listing({}, 'seller:other')
      expect(
        (await t.patch(`/api/v1/listings/${other.id}`, { headers, body: { stock: 0 } })).status,
      ).to.equal(404)
      // the deed is its owner's, by this key
      const audited = await t.owner('audit_log').where({ object_id: made.body.id }).first()
      expect(audited.actor_id).to.equal(account.id)
      expect(audited.details).to.include({ byKey: key.slice(0, 15) })
    })

    it('shows a draft to one that may read listings only', async () => {
      const { who, account, key } = await seller({ name: 'sales', scopes: ['orders:read'] })
      const reads = await makeKey(t, account, WAREHOUSE)
      const draft = await t.accounts.listing({ status: 'DRAFT' }, who)
      expect((await use(reads.body.key, `/api/v1/listings/${draft.id}`)).status).to.equal(200)
      expect((await use(key, `/api/v1/listings/${draft.id}`)).status).to.equal(404)
    })

    it('is refused in an address, in Authorization, and beside a token', async () => {
      const { account, key } = await seller()
      const { token } = account
      for (const path of [
        `${MINE}?api_key=${key}`,
        `${MINE}?x=${key}`,
        `/api/v1/makes?key=${key}`,
        `${MINE}?apikey=no`,
      ]) {
        const answer = await t.get(path)
        expect(answer.status, path).to.equal(401)
        expect(answer.body.code).to.equal('auth.key_misplaced')
        expect(answer.text).to.not.include(key)
      }
      expect((await t.get(`${MINE}?api_key=${key}`, { token })).body.code).to.equal('auth.key_misplaced')
      for (const authorization of [`Bearer ${key}`, `ApiKey ${key}`, key]) {
        const answer = await t.get(MINE, { headers: { authorization } })
        expect(answer.body.code, authorization).to.equal('auth.key_misplaced')
      }
      // a token's signature may hold these characters, one in 40,000 does
      const lookalike = await t.get(MINE, { headers: { authorization: 'Bearer eyJh.eyJz.x-cp_0' } })
      expect(lookalike.body.code).to.not.equal('auth.key_misplaced')
      const both = await t.get(MINE, { token, headers: { 'x-api-key': key } })
      expect(both.status).to.equal(401)
      expect(both.body.code).to.equal('auth.two_credentials')
      expect((await t.get('/api/v1/makes', { token, headers: { 'x-api-key': 'x' } })).status).to.equal(401)
      expect(JSON.stringify(t.log.lines)).to.not.include(key.slice(15))
    })

    it('that is none, or not quite, is told nothing', async () => {
      const { key } = await seller()
      const last = key.endsWith('0') ? '1' : '0'
      const answers = []
      for (const wrong of [
        `${key.slice(0, -1)}${last}`,
        `cp_${'0'.repeat(64)}`,
        key.toUpperCase(),
        key.slice(0, 15),
        `${key}0`,
        ` ${key.slice(1)}`,
        "cp_' or true --",
        'x'.repeat(5_000),
      ]) {
        const { status, body } = await use(wrong)
        expect(status, wrong.slice(0, 70)).to.equal(401)
        answers.push(JSON.stringify({ ...body, requestId: '' }))
      }
      expect(new Set(answers)).to.have.length(1)
      expect(events('api_key_refused').map(({ why }) => why)).to.include('unknown')
    })

    it('ends when its time is over, and not before', async () => {
      const { id, key } = await seller({ ...WAREHOUSE, expiresInDays: 1 })
      const { expires_at: end } = await t.db('api_keys').where({ id }).first('expires_at')
      t.clock.advance(end.getTime() - t.clock.now().getTime() - 5_000)
      expect((await use(key)).status).to.equal(200)
      t.clock.advance(5_000)
      expect((await use(key)).body.code).to.equal('auth.bad_token')
      expect(events('api_key_refused').at(-1)).to.include({ why: 'expired', key: key.slice(0, 15) })
    })

    for (const [why, change] of [
      ['its owner is blocked', { status: 'BLOCKED' }],
      ['its owner is no seller', { role: 'buyer' }],
      ['its owner is no seller', { role: 'admin', has_second_factor: true }],
    ] as const)
      it(`is refused at once where ${why} (${Object.values(change)[0]})`, async () => {
        const { account, key } = await seller()
        expect((await use(key)).status).to.equal(200)
        await t.owner('users').where({ id: account.id }).update(change)
        expect((await use(key)).body.code).to.equal('auth.bad_token')
        expect(events('api_key_refused').at(-1)).to.include({ why })
      })

    it('does not work for another account whose row its hash was moved to', async () => {
      const [mine, theirs] = [await seller(), await seller()]
      const { key_hash, prefix } = await t.db('api_keys').where({ id: mine.id }).first()
      await t.owner('api_keys').where({ id: mine.id }).delete()
      await t.owner('api_keys').where({ id: theirs.id }).update({ key_hash, prefix })
      expect((await use(mine.key)).status).to.equal(401)
    })

    it('cannot make, see or end keys, or do what needs a person', async () => {
      const { id, key } = await seller({
        name: 'all',
        scopes: ['listings:read', 'orders:write', 'invoices:read'],
      })
      const headers = { 'x-api-key': key }
      for (const [method, path] of [
        ['GET', KEYS],
        ['POST', KEYS],
        ['DELETE', `${KEYS}/${id}`],
        ['GET', '/api/v1/auth/sessions'],
        ['POST', '/api/v1/auth/operations'],
        ['GET', '/api/v1/orders'],
      ] as const) {
        const answer = await request(t.baseUrl, path, { method, headers })
        expect(answer.body.code, `${method} ${path}`).to.equal('auth.person_only')
      }
    })
  })

  describe('and its last use', () => {
    const lastUse = async (id: string) =>
      (await t.db('api_keys').where({ id }).first('last_used_at')).last_used_at
    /** The writes to a key's row, as the database counts them. */
    const version = async (id: string) =>
      (await t.db('api_keys').where({ id }).first(t.db.raw('xmin::text as version'))).version

    it('is known to the minute, by one write a minute however often it is used', async () => {
      const { id, key } = await seller()
      await atOnce(10, () => use(key))
      await t.services.apiKeys.settle()
      const first = await lastUse(id)
      expect(t.clock.now().getTime() - first.getTime()).to.be.within(0, 60_000)
      const written = await version(id)
      t.clock.advance(55_000)
      await atOnce(5, () => use(key))
      await t.services.apiKeys.settle()
      expect(await version(id)).to.equal(written)
      t.clock.advance(10_000)
      await use(key)
      await t.services.apiKeys.settle()
      expect((await lastUse(id)).getTime() - first.getTime()).to.be.at.least(60_000)
    })

    it('asks for no write within the minute, and is written once by two processes at once', async () => {
      const { id, key } = await seller()
      await use(key)
      await t.services.apiKeys.settle()
      let writes = 0
      const count = ({ sql }: { sql: string }) => {
        if (/^update "api_keys"/.test(sql)) writes += 1
      }
      t.db.on('query', count)
      await atOnce(3, () => use(key))
      expect(writes).to.equal(0)
      t.clock.advance(60_000)
      await use(key)
      expect(writes).to.equal(1)
      t.db.off('query', count)
      await t.services.apiKeys.settle()
      // what the other process read before the first had written
      const before = { id, lastUsedAt: null }
      await t.owner('api_keys').where({ id }).update({ last_used_at: null })
      const at = (seconds: number) => new Date(Date.UTC(2026, 10, 27, 9, 0, seconds))
      for (const seconds of [0, 30]) {
        const uses = createUseLog({ db: t.db, clock: { now: () => at(seconds) }, logger: t.log })
        uses.note(before)
        await uses.settle()
      }
      expect(await lastUse(id)).to.deep.equal(at(0))
    })

    it('costs the request nothing when it cannot be written, and is said in the log', async () => {
      const { id, key } = await seller()
      await t.owner.transaction(async trx => {
        // somebody holds the row: the request does not wait for it
        await trx('api_keys').where({ id }).forUpdate().first()
        expect((await use(key)).status).to.equal(200)
        expect((await use(key)).status).to.equal(200)
      })
      await t.services.apiKeys.settle()
      expect(await lastUse(id)).to.be.an.instanceOf(Date)
      await t.owner('api_keys').where({ id }).update({ last_used_at: null })
      await t.owner.raw(
        "alter table api_keys add constraint no_use check (name <> 'warehouse' or last_used_at is null) not valid",
      )
      try {
        expect((await use(key)).status).to.equal(200)
        await t.services.apiKeys.settle()
        expect(t.log.of('api_key_use_not_noted')).to.have.length(1)
      } finally {
        await t.owner.raw('alter table api_keys drop constraint no_use')
      }
    })
  })

  describe('when it is revoked', () => {
    it('ends at once, for good, and the list still shows it', async () => {
      const { account, id, key, prefix } = await seller()
      const revoke = () => remove(`${KEYS}/${id}`, account.token)
      expect((await revoke()).status).to.equal(204)
      expect((await use(key)).body.code).to.equal('auth.bad_token')
      expect((await revoke()).status).to.equal(204)
      expect((await listed(account))[0]).to.include({ id, status: 'REVOKED' })
      expect(events('api_key_revoked').filter(event => event.key === prefix)).to.have.length(1)
      expect(await t.owner('audit_log').where({ action: 'api_key_revoked', object_id: id })).to.have.length(1)
      expect(events('api_key_refused').at(-1)).to.include({ why: 'revoked' })
    })

    it("is nobody else's to revoke: as unknown as one that does not exist", async () => {
      const { id, key } = await seller()
      const stranger = await seller()
      const answer = await remove(`${KEYS}/${id}`, stranger.account.token)
      expect(answer.status).to.equal(404)
      expect(answer.body.code).to.equal('api_keys.not_found')
      expect((await use(key)).status).to.equal(200)
    })
  })

  it('list comes in pages, newest first', async () => {
    const { account, id } = await seller()
    const second = (await makeKey(t, account, WAREHOUSE)).body.id
    const page = await t.get(`${KEYS}?limit=1`, { token: account.token })
    expect(page.body.items.map((item: { id: string }) => item.id)).to.deep.equal([second])
    const next = await t.get(`${KEYS}?limit=1&cursor=${page.body.nextCursor}`, { token: account.token })
    expect(next.body).to.deep.include({ nextCursor: null })
    expect(next.body.items[0].id).to.equal(id)
    const stranger = await seller()
    const foreign = await t.get(`${KEYS}?cursor=${page.body.nextCursor}`, { token: stranger.account.token })
    expect(foreign.body.code).to.equal('request.bad_cursor')
  })

  describe('where they are not offered', () => {
    let off: SecondApi
    before(async () => {
      off = await startSecondApi({ ...t.env, ENABLE_API_KEYS: 'false' })
    })
    after(() => off?.close())

    it('can neither be made nor used, and still be seen and revoked', async () => {
      const { account, id, key } = await seller()
      const { token } = account
      const used = await off.send(MINE, { headers: { 'x-api-key': key } })
      expect(used.status).to.equal(401)
      expect(used.body.code).to.equal('auth.keys_off')
      const raw = JSON.stringify(WAREHOUSE)
      const operation = await operationToken(t, account, { method: 'POST', path: KEYS, raw })
      const headers = { ...JSON_TYPE, 'operation-token': operation }
      const made = await off.send(KEYS, { method: 'POST', token, raw, key: randomUUID(), headers })
      expect(made.status).to.equal(409)
      expect(made.body.code).to.equal('api_keys.not_offered')
      expect((await off.send(KEYS, { token })).body.items).to.have.length(1)
      expect((await off.send(`${KEYS}/${id}`, { method: 'DELETE', token })).status).to.equal(204)
      expect((await use(key)).status).to.equal(401)
    })
  })

  const remove = (path: string, token: string) => request(t.baseUrl, path, { method: 'DELETE', token })
})
