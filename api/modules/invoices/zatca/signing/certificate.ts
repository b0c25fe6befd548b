import { hash, type KeyObject, X509Certificate } from 'node:crypto'
import { type DerNode, oidText, partsOf, readDer, TAG } from '../../../../platform/der.js'
import { AppError } from '../../../../platform/errors.js'

/** What a document says of the certificate of its issuing unit, and what checks of it need. */
export type Certificate = {
  /** DER in base64, as it stands in ds:X509Certificate. */
  text: string
  publicKey: KeyObject
  /** SubjectPublicKeyInfo as it stands in the certificate: 88 bytes for secp256k1. Tag 8 of the QR code. */
  spki: Buffer
  /** The authority's signature on it, DER. Tag 9 of the QR code. */
  authoritySignature: Buffer
  /** `CN=PRZEINVOICESCA4-CA, DC=extgazt, DC=gov, DC=local` */
  issuerName: string
  /** Decimal. */
  serialNumber: string
  /** Base64 of the hexadecimal SHA-256 of `text`: of the text, not of the bytes it stands for. */
  digest: string
  validFrom: Date
  validUntil: Date
}

const NAMES: Record<string, string> = {
  '2.5.4.3': 'CN',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '0.9.2342.19200300.100.1.25': 'DC',
  '0.9.2342.19200300.100.1.1': 'UID',
}
const BITS_HEAD = 1

/** Reads a certificate in base64, with or without the lines of PEM. Throws `invalid` for what is none, or has no key of secp256k1. */
export function readCertificate(base64: string): Certificate {
  const text = base64.replace(/-----[A-Z ]+-----|\s/g, '')
  const bytes = Buffer.from(text, 'base64')
  try {
    if (bytes.toString('base64') !== text) throw new RangeError('it is no base64')
    const x509 = new X509Certificate(bytes)
    const { publicKey } = x509
    if (publicKey.asymmetricKeyDetails?.namedCurve !== 'secp256k1')
      throw new RangeError('its key is not on the curve secp256k1')
    const [tbs, , signature] = partsOf(readDer(bytes)) as [DerNode, DerNode, DerNode]
    const [serial, , issuer, , , spki] = fieldsOf(tbs) as [
      DerNode,
      DerNode,
      DerNode,
      DerNode,
      DerNode,
      DerNode,
    ]
    const [validFrom, validUntil] = [new Date(x509.validFrom), new Date(x509.validTo)]
    if (Number.isNaN(validFrom.getTime()) || Number.isNaN(validUntil.getTime()))
      throw new RangeError('its dates are none')
    return {
      text,
      publicKey,
      spki: Buffer.from(spki.whole),
      authoritySignature: Buffer.from(signature.value.subarray(BITS_HEAD)),
      issuerName: nameText(issuer),
      serialNumber: BigInt(`0x${serial.value.toString('hex')}`).toString(),
      digest: digestOf(text),
      validFrom,
      validUntil,
    }
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'unreadable'
    throw new AppError(
      'invalid',
      'invoices.bad_certificate',
      `This is no certificate of a unit: ${why}.`,
      {},
      { cause },
    )
  }
}

export const digestOf = (text: string): string => Buffer.from(hash('sha256', text, 'hex')).toString('base64')

/** Of the part that is signed, without the version that may stand before. */
function fieldsOf(tbs: DerNode): DerNode[] {
  const fields = partsOf(tbs)
  return fields[0]?.tag === TAG.INTEGER ? fields : fields.slice(1)
}

/** The last part first, as Java writes names: what ZATCA's own checks compare with. */
function nameText(name: DerNode): string {
  return partsOf(name)
    .map(relative => partsOf(relative).map(attributeText).join(' + '))
    .reverse()
    .join(', ')
}

function attributeText(attribute: DerNode): string {
  const [type, value] = partsOf(attribute) as [DerNode, DerNode]
  const id = oidText(type)
  const text = value.value.toString('utf8')
  const quoted = /[,+="<>#;\\\n]|^\s|\s$/.test(text) ? `"${text.replace(/["\\]/g, '\\$&')}"` : text
  return `${NAMES[id] ?? `OID.${id}`}=${quoted}`
}
