import { hash } from 'node:crypto'
import {
  type XmlDeclaration,
  XmlElement,
  XmlNode,
  type XmlProcessingInstruction,
  type XmlText,
} from '@rgrove/parse-xml'
import { BUILT_IN, type Namespaces, parsed, scopeOf, unreadable, uriOf } from '../xml-source.js'
import { contentText, instruction, startTag } from './canonical.js'

/** An element with where it stands: offsets into the text, from its first `<` to behind its last `>`. */
export type Part = {
  /** With the prefix of the standard, whatever the file calls it. */
  name: string
  /** As the file calls it, and what its prefix stands for. */
  written: string
  uri: string
  attributes: Readonly<Record<string, string>>
  parent: Part | undefined
  children: Part[]
  text: string
  from: number
  to: number
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
const OPTIONS = { includeOffsets: true, preserveDocumentType: true, preserveXmlDeclaration: true }

/**
 * Reads a document once, for its parts and for its hash as ZATCA takes it: the three transforms and C14N 1.1. White space
 * around what is left out counts. Throws `malformed` for what is not well-formed, or has a document type.
 */
export function readSignedXml(text: string): SignedXml {
  const start = text.startsWith('\ufeff') ? 1 : 0
  const canonical: string[] = []
  let root: Part | undefined
  for (const node of parsed(text.slice(start), OPTIONS).children) {
    if (node instanceof XmlElement) root = read(node, undefined, BUILT_IN)
    else if (node.type === XmlNode.TYPE_PROCESSING_INSTRUCTION) {
      const { name, content } = node as XmlProcessingInstruction
      canonical.push(instruction(name, content, root ? 'after' : 'before'))
    } else if (node.type === XmlNode.TYPE_DOCUMENT_TYPE)
      throw unreadable('a document type declaration has no place in a tax document.')
    else if (node.type === XmlNode.TYPE_XML_DECLARATION) assertKnown(node as XmlDeclaration)
  }
  if (!root) throw unreadable('there is no element in it.')
  return { root, hash: hash('sha256', canonical.join(''), 'base64') }

  function read(element: XmlElement, parent: Part | undefined, outer: Namespaces): Part {
    const { name: written, attributes } = element
    const scope = scopeOf(attributes, outer)
    const uri = uriOf(written, scope)
    // one literal: parts of one shape are made and read several times as fast as those that are spread together
    const part: Part = {
      name: nameOf(written, uri),
      written,
      uri,
      attributes,
      parent,
      children: [],
      text: '',
      from: start + element.start,
      to: start + element.end,
    }
    const mark = canonical.length
    canonical.push(startTag(written, attributes, scope, outer))
    for (const node of element.children) {
      if (node instanceof XmlElement) part.children.push(read(node, part, scope))
      else if (node.type === XmlNode.TYPE_PROCESSING_INSTRUCTION) {
        const { name, content } = node as XmlProcessingInstruction
        canonical.push(instruction(name, content, 'inside'))
      } else {
        const { text: piece } = node as XmlText
        part.text += piece
        canonical.push(contentText(piece))
      }
    }
    canonical.push(`</${written}>`)
    if (LEFT_OUT.has(part.name) || isQr(part)) canonical.length = mark
    return part
  }
}

/** The reference that holds the code. */
export const isQr = ({ name, children }: Part): boolean =>
  name === 'cac:AdditionalDocumentReference' &&
  children.some(child => child.name === 'cbc:ID' && child.text === 'QR')

function nameOf(written: string, uri: string): string {
  const prefix = PREFIXES[uri]
  const local = written.slice(written.indexOf(':') + 1)
  return prefix === undefined ? `{${uri}}${local}` : `${prefix}${local}`
}

function assertKnown({ version, encoding }: XmlDeclaration): void {
  if (version !== '1.0' || (encoding !== null && encoding.toUpperCase() !== 'UTF-8'))
    throw unreadable('1: the declaration says neither XML 1.0 nor UTF-8.')
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
