import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * A provider with as many charges as anybody asks for: each captured, of 115 riyals, for the payment its id names.
 * It speaks as much of Tap's API as a re-read needs; what else it does is be fast, so that it is not what is measured.
 */
export const chargeIdOf = (paymentId: string): string => `chg_${paymentId.replaceAll('-', '')}`
const UUID = /^chg_(.{8})(.{4})(.{4})(.{4})(.{12})$/

export function chargeOf(id: string) {
  return {
    id,
    object: 'charge',
    live_mode: false,
    api_version: 'V2',
    status: 'CAPTURED',
    amount: 115,
    currency: 'SAR',
    reference: { gateway: 'gateway', payment: 'payment', transaction: id.replace(UUID, '$1-$2-$3-$4-$5') },
    response: { code: '000', message: 'Captured' },
    transaction: { created: '1700000000000' },
  }
}

/** As Tap signs it. */
export function signatureOf({ id }: { id: string }, secretKey: string): string {
  const text = `x_id${id}x_amount115.00x_currencySARx_gateway_referencegatewayx_payment_referencepaymentx_statusCAPTUREDx_created1700000000000`
  return createHmac('sha256', secretKey).update(text).digest('hex')
}

if (process.argv[1]?.endsWith('charges.js')) {
  const server = createServer((request, response) => {
    const id = /^\/v2\/charges\/(chg_\w+)$/.exec(request.url ?? '')?.[1]
    response.writeHead(id ? 200 : 404, { 'content-type': 'application/json' })
    response.end(JSON.stringify(id ? chargeOf(id) : { errors: [{ code: '1144', description: 'unknown' }] }))
  })
  server.listen(0, '127.0.0.1', () => {
    console.log(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  })
  process.once('SIGTERM', () => process.exit(0))
}
