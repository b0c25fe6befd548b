import { type ParserOptions, parseXml, type XmlDocument, XmlError } from '@rgrove/parse-xml'
import { AppError } from '../../../platform/errors.js'

/** What prefixes stand for at a place; the empty one is the default. */
export type Namespaces = Readonly<Record<string, string>>
type Attributes = Readonly<Record<string, string>>

export const BUILT_IN: Namespaces = { xml: 'http://www.w3.org/XML/1998/namespace' }

/** Throws `malformed` with the place for what is not well-formed. */
export function parsed(text: string, options: ParserOptions): XmlDocument {
  try {
    return parseXml(text, options)
  } catch (error) {
    // the second line of an XmlError is a picture of the place
    if (error instanceof XmlError)
      throw unreadable(`${error.line}:${error.column}: ${error.message.split('\n')[0]}`)
    // nests so deep that nobody can follow
    if (error instanceof RangeError) throw unreadable('it nests too deep.')
    throw error
  }
}

export const isDeclaration = (name: string): boolean => name === 'xmlns' || name.startsWith('xmlns:')

export const prefixOf = (name: string): string => name.slice(0, Math.max(0, name.indexOf(':')))

/** What holds inside an element. Every prefix of its attributes must stand for something. */
export function scopeOf(attributes: Attributes, outer: Namespaces): Namespaces {
  const names = Object.keys(attributes)
  if (names.length === 0) return outer
  let scope = outer
  for (const name of names)
    if (isDeclaration(name)) scope = { ...scope, [name.slice('xmlns:'.length)]: attributes[name] as string }
  for (const name of names) if (name.includes(':') && !isDeclaration(name)) uriOf(name, scope)
  return scope
}

export function uriOf(name: string, scope: Namespaces): string {
  const prefix = prefixOf(name)
  const uri = scope[prefix] ?? ''
  if (prefix !== '' && uri === '') throw unreadable(`nothing says what the prefix ${prefix} stands for.`)
  return uri
}

export const unreadable = (why: string): AppError =>
  new AppError('malformed', 'invoices.not_xml', `This is not a readable XML document: ${why}`)
