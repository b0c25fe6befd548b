/** Elements of an XML document as text, in canonical form already (C14N 1.1): what is hashed is what is written. */

export type Content = string | undefined

/** A leaf of the basic components; nothing where there is no value. */
export function cbc(name: string, value: Content, attributes = ''): string {
  return value === undefined ? '' : `<cbc:${name}${attributes}>${escapeText(value)}</cbc:${name}>`
}

/** An aggregate with what stands in it; nothing where nothing does. */
export function cac(name: string, ...content: Content[]): string {
  const inside = content.join('')
  return inside === '' ? '' : `<cac:${name}>${inside}</cac:${name}>`
}

/** ` name="value"`: several of them have to come in alphabetical order. */
export function attribute(name: string, value: Content): string {
  return value === undefined ? '' : ` ${name}="${escapeAttribute(value)}"`
}

// what needs no second look: most texts
const PLAIN = /^[ !#-%'-;=?-\ud7ff\ue000-\ufffd]*$/
// what XML 1.0 has no way to write; a lone half of a surrogate pair too
const IMPOSSIBLE = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u
const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#x9;',
  '\n': '&#xA;',
  '\r': '&#xD;',
}

export const isWritable = (text: string): boolean => !IMPOSSIBLE.test(text)

function escapeText(text: string): string {
  return PLAIN.test(text) ? text : escaped(text, /[&<>\r]/g)
}

function escapeAttribute(text: string): string {
  return PLAIN.test(text) ? text : escaped(text, /[&<"\t\n\r]/g)
}

function escaped(text: string, special: RegExp): string {
  if (!isWritable(text)) throw new RangeError(`XML cannot hold ${JSON.stringify(text)}`)
  return text.replace(special, character => ESCAPES[character] as string)
}

/** What people wrote, with a mark where they wrote what XML cannot hold. */
export const writable = (text: string): string =>
  isWritable(text) ? text : text.replace(new RegExp(IMPOSSIBLE.source, 'gu'), '\ufffd')
