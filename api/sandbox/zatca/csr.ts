import { createPublicKey, verify } from 'node:crypto'
import { type DerNode, oidText, partsOf, readDer } from '../../platform/der.js'

/** What a certificate is made of, as the request has it in DER. */
export type Request = { subject: Buffer; spki: Buffer; alternativeName: Buffer }

const EXTENSION_REQUEST = '1.2.840.113549.1.9.14'
const TEMPLATE = '1.3.6.1.4.1.311.20.2'
const ALTERNATIVE_NAME = '2.5.29.17'
/** Surname, UID, title, registered address, business category: all of them, in this order. */
const NAME = ['2.5.4.4', '0.9.2342.19200300.100.1.1', '2.5.4.12', '2.5.4.26', '2.5.4.15']
const SUBJECT = ['2.5.4.6', '2.5.4.11', '2.5.4.10', '2.5.4.3']
const BITS_HEAD = 1

/** Reads PEM. Throws a RangeError that says what ZATCA would not take. */
export function readRequest(pem: string): Request {
  const body = /-----BEGIN CERTIFICATE REQUEST-----([\s\S]+)-----END CERTIFICATE REQUEST-----/.exec(pem)?.[1]
  if (!body) throw new RangeError('it is no PEM')
  const [info, , signature] = partsOf(readDer(Buffer.from(body, 'base64'))) as [DerNode, DerNode, DerNode]
  const [, subject, spki, attributes] = partsOf(info) as [DerNode, DerNode, DerNode, DerNode]
  const key = createPublicKey({ key: spki.whole, format: 'der', type: 'spki' })
  if (key.asymmetricKeyDetails?.namedCurve !== 'secp256k1')
    throw new RangeError('its key is not on secp256k1')
  if (!verify('sha256', info.whole, key, signature.value.subarray(BITS_HEAD)))
    throw new RangeError('it is not signed with its own key')
  if (namesIn(subject).join() !== SUBJECT.join()) throw new RangeError('its subject is not C, OU, O, CN')
  const extensions = extensionsIn(attributes)
  const template = extensions.get(TEMPLATE)
  if (!template?.toString('utf8').endsWith('TSTZATCA-Code-Signing'))
    throw new RangeError('its template is not the one of the sandbox')
  const alternativeName = extensions.get(ALTERNATIVE_NAME)
  if (!alternativeName) throw new RangeError('it has no alternative name')
  assertName(alternativeName)
  return { subject: subject.whole, spki: spki.whole, alternativeName }
}

function extensionsIn(attributes: DerNode): Map<string, Buffer> {
  for (const attribute of partsOf(attributes)) {
    const [type, values] = partsOf(attribute) as [DerNode, DerNode]
    if (oidText(type) !== EXTENSION_REQUEST) continue
    const [extensions] = partsOf(values) as [DerNode]
    return new Map(
      partsOf(extensions).map(extension => {
        const [id, value] = partsOf(extension) as [DerNode, DerNode]
        return [oidText(id), value.value]
      }),
    )
  }
  throw new RangeError('it asks for no extensions')
}

function assertName(extension: Buffer): void {
  const [directoryName] = partsOf(readDer(extension)) as [DerNode]
  const [name] = partsOf(directoryName) as [DerNode]
  if (namesIn(name).join() !== NAME.join())
    throw new RangeError('its alternative name is not serial, VAT number, title, address and category')
  const [serial = '', vatNumber = '', title = ''] = valuesIn(name)
  if (!/^1-[^|]+\|2-[^|]+\|3-[^|]+$/.test(serial)) throw new RangeError('its serial is not 1-…|2-…|3-…')
  if (!/^3\d{13}3$/.test(vatNumber)) throw new RangeError('its VAT number is none')
  if (!/^[01]{4}$/.test(title)) throw new RangeError('its title is not four digits of 0 and 1')
}

const attributesIn = (name: DerNode): DerNode[][] =>
  partsOf(name).map(relative => partsOf((partsOf(relative) as [DerNode])[0]))
const namesIn = (name: DerNode): string[] => attributesIn(name).map(([type]) => oidText(type as DerNode))
const valuesIn = (name: DerNode): string[] =>
  attributesIn(name).map(([, value]) => (value as DerNode).value.toString('utf8'))
