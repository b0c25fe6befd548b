import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import {
  type Sandbox,
  type SandboxOptions,
  startSandbox,
  type TapCharge,
  type TapPayment,
} from '../../api/sandbox/index.js'

export const SECRET = 'tap_test_secret_key_0001'

export type Hook = { headers: http.IncomingHttpHeaders; text: string; object: TapCharge }
/** `body` is what the test takes it for: nobody has checked the wire. */
export type Reply<T> = { status: number; text: string; readonly body: T }

/** A sandbox, and a shop that calls it and hears its webhooks. */
export async function openShop(options: Partial<SandboxOptions> = {}) {
  const hooks: Hook[] = []
  const clock = { at: Date.UTC(2026, 2, 1, 9), now: () => new Date(clock.at) }
  /** What the shop answers to webhooks, in turn; 200 when there is nothing left. */
  const answers: number[] = []
  const receiver = http.createServer((request, response) => {
    let text = ''
    request.on('data', chunk => {
      text += chunk
    })
    request.on('end', () => {
      hooks.push({ headers: request.headers, text, object: JSON.parse(text) })
      response.writeHead(answers.shift() ?? 200, { location: 'http://example.com/' }).end()
    })
  })
  receiver.listen(0, '127.0.0.1')
  await once(receiver, 'listening')
  const shopUrl = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`
  const sandbox: Sandbox = await startSandbox({
    secretKey: SECRET,
    nodeEnv: 'test',
    clock,
    webhooks: { gapsMs: [1, 1] },
    ...options,
  })

  async function call<T = TapCharge>(
    method: string,
    path: string,
    body?: unknown,
    key = SECRET,
  ): Promise<Reply<T>> {
    const response = await fetch(`${sandbox.tapApiUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
    })
    const text = await response.text()
    const { status } = response
    return {
      status,
      text,
      get body(): T {
        return JSON.parse(text)
      },
    }
  }

  return {
    sandbox,
    control: sandbox.control,
    hooks,
    answers,
    clock,
    shopUrl,
    call,
    aCharge: (changes: object = {}) => ({
      amount: 115,
      currency: 'SAR',
      customer: { first_name: 'Noura', phone: { country_code: '966', number: '500000001' } },
      source: { id: 'src_all' },
      reference: { order: 'CP-1' },
      post: { url: `${shopUrl}/hook` },
      redirect: { url: `${shopUrl}/return` },
      ...changes,
    }),
    async charge(changes: object = {}): Promise<TapCharge> {
      return (await call('POST', '/charges/', this.aCharge(changes))).body
    },
    async paid(changes: object = {}): Promise<TapPayment> {
      return sandbox.control.payments.approve((await this.charge(changes)).id)
    },
    async close(): Promise<void> {
      await sandbox.close()
      receiver.closeAllConnections()
      receiver.close()
    },
  }
}

export type Shop = Awaited<ReturnType<typeof openShop>>

/** One shop for a `describe`, begun anew before each test. */
export function useShop(options: Partial<SandboxOptions> = {}): Shop {
  const shop = {} as Shop // filled by `before`, in time for every test
  before(async () => {
    Object.assign(shop, await openShop(options))
  })
  beforeEach(async () => {
    await shop.control.reset()
    shop.hooks.length = 0
    shop.answers.length = 0
  })
  after(() => shop.close())
  return shop
}

export const hmac = (text: string): string => createHmac('sha256', SECRET).update(text).digest('hex')

export function codes({ text }: Pick<Reply<unknown>, 'text'>): string[] {
  return JSON.parse(text).errors.map((error: { code: string; description: string }) => {
    expect(error.description).to.be.a('string').and.not.equal('')
    return error.code
  })
}
