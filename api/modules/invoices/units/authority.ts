import { unavailable } from '../../../platform/errors.js'

/** Gives a unit its certificate, as DER in base64, for a request in PEM. */
export type CertificateAuthority = { certify(csr: string): Promise<string> }

const TIMEOUT_MS = 10_000
/** The sandbox takes any. A taxpayer gets one from the Fatoora portal. */
const OTP = '123456'

/**
 * ZATCA's onboarding (API documentation, compliance and production CSID) at a stand-in on this machine, which asks nobody:
 * development and tests only. `url` is where `/compliance` is.
 */
export function createSandboxAuthority(url: string): CertificateAuthority {
  return {
    async certify(csr) {
      const request = Buffer.from(csr).toString('base64')
      const compliance = await call('/compliance', { csr: request }, { otp: OTP })
      const basic = Buffer.from(`${compliance.binarySecurityToken}:${compliance.secret}`).toString('base64')
      const production = await call(
        '/production/csids',
        { compliance_request_id: String(compliance.requestID) },
        { authorization: `Basic ${basic}` },
      )
      // the token is base64 of the base64 of the certificate
      return Buffer.from(production.binarySecurityToken as string, 'base64').toString('ascii')
    },
  }

  async function call(
    path: string,
    body: object,
    headers: Record<string, string>,
  ): Promise<Record<string, unknown>> {
    const response = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'accept-version': 'V2', ...headers },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).catch(cause => Promise.reject(unavailable('zatca', cause)))
    const answer = (await response.json().catch(() => ({}))) as Record<string, unknown>
    if (response.ok) return answer
    throw unavailable('zatca', new Error(`${path} answered ${response.status}: ${JSON.stringify(answer)}`))
  }
}
