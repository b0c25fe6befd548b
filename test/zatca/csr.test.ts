import { execFileSync, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { expect } from 'chai'
import fc from 'fast-check'
import { readCertificate } from '../../api/modules/invoices/zatca/signing/certificate.js'
import { type CsrSubject, certificateRequest } from '../../api/modules/invoices/zatca/signing/csr.js'
import { integer, octets, oid, oidText, partsOf, readDer, sequence, utf8 } from '../../api/platform/der.js'
import { AppError } from '../../api/platform/errors.js'
import { createAuthority } from '../../api/sandbox/zatca/authority.js'
import { readRequest } from '../../api/sandbox/zatca/csr.js'
import { useScratch } from '../embedded/scratch.js'
import { aKey, SUBJECT } from './a-signer.js'

const key = aKey()
const requestOf = (over: Partial<CsrSubject> = {}) =>
  certificateRequest({ ...SUBJECT, ...over }, key.spki, key.sign)

describe('a certificate request', () => {
  const scratch = useScratch()
  const openssl = (pem: string, ...args: string[]): string => {
    const file = scratch.path('request.pem')
    writeFileSync(file, pem)
    return execFileSync('openssl', ['req', '-in', file, '-noout', ...args], {
      encoding: 'utf8',
      stdio: 'pipe',
    })
  }

  before(function () {
    if (spawnSync('openssl', ['version']).status === 0) return
    console.warn('      openssl is not on PATH: what it says of certificate requests was NOT tested')
    this.skip()
  })

  it('is what openssl reads: signed with its own key, the subject in its order, in UTF-8', () => {
    const pem = requestOf()
    expect(openssl(pem, '-verify', '-pubkey')).to.include('BEGIN PUBLIC KEY')
    expect(openssl(pem, '-subject', '-nameopt', 'utf8,sep_comma_plus').trim()).to.equal(
      'subject=C=SA,OU=الرياض,O=شركة قطع الخليج المحدودة,CN=CargoParts 1001',
    )
    const text = openssl(pem, '-text')
    expect(text).to.include('ASN1 OID: secp256k1').and.include('ecdsa-with-SHA256')
    expect(text).to.match(/DirName:\/?SN ?= ?1-CargoParts\|2-API\|3-01976a3e/)
    expect(text).to.match(
      /UID ?= ?310175397400003.+title ?= ?1100.+registeredAddress ?= ?RRRD2929.+businessCategory ?= ?Car parts/,
    )
  })

  it('is to the byte what openssl itself makes of the same subject, but for key and signature', () => {
    const config = scratch.path('csr.cnf')
    const pem = scratch.path('key.pem')
    writeFileSync(pem, key.privateKey.export({ type: 'pkcs8', format: 'pem' }))
    writeFileSync(
      config,
      [
        'oid_section = oids',
        '[oids]',
        'template = 1.3.6.1.4.1.311.20.2',
        '[req]',
        ...[
          'prompt = no',
          'utf8 = yes',
          'string_mask = utf8only',
          'distinguished_name = dn',
          'req_extensions = ext',
        ],
        '[dn]',
        ...['C = SA', 'OU = الرياض', 'O = شركة قطع الخليج المحدودة', 'CN = CargoParts 1001'],
        '[ext]',
        'template = ASN1:UTF8String:TSTZATCA-Code-Signing',
        'subjectAltName = dirName:alt',
        '[alt]',
        ...[`SN = 1-CargoParts|2-API|3-${SUBJECT.serial.number}`, 'UID = 310175397400003', 'title = 1100'],
        ...['registeredAddress = RRRD2929', 'businessCategory = Car parts'],
      ].join('\n'),
    )
    const args = ['req', '-new', '-sha256', '-key', pem, '-config', config, '-outform', 'DER']
    const theirs = execFileSync('openssl', args, { stdio: 'pipe' })
    const signedPart = (bytes: Buffer) => partsOf(readDer(bytes))[0]?.whole.toString('hex')
    const ours = Buffer.from(requestOf().replace(/-----.*-----/g, ''), 'base64')
    expect(signedPart(ours)).to.equal(signedPart(theirs))
  })

  it('names its template by the environment', () => {
    for (const [environment, template] of [
      ['sandbox', 'TSTZATCA-Code-Signing'],
      ['simulation', 'PREZATCA-Code-Signing'],
      ['production', 'ZATCA-Code-Signing'],
    ] as const)
      expect(openssl(requestOf({ environment }), '-text').replaceAll('\n', '')).to.match(
        new RegExp(`1\\.3\\.6\\.1\\.4\\.1\\.311\\.20\\.2:.*?[^A-Z]${template}`),
      )
  })

  it('of a member of a VAT group names its TIN as the unit', () => {
    const vatNumber = '399999999910003'
    expect(openssl(requestOf({ vatNumber, unit: '3999999999' }), '-subject')).to.match(/OU ?= ?3999999999/)
    expect(() => requestOf({ vatNumber })).to.throw(AppError, "member's TIN")
  })

  it('gets a certificate of its own key from the sandbox, which openssl reads too', () => {
    const text = createAuthority(() => new Date()).certify(readRequest(requestOf()))
    const file = scratch.path('certificate.pem')
    writeFileSync(
      file,
      `-----BEGIN CERTIFICATE-----\n${text.match(/.{1,64}/g)?.join('\n')}\n-----END CERTIFICATE-----\n`,
    )
    const said = execFileSync('openssl', ['x509', '-in', file, '-noout', '-serial', '-issuer', '-text'], {
      encoding: 'utf8',
    })
    const certificate = readCertificate(text)
    expect(certificate.spki).to.deep.equal(key.spki)
    const serial = /^serial=([0-9A-F]+)$/m.exec(said)?.[1]
    expect(certificate.serialNumber).to.equal(BigInt(`0x${serial}`).toString())
    expect(said).to.match(/^issuer=DC ?= ?example, ?DC ?= ?cargoparts, ?CN ?= ?CARGOPARTS-SANDBOX-CA$/m)
    expect(said.replace(/[\s:]/g, '')).to.include(certificate.authoritySignature.toString('hex'))
  })
})

describe('what a certificate request refuses', () => {
  for (const [what, over] of [
    ['a mark ZATCA takes for an attack', { organization: 'Parts & Co' }],
    ['an equals sign in the serial number', { serial: { ...SUBJECT.serial, number: 'a=b' } }],
    ['a bar in the serial number', { serial: { ...SUBJECT.serial, model: 'a|b' } }],
    ['an empty name', { commonName: ' ' }],
    ['a VAT number that is none', { vatNumber: '310175397400004' }],
    ['a country by its name', { country: 'Saudi Arabia' }],
    ['no kind of document', { issues: { tax: false, simplified: false } }],
    ['a name that X.520 has no room for', { commonName: 'x'.repeat(65) }],
  ] as const)
    it(what, () => {
      expect(() => requestOf(over))
        .to.throw(AppError)
        .with.property('code', 'invoices.bad_csr')
    })

  it('and the sandbox: what is signed with another key, or is none', () => {
    const foreign = certificateRequest(SUBJECT, key.spki, aKey().sign)
    expect(() => readRequest(foreign)).to.throw('not signed with its own key')
    expect(() => readRequest('hello')).to.throw('no PEM')
    expect(() => readRequest(requestOf({ environment: 'production' }))).to.throw('template')
  })

  it('and a certificate: what is none, or has a key on another curve', () => {
    for (const text of ['', 'aGVsbG8=', 'no base64 at all!'])
      expect(() => readCertificate(text), text)
        .to.throw(AppError)
        .with.property('code', 'invoices.bad_certificate')
  })
})

describe('DER', () => {
  it('reads what it writes', () => {
    const number = fc.bigInt({ min: 0n, max: 2n ** 160n })
    fc.assert(
      fc.property(number, fc.string({ unit: 'grapheme', maxLength: 400 }), (big, text) => {
        const hex = big.toString(16)
        const bytes = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex')
        const [first, second, third] = partsOf(
          readDer(sequence(integer(bytes), utf8(text), octets(Buffer.alloc(text.length)))),
        )
        expect(BigInt(`0x${first?.value.toString('hex')}`)).to.equal(big)
        expect((first?.value[0] as number) & 0x80).to.equal(0)
        expect(second?.value.toString('utf8')).to.equal(text)
        expect(third?.value.length).to.equal(text.length)
      }),
    )
  })

  it('knows names of any length', () => {
    for (const id of [
      '2.5.4.3',
      '1.2.840.10045.4.3.2',
      '0.9.2342.19200300.100.1.25',
      '1.3.6.1.4.1.311.20.2',
      '2.999.1',
    ])
      expect(oidText(readDer(oid(id)))).to.equal(id)
  })

  it('refuses what is cut, and what goes on behind its end', () => {
    const whole = sequence(utf8('x'.repeat(300)))
    expect(() => readDer(whole.subarray(0, -1))).to.throw(RangeError)
    expect(() => readDer(Buffer.concat([whole, Buffer.of(0)]))).to.throw(RangeError)
    expect(() => readDer(Buffer.of(0x30, 0x80, 0, 0))).to.throw(RangeError)
    expect(() => readDer(Buffer.of(0x30))).to.throw(RangeError)
  })
})
