import {
  bits,
  context,
  der,
  integer,
  octets,
  oid,
  printable,
  sequence,
  set,
  TAG,
  utf8,
} from '../../../../platform/der.js'
import { AppError } from '../../../../platform/errors.js'
import { hasShapeOfScheme } from '../../../../platform/saudi/party-id.js'
import { readVatNumber } from '../../../../platform/saudi/vat-number.js'
import type { Sign } from './signature.js'

export const ZATCA_ENVIRONMENTS = ['sandbox', 'simulation', 'production'] as const
export type ZatcaEnvironment = (typeof ZATCA_ENVIRONMENTS)[number]

/** Who asks for a certificate: one unit that issues documents of one taxpayer. */
export type CsrSubject = {
  environment: ZatcaEnvironment
  /** What this unit is called. */
  commonName: string
  /** Maker of the solution, its model, and the unit's own number. */
  serial: { solution: string; model: string; number: string }
  vatNumber: string
  /** Legal name; Arabic or English. */
  organization: string
  /** Branch. Of a member of a VAT group: its own TIN, ten digits. */
  unit: string
  /** ISO 3166-1. */
  country: string
  /** Which documents it will issue. */
  issues: { tax: boolean; simplified: boolean }
  /** The short national address, or where the unit stands. */
  location: string
  /** What the taxpayer does. */
  industry: string
}

const TEMPLATES: Record<ZatcaEnvironment, string> = {
  sandbox: 'TSTZATCA-Code-Signing',
  simulation: 'PREZATCA-Code-Signing',
  production: 'ZATCA-Code-Signing',
}
/** What ZATCA's own tool refuses in a free text. */
export const FORBIDDEN = /[!@#$%&*_<=]/
const ECDSA_WITH_SHA256 = '1.2.840.10045.4.3.2'

/** PKCS #10 (RFC 2986) as ZATCA wants it, as PEM. `sign` belongs to the key `spki` (SubjectPublicKeyInfo, DER). */
export function certificateRequest(subject: CsrSubject, spki: Buffer, sign: Sign): string {
  assertAcceptable(subject)
  const info = sequence(integer(Buffer.of(0)), name(subject), spki, context(0, extensionRequest(subject)))
  const request = sequence(info, sequence(oid(ECDSA_WITH_SHA256)), bits(sign(info)))
  const lines = request.toString('base64').match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE REQUEST-----', ...lines, '-----END CERTIFICATE REQUEST-----', ''].join('\n')
}

/** `1-CargoParts|2-API|3-0197…` */
export const serialText = ({ serial }: Pick<CsrSubject, 'serial'>): string =>
  `1-${serial.solution}|2-${serial.model}|3-${serial.number}`

const attribute = (id: string, value: Buffer): Buffer => set(sequence(oid(id), value))

function name({ country, unit, organization, commonName }: CsrSubject): Buffer {
  return sequence(
    attribute('2.5.4.6', printable(country)),
    attribute('2.5.4.11', utf8(unit)),
    attribute('2.5.4.10', utf8(organization)),
    attribute('2.5.4.3', utf8(commonName)),
  )
}

/** Template and alternative name, in the attribute that asks for extensions. */
function extensionRequest(subject: CsrSubject): Buffer {
  const { vatNumber, issues, location, industry } = subject
  const directoryName = sequence(
    attribute('2.5.4.4', utf8(serialText(subject))),
    attribute('0.9.2342.19200300.100.1.1', utf8(vatNumber)),
    attribute('2.5.4.12', utf8(`${issues.tax ? 1 : 0}${issues.simplified ? 1 : 0}00`)),
    attribute('2.5.4.26', utf8(location)),
    attribute('2.5.4.15', utf8(industry)),
  )
  const template = sequence(oid('1.3.6.1.4.1.311.20.2'), octets(utf8(TEMPLATES[subject.environment])))
  // a directoryName is [4], and explicit: a name is a choice
  const alternative = sequence(oid('2.5.29.17'), octets(sequence(context(4, directoryName))))
  return sequence(oid('1.2.840.113549.1.9.14'), der(TAG.SET, sequence(template, alternative)))
}

/** ZATCA's own checks of what goes in, before its answer would only be "Invalid-CSR". */
function assertAcceptable(subject: CsrSubject): void {
  const { vatNumber, unit, country, issues, serial } = subject
  const free = {
    commonName: subject.commonName,
    organization: subject.organization,
    unit,
    location: subject.location,
    industry: subject.industry,
    'serial.solution': serial.solution,
    'serial.model': serial.model,
    'serial.number': serial.number,
  }
  for (const [field, text] of Object.entries(free)) {
    if (text.trim() === '') refuse(field, 'is empty')
    if (FORBIDDEN.test(text)) refuse(field, 'must hold none of ! @ # $ % & * _ < =')
    if (Array.from(text).length > 64 && !field.startsWith('serial')) refuse(field, 'has more than 64 letters')
  }
  for (const field of ['solution', 'model', 'number'] as const)
    if (serial[field].includes('|')) refuse(`serial.${field}`, 'must hold no |')
  const { value: registered } = readVatNumber(vatNumber)
  // as it is written into the certificate, without what people put between digits
  if (registered?.number !== vatNumber) refuse('vatNumber', 'must be 15 digits, the first and the last a 3')
  if (registered?.isGroup && !hasShapeOfScheme('TIN', unit))
    refuse('unit', "of a VAT group must be the member's TIN, ten digits")
  if (!/^[A-Z]{2}$/.test(country)) refuse('country', 'must be two letters')
  if (!issues.tax && !issues.simplified) refuse('issues', 'must name a kind of document')
}

function refuse(field: string, why: string): never {
  throw new AppError(
    'invalid',
    'invoices.bad_csr',
    `ZATCA would refuse the certificate request: ${field} ${why}.`,
    {
      errors: [{ pointer: field, detail: why }],
    },
  )
}
