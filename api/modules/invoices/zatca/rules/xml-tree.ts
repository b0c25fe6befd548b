import { SaxesParser, type SaxesTagNS } from 'saxes'
import { AppError } from '../../../../platform/errors.js'
import type { Decimal } from '../decimal.js'

/** An element of a document that was read. Names carry the prefixes of the standard, whatever the file calls them. */
export type Element = {
  name: string
  attributes: Readonly<Record<string, string>>
  parent: Element | null
  children: Element[]
  /** The text that stands directly in it, in pieces as comments and children part it. */
  texts: string[]
  line: number
  /** Its text, and what that is as a number, once somebody asked. */
  value?: string
  decimal?: Decimal | null
}

export type XmlTree = {
  root: Element
  named(name: string): readonly Element[]
  /** The values of all attributes called `name`: the rules tell forms by them. */
  names: readonly string[]
}

/** The namespaces of the rules, by the prefixes they are called here. */
const PREFIXES: Record<string, string> = {
  'urn:oasis:names:specification:ubl:schema:xsd:Invoice-2': 'ubl',
  'urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2': 'cn',
  'urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2': 'cac',
  'urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2': 'cbc',
  'urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2': 'ext',
  'urn:oasis:names:specification:ubl:schema:xsd:CommonSignatureComponents-2': 'sig',
  'urn:oasis:names:specification:ubl:schema:xsd:SignatureAggregateComponents-2': 'sac',
  'urn:oasis:names:specification:ubl:schema:xsd:SignatureBasicComponents-2': 'sbc',
}

/** A document of a marketplace has a few thousand elements at most; a file that nests or swells is none. */
const MOST_ELEMENTS = 200_000
const DEEPEST = 100

/** Reads a document. Throws `malformed` for what is not well-formed XML, with its place. No DTD is followed. */
export function readXml(text: string): XmlTree {
  const parser = new SaxesParser({ xmlns: true, position: true })
  const byName = new Map<string, Element[]>()
  let current: Element | null = null
  let root: Element | undefined
  let count = 0
  let depth = 0
  const names: string[] = []

  parser.on('error', error => {
    throw unreadable(error.message)
  })
  parser.on('doctype', () => {
    throw unreadable(
      `${parser.line}:${parser.column}: a document type declaration has no place in a tax document.`,
    )
  })
  parser.on('opentag', tag => {
    const element = elementOf(tag, current, parser.line)
    if (++count > MOST_ELEMENTS || ++depth > DEEPEST) throw unreadable(`${parser.line}: too many elements.`)
    root ??= element
    if (element.attributes.name !== undefined) names.push(element.attributes.name)
    current?.children.push(element)
    const same = byName.get(element.name)
    if (same) same.push(element)
    else byName.set(element.name, [element])
    current = element
  })
  parser.on('text', piece => {
    current?.texts.push(piece)
  })
  parser.on('cdata', piece => {
    current?.texts.push(piece)
  })
  parser.on('closetag', () => {
    depth--
    current = (current as Element).parent
  })
  parser.write(text.startsWith('\ufeff') ? text.slice(1) : text).close()
  if (!root) throw unreadable('there is no element in it.')
  return { root, names, named: name => byName.get(name) ?? [] }
}

function elementOf(tag: SaxesTagNS, parent: Element | null, line: number): Element {
  const attributes: Record<string, string> = {}
  for (const [name, { value, uri, local }] of Object.entries(tag.attributes))
    attributes[uri === '' ? local : name] = value
  const prefix = PREFIXES[tag.uri]
  const name = prefix ? `${prefix}:${tag.local}` : `{${tag.uri}}${tag.local}`
  return { name, attributes, parent, children: [], texts: [], line }
}

function unreadable(why: string): AppError {
  return new AppError('malformed', 'invoices.not_xml', `This is not a readable XML document: ${why}`)
}

/** What XPath calls the string value: all text inside, in order. */
export function textOf(element: Element): string {
  element.value ??=
    element.children.length === 0 && element.texts.length === 1
      ? (element.texts[0] as string)
      : element.texts.join('') + element.children.map(textOf).join('')
  return element.value
}

/** `/Invoice/cac:InvoiceLine[2]/cbc:ID`: where a finding is. */
export function placeOf(element: Element): string {
  if (!element.parent) return `/${element.name.replace(/^ubl:/, '')}`
  const same = element.parent.children.filter(child => child.name === element.name)
  const position = same.length > 1 ? `[${same.indexOf(element) + 1}]` : ''
  return `${placeOf(element.parent)}/${element.name}${position}`
}
