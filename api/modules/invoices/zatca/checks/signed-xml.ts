import { hash } from 'node:crypto'
import { SaxesParser, type SaxesTagNS } from 'saxes'
import { AppError } from '../../../../platform/errors.js'
import { endTag, instruction, startTag, textOfContent } from './canonical.js'

/** An element with where it stands: offsets into the text, from its first `<` to behind its last `>`. */
export type Part = {
  /** With the prefix of the standard, whatever the file calls it. */
  name: string
  attributes: Readonly<Record<string, string>>
  parent: Part | undefined
  children: Part[]
  text: string
  from: number
  to: number
  line: number
  tag: SaxesTagNS
}

export type SignedXml = {
  root: Part
  /** SHA-256 of the canonical document without extensions, signature mark and QR code, in base64. */
  hash: string
}

const PREFIXES: Record<string, string> = {
  'urn:oasis:names:specification:ubl:schema:xsd:Invoice-2': '',
  'urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2': 'cac:',
  'urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2': 'cbc:',
  'urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2': 'ext:',
  'urn:oasis:names:specification:ubl:schema:xsd:CommonSignatureComponents-2': 'sig:',
  'urn:oasis:names:specification:ubl:schema:xsd:SignatureAggregateComponents-2': 'sac:',
  'urn:oasis:names:specification:ubl:schema:xsd:SignatureBasicComponents-2': 'sbc:',
  'http://www.w3.org/2000/09/xmldsig#': 'ds:',
  'http://uri.etsi.org/01903/v1.3.2#': 'xades:',
}
const LEFT_OUT = new Set(['ext:UBLExtensions', 'cac:Signature'])
/** A document of a marketplace has a few thousand elements at most; a file that nests or swells is none. */
const MOST_ELEMENTS = 200_000
const DEEPEST = 100

/**
 * Reads a document once, for its parts and for its hash as ZATCA takes it: the three transforms and C14N 1.1. White space
 * around what is left out counts. Throws `malformed` for what is not well-formed, or has a document type.
 */
export function readSignedXml(text: string): SignedXml {
  const parser = new SaxesParser({ xmlns: true, position: true })
  const canonical: string[] = []
  const open: { part: Part; namespaces: Record<string, string>; mark: number; isQr: boolean }[] = []
  let root: Part | undefined
  let [count, muted] = [0, 0]
  const start = text.startsWith('\ufeff') ? 1 : 0
  const put = (piece: string) => {
    if (muted === 0) canonical.push(piece)
  }

  parser.on('error', error => {
    throw unreadable(error.message)
  })
  parser.on('doctype', () => {
    throw unreadable(
      `${parser.line}:${parser.column}: a document type declaration has no place in a tax document.`,
    )
  })
  parser.on('xmldecl', ({ version, encoding }) => {
    if (version !== '1.0' || (encoding !== undefined && encoding.toUpperCase() !== 'UTF-8'))
      throw unreadable('1: the declaration says neither XML 1.0 nor UTF-8.')
  })
  parser.on('processinginstruction', ({ target, body }) => {
    put(instruction(target, body, root ? (open.length > 0 ? 'inside' : 'after') : 'before'))
  })
  parser.on('opentag', tag => {
    if (++count > MOST_ELEMENTS || open.length >= DEEPEST)
      throw unreadable(`${parser.line}: too many elements.`)
    const outer = open.at(-1)
    const end = start + parser.position
    const part = partOf(tag, outer?.part, text.lastIndexOf('<', end - 1), parser.line)
    root ??= part
    outer?.part.children.push(part)
    if (LEFT_OUT.has(part.name)) muted++
    const inherited = outer?.namespaces ?? {}
    open.push({ part, namespaces: { ...inherited, ...tag.ns }, mark: canonical.length, isQr: false })
    put(startTag(tag, inherited))
  })
  const take = (piece: string) => {
    const inside = open.at(-1)
    if (!inside) return
    inside.part.text += piece
    put(textOfContent(piece))
  }
  parser.on('text', take)
  parser.on('cdata', take)
  parser.on('closetag', tag => {
    const { part, mark, isQr } = open.pop() as (typeof open)[number]
    part.to = start + parser.position
    put(endTag(tag))
    if (LEFT_OUT.has(part.name)) muted--
    if (isQr) canonical.length = mark
    const outer = open.at(-1)
    if (
      outer?.part.name === 'cac:AdditionalDocumentReference' &&
      part.name === 'cbc:ID' &&
      part.text === 'QR'
    )
      outer.isQr = muted === 0
  })
  parser.write(text.slice(start)).close()
  if (!root) throw unreadable('there is no element in it.')
  return { root, hash: hash('sha256', canonical.join(''), 'base64') }
}

function partOf(tag: SaxesTagNS, parent: Part | undefined, from: number, line: number): Part {
  const attributes: Record<string, string> = {}
  for (const [name, { value, uri, local }] of Object.entries(tag.attributes))
    attributes[uri === '' ? local : name] = value
  const prefix = PREFIXES[tag.uri]
  const name = prefix === undefined ? `{${tag.uri}}${tag.local}` : `${prefix}${tag.local}`
  return { name, attributes, parent, children: [], text: '', from, to: from, line, tag }
}

/** The first at the end of this path below `part`. */
export function at(part: Part | undefined, ...path: string[]): Part | undefined {
  let found = part
  for (const name of path) found = found?.children.find(child => child.name === name)
  return found
}

/** `/Invoice/cac:TaxTotal[2]/cbc:TaxAmount` */
export function pathOf(part: Part): string {
  if (!part.parent) return `/${part.name}`
  const same = part.parent.children.filter(child => child.name === part.name)
  return `${pathOf(part.parent)}/${part.name}${same.length > 1 ? `[${same.indexOf(part) + 1}]` : ''}`
}

const unreadable = (why: string): AppError =>
  new AppError('malformed', 'invoices.not_xml', `This is not a readable XML document: ${why}`)
