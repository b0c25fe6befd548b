import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { days, minutes } from '../../platform/clock.js'
import { bits, context, der, integer, octets, oid, sequence, set, TAG, utf8 } from '../../platform/der.js'
import type { Request } from './csr.js'

const ECDSA_WITH_SHA256 = sequence(oid('1.2.840.10045.4.3.2'))
/** As long as ZATCA's own are. */
const LIFE_DAYS = 5 * 365
const VERSION_3 = context(0, integer(Buffer.of(2)))
const attribute = (id: string, value: Buffer): Buffer => set(sequence(oid(id), value))
const IA5 = 0x16
const ISSUER = sequence(
  attribute('0.9.2342.19200300.100.1.25', der(IA5, Buffer.from('example'))),
  attribute('0.9.2342.19200300.100.1.25', der(IA5, Buffer.from('cargoparts'))),
  attribute('2.5.4.3', utf8('CARGOPARTS-SANDBOX-CA')),
)

export type Authority = ReturnType<typeof createAuthority>

/** Certifies units for development: X.509 version 3 on secp256k1, of the form of ZATCA's own. Its key lives as long as it. */
export function createAuthority(now: () => Date) {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'secp256k1' })
  return {
    /** DER in base64. */
    certify({ subject, spki, alternativeName }: Request): string {
      const at = now().getTime()
      const serial = Buffer.concat([Buffer.of(0x11), randomBytes(18)])
      const info = sequence(
        VERSION_3,
        integer(serial),
        ECDSA_WITH_SHA256,
        ISSUER,
        sequence(time(new Date(at - minutes(60))), time(new Date(at + days(LIFE_DAYS)))),
        subject,
        spki,
        context(3, sequence(sequence(oid('2.5.29.17'), octets(alternativeName)))),
      )
      const signature = sign('sha256', info, privateKey)
      return sequence(info, ECDSA_WITH_SHA256, bits(signature)).toString('base64')
    },
  }
}

/** `240111091930Z` */
const time = (at: Date): Buffer =>
  der(TAG.UTC_TIME, Buffer.from(`${at.toISOString().replace(/[-:T]/g, '').slice(2, 14)}Z`))
