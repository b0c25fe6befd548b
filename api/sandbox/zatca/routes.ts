import { randomBytes } from 'node:crypto'
import { type Answer, type Call, json, type Route, readJson } from '../http.js'
import { createAuthority } from './authority.js'
import { readRequest } from './csr.js'

/** What a unit got for its request, until it has its production certificate. */
type Issued = { token: string; secret: string }

const MOST_KEPT = 10_000

/**
 * ZATCA's onboarding (E-invoicing API, version 2): `POST /zatca/compliance` and `POST /zatca/production/csids`. Like ZATCA's
 * own sandbox it takes any password of six digits, and asks for no compliance checks.
 */
export function zatcaRoutes(now: () => Date): Route[] {
  const authority = createAuthority(now)
  const requests = new Map<string, Issued & { csr: string }>()
  let last = 1_234_567_890_000

  const issue = (csr: string): Issued => ({
    token: Buffer.from(authority.certify(readRequest(csr))).toString('base64'),
    secret: randomBytes(32).toString('base64'),
  })
  const answered = (requestID: string, { token, secret }: Issued): Answer =>
    json(200, {
      requestID: Number(requestID),
      tokenType: 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0#X509v3',
      dispositionMessage: 'ISSUED',
      binarySecurityToken: token,
      secret,
    })

  return [
    {
      method: 'POST',
      path: '/zatca/compliance',
      async handle(call) {
        const refusal = versionRefusal(call)
        if (refusal) return refusal
        const otp = call.headers.otp
        if (otp === undefined) return refused('Missing-OTP', 'OTP is required field')
        if (!/^\d{6}$/.test(String(otp))) return refused('Invalid-OTP', 'The provided OTP is invalid')
        const { csr: encoded } = (await readJson(call)) as { csr?: unknown }
        if (typeof encoded !== 'string' || encoded === '')
          return refused('Missing-CSR', 'CSR is required field')
        const csr = Buffer.from(encoded, 'base64').toString('utf8')
        try {
          const issued = issue(csr)
          const requestID = String(++last)
          if (requests.size >= MOST_KEPT) requests.delete(requests.keys().next().value as string)
          requests.set(requestID, { ...issued, csr })
          return answered(requestID, issued)
        } catch (error) {
          return refused(
            'Invalid-CSR',
            `The provided Certificate Signing Request is invalid: ${(error as Error).message}`,
          )
        }
      },
    },
    {
      method: 'POST',
      path: '/zatca/production/csids',
      async handle(call) {
        const refusal = versionRefusal(call)
        if (refusal) return refusal
        const { compliance_request_id: id } = (await readJson(call)) as { compliance_request_id?: unknown }
        const request = requests.get(String(id))
        if (!request) return refused('Invalid-ComplianceRequestId', 'There is no such compliance request')
        const basic = Buffer.from(`${request.token}:${request.secret}`).toString('base64')
        if (call.headers.authorization !== `Basic ${basic}`)
          return json(401, { timestamp: now().getTime(), status: 401, error: 'Unauthorized', message: '' })
        return answered(String(id), issue(request.csr))
      },
    },
  ]
}

const refused = (code: string, message: string): Answer => json(400, { errors: [{ code, message }] })

/** Plain text, as the gateway has it. */
function versionRefusal({ headers }: Call): Answer | undefined {
  if (headers['accept-version'] === 'V2') return undefined
  return {
    status: 406,
    headers: { 'content-type': 'text/plain' },
    body: 'This Version is not supported or not provided in the header.',
  }
}
