import { z } from 'zod'
import { AppError } from '../platform/errors.js'
import type { SandboxControl } from './control.js'
import { FaultSchema } from './faults.js'
import { type Answer, type Call, json, noContent, type Route, readJson } from './http.js'
import { FirmSchema } from './registries/firms.js'

/**
 * The same for a tester at a terminal. Bodies are JSON and must say so, which keeps web pages out.
 *
 *   GET    /control/faults                      POST   /control/faults  {"kind":"status","status":503,"times":2,"on":"charge.create"}
 *   DELETE /control/faults                              kinds: status, stall {milliseconds}, garble, drop {when}
 *   POST   /control/payments/:id/approve|decline|cancel|expire  {"code":"505"} or {"card":"4464040000000007"}, or {}
 *   GET    /control/payments, /control/refunds, /control/hyperpay/operations: everything there is
 *   PUT    /control/objects/:id/view  {"amount":1}      DELETE the same: the truth again
 *   POST   /control/hyperpay/checkouts/:id/pay {"code":"800.100.155"}, or {}
 *   POST   /control/hyperpay/operations/:id/settle {"code":"000.100.110"}, or {}
 *   POST   /control/hyperpay/answers {"code":"800.100.155"}: what captures, refunds and reversals come to
 *   POST   /control/refunds/hold  {"held":true}         POST   /control/refunds/:id/settle  {"code":"000"}
 *   GET    /control/webhooks                            POST   /control/webhooks/hold|discard  {}
 *   POST   /control/webhooks/release {"reversed":true}  POST   /control/webhooks/repeat  {"times":2}
 *   POST   /control/objects/:id/resend  {}              POST   /control/reset  {}
 *   PUT    /control/firms/:id  {"name":"…","status":"active"}   suspended, cancelled; inLiquidation, city
 */
export function controlRoutes(control: SandboxControl): Route[] {
  const id = (call: Call) => call.params.id ?? ''
  const { payments, refunds, webhooks, faults } = control
  const nothing = z.object({})
  const choice = z.object({ code: z.string().optional(), card: z.string().optional() })

  return [
    get('/faults', () => json(200, faults.list())),
    get('/payments', () => json(200, payments.list())),
    get('/refunds', () => json(200, refunds.list())),
    get('/hyperpay/operations', () => json(200, control.hyperpay.operations())),
    send('POST', '/faults', FaultSchema, fault => faults.add(fault)),
    remove('/faults', () => faults.clear()),
    send('POST', '/payments/:id/approve', choice, ({ card }, call) => payments.approve(id(call), card)),
    send('POST', '/payments/:id/decline', choice, ({ code }, call) => payments.decline(id(call), code)),
    send('POST', '/payments/:id/cancel', nothing, (_, call) => payments.cancel(id(call))),
    send('POST', '/payments/:id/expire', nothing, (_, call) => payments.expire(id(call))),
    send('POST', '/hyperpay/checkouts/:id/pay', choice, ({ code }, call) =>
      control.hyperpay.pay(id(call), code),
    ),
    send('POST', '/hyperpay/operations/:id/settle', choice, ({ code }, call) =>
      control.hyperpay.settle(id(call), code),
    ),
    send('POST', '/hyperpay/answers', z.object({ code: z.string() }), ({ code }) =>
      control.hyperpay.answerWith(code),
    ),
    send('PUT', '/objects/:id/view', z.record(z.string(), z.unknown()), (change, call) =>
      control.show(id(call), change),
    ),
    remove('/objects/:id/view', call => control.showTruth(id(call))),
    send('POST', '/objects/:id/resend', nothing, (_, call) => webhooks.resend(id(call))),
    send('POST', '/refunds/hold', z.object({ held: z.boolean() }), ({ held }) => refunds.hold(held)),
    send('POST', '/refunds/:id/settle', choice, ({ code }, call) => refunds.settle(id(call), code)),
    send('PUT', '/firms/:id', FirmSchema, (firm, call) => control.firms.set(id(call), firm)),
    get('/webhooks', () => json(200, webhooks.deliveries())),
    send('POST', '/webhooks/hold', nothing, () => webhooks.hold()),
    send('POST', '/webhooks/discard', nothing, () => webhooks.discard()),
    send('POST', '/webhooks/release', z.object({ reversed: z.boolean().optional() }), how =>
      webhooks.release(how),
    ),
    send('POST', '/webhooks/repeat', z.object({ times: z.int().min(1).max(100) }), ({ times }) =>
      webhooks.repeat(times),
    ),
    send('POST', '/reset', nothing, () => control.reset()),
  ]
}

function get(path: string, handle: Route['handle']): Route {
  return { method: 'GET', path: `/control${path}`, handle }
}

function remove(path: string, act: (call: Call) => void): Route {
  const handle = (call: Call): Answer => {
    act(call)
    return noContent
  }
  return { method: 'DELETE', path: `/control${path}`, handle }
}

function send<T>(
  method: 'POST' | 'PUT',
  path: string,
  schema: z.ZodType<T>,
  act: (input: T, call: Call) => unknown,
): Route {
  const handle = async (call: Call): Promise<Answer> => {
    if (!/^application\/json\b/i.test(call.headers['content-type'] ?? '')) {
      throw new AppError(
        'malformed',
        'sandbox.json_expected',
        'Send the header content-type: application/json.',
      )
    }
    const input = schema.safeParse(await readJson(call))
    if (!input.success) throw new AppError('invalid', 'sandbox.control_invalid', z.prettifyError(input.error))
    const result = await act(input.data, call)
    return result === undefined ? noContent : json(200, result)
  }
  return { method, path: `/control${path}`, handle }
}
