import { XmlElement, XmlNode, type XmlText } from '@rgrove/parse-xml'
import type { Decimal } from '../decimal.js'
import { BUILT_IN, type Namespaces, parsed, scopeOf, unreadable, uriOf } from '../xml-source.js'

/** An element of a document that was read. Names carry the prefixes of the standard, whatever the file calls them. */
export type Element = {
  name: string
  attributes: Readonly<Record<string, string>>
  parent: Element | null
  children: Element[]
  /** The text that stands directly in it, in pieces as comments and children part it. */
  texts: string[]
  /** Where its `<` stands in the text. */
  from: number
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

/** Comments are kept so that they part a text, as they do for XPath. */
const OPTIONS = { includeOffsets: true, preserveComments: true, preserveDocumentType: true }

/** Reads a document. Throws `malformed` for what is not well-formed XML, with its place. No DTD is followed. */
export function readXml(text: string): XmlTree {
  const byName = new Map<string, Element[]>()
  const names: string[] = []
  let count = 0

  const document = parsed(text, OPTIONS)
  if (document.children.some(({ type }) => type === XmlNode.TYPE_DOCUMENT_TYPE))
    throw unreadable('a document type declaration has no place in a tax document.')
  if (!document.root) throw unreadable('there is no element in it.')
  return {
    root: read(document.root, null, BUILT_IN, 1),
    names,
    named: name => byName.get(name) ?? [],
  }

  function read(node: XmlElement, parent: Element | null, outer: Namespaces, depth: number): Element {
    if (++count > MOST_ELEMENTS || depth > DEEPEST) throw unreadable('too many elements.')
    const scope = scopeOf(node.attributes, outer)
    const { attributes } = node
    const element: Element = {
      name: nameOf(node.name, scope),
      attributes,
      parent,
      children: [],
      texts: [],
      from: node.start,
    }
    if (attributes.name !== undefined) names.push(attributes.name)
    const same = byName.get(element.name)
    if (same) same.push(element)
    else byName.set(element.name, [element])
    for (const child of node.children) {
      if (child instanceof XmlElement) element.children.push(read(child, element, scope, depth + 1))
      else if (child.type === XmlNode.TYPE_TEXT) element.texts.push((child as XmlText).text)
    }
    return element
  }
}

function nameOf(written: string, scope: Namespaces): string {
  const uri = uriOf(written, scope)
  const local = written.slice(written.indexOf(':') + 1)
  const prefix = PREFIXES[uri]
  return prefix ? `${prefix}:${local}` : `{${uri}}${local}`
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

/** Counted from 1. */
export const lineOf = (text: string, element: Element): number =>
  text.slice(0, element.from).split('\n').length
