import { expect } from 'chai'
import fc from 'fast-check'
import { operationsOf } from '../../api/app.js'
import { ROLES, type Role } from '../../api/platform/actor.js'
import { useContext } from '../support/context.js'
import { type Nonsense, nonsenseFor } from '../support/nonsense.js'
import { type Answer, request } from '../support/request.js'
import { buy, place } from '../support/shopping.js'
import { verifying } from '../support/verifying.js'

const SEED = 20_261_123
const RUNS = 60
/** Nonsense cannot know a password, a code, a link's token, a signature; nor is it a picture, or a whole address. */
const WANTS_MORE = new Set([
  ...['login', 'completeLogin', 'refresh', 'changePassword', 'resetPassword', 'verifyEmail', 'verifyPhone'],
  ...['enrolSecondFactor', 'confirmSecondFactor', 'renewRecoveryCodes', 'disableSecondFactor'],
  ...['signOperation', 'receiveWebhook', 'openFile', 'addPhoto'],
  ...['keepCompany', 'keepSellerAddress'],
  ...['requestBankAccount', 'requestSellerAccount', 'approveBankAccount', 'rejectBankAccount'],
  ...['sendVerificationFile', 'attachDocument', 'linkDocument'],
  ...['submitVerification', 'withdrawVerification', 'checkSeller', 'claimCase', 'approveCase', 'rejectCase'],
  'linkSellerDocument',
])

describe('nonsense at every operation', () => {
  const t = useContext()
  const known: string[] = []
  const seen = new Map<string, Set<number>>()

  before(async () => {
    const listing = await t.accounts.listing({ stock: 100_000 })
    const { checkout, payment, orderId } = await buy(t, [{ listingId: listing.id, quantity: 1 }])
    const open = await place(t, [{ listingId: listing.id, quantity: 1 }])
    const verified = await verifying(t).quick('seller:verified')
    const { id: documentId } = await t.owner('kyc_documents').first('id')
    const invoices = await t.get(`/api/v1/invoices?orderId=${orderId}`, { as: 'buyer' })
    known.push(
      listing.id,
      listing.sellerId,
      checkout.id,
      open.id,
      payment.id,
      orderId,
      ...open.orders.flatMap(order => [order.id, order.number]),
      invoices.body.items[0].id,
      // a seller whom officers may look at and decide about
      verified.caseId,
      verified.sellerId,
      documentId,
      // somebody whom the back office may sign out and block
      (await t.accounts.account('buyer:known')).id,
      'brakes',
      'tap',
      'card',
      'new@example.sa',
      (await t.accounts.account('buyer')).email,
      (await t.accounts.account('buyer')).id,
      'a-password-for-tests',
      '0501234567',
      '1010101010',
      '300000000000003',
      '12211',
      '7421',
      'الرياض',
    )
  })

  const send = async (
    method: string,
    path: string,
    as: Role | undefined,
    input: Nonsense,
    op: string,
  ): Promise<Answer> => {
    const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encoded(input.params[name] ?? ''))
    const query = input.query.map(([name, value]) => `${encoded(name)}=${encoded(value)}`).join('&')
    return request(t.baseUrl, `${filled}${query ? `?${query}` : ''}`, {
      method: method.toUpperCase(),
      headers: input.headers,
      // what changes an account or ends its sessions is tried on one that nobody else is
      ...(as ? { token: await t.accounts.token(path.includes('/auth/') ? `${as}:${op}` : as) } : {}),
      ...(method === 'get' || input.body === undefined ? {} : { raw: input.body }),
    })
  }

  it('never ends in an error of ours', async function () {
    this.timeout(120_000)
    const { body: document } = await t.get('/openapi.json')
    for (const op of operationsOf(t.services)) {
      const path = `/api/v1${op.path.replace(/:(\w+)/g, '{$1}')}`
      const input = nonsenseFor(document.paths[path][op.method], known)
      const roles = fc.constantFrom<Role | undefined>(undefined, ...ROLES)
      const statuses = new Set<number>()
      seen.set(op.id, statuses)
      await fc.assert(
        fc.asyncProperty(roles, input, async (as, nonsense) => {
          const answer = await send(op.method, path, as, nonsense, op.id)
          statuses.add(answer.status)
          // asked whether it is another release, this one says no in the way load balancers understand
          if (op.path === '/health/ready' && answer.body.reasons?.join() === 'other_release') return
          expect(answer.status, `${op.id} as ${as}: ${answer.text}`).to.be.below(500)
          if (answer.status >= 400) {
            expect(answer.headers.get('content-type'), op.id).to.equal('application/problem+json')
            expect(answer.body.status, op.id).to.equal(answer.status)
          }
        }),
        { seed: SEED, numRuns: RUNS, includeErrorInReport: true },
      )
    }
    expect(t.log.of('request_failed')).to.deep.equal([])
  })

  it('got past the door of every operation, and through it at most', () => {
    const reached = (op: string) =>
      [...(seen.get(op) ?? [])].some(status => ![401, 403, 415].includes(status))
    expect([...seen.keys()].filter(op => !reached(op))).to.deep.equal([])
    const signed = new Set(operationsOf(t.services).flatMap(op => (op.signed ? op.id : [])))
    const open = [...seen].filter(([op]) => !WANTS_MORE.has(op) && !signed.has(op))
    const done = open.filter(([, statuses]) => [...statuses].some(status => status < 300))
    expect(done.length).to.be.above(open.length / 2)
  })
})

/** Percent-encoded, half a surrogate pair too: as a client in another language would send its bytes. */
const encoded = (text: string): string => (text.isWellFormed() ? encodeURIComponent(text) : '%ED%A0%80')
