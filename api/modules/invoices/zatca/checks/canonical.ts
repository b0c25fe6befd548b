import type { SaxesTagNS } from 'saxes'

/*
 * Canonical XML 1.1 (W3C, 2 May 2008) of a whole document, without comments, as saxes hands its pieces over. Where whole
 * elements are left out and the root stays, nothing is inherited across a gap, so that 1.0 and 1.1 agree.
 */

const XMLNS = 'http://www.w3.org/2000/xmlns/'

/** The start tag: namespaces that are new here by prefix, then attributes by namespace and name. */
export function startTag(tag: SaxesTagNS, outer: Record<string, string>): string {
  const spaces = Object.entries(tag.ns)
    .filter(([prefix, uri]) => (outer[prefix] ?? '') !== uri && prefix !== 'xml')
    .sort(([one], [other]) => byText(one, other))
    .map(([prefix, uri]) => ` ${prefix === '' ? 'xmlns' : `xmlns:${prefix}`}="${attributeText(uri)}"`)
  const attributes = Object.values(tag.attributes)
    .filter(({ uri }) => uri !== XMLNS)
    .sort((one, other) => byText(one.uri, other.uri) || byText(one.local, other.local))
    .map(({ name, value }) => ` ${name}="${attributeText(value)}"`)
  return `<${tag.name}${spaces.join('')}${attributes.join('')}>`
}

export const endTag = (tag: SaxesTagNS): string => `</${tag.name}>`

/** A processing instruction; outside the root each has a line of its own. */
export function instruction(target: string, body: string, place: 'before' | 'inside' | 'after'): string {
  const text = body === '' ? `<?${target}?>` : `<?${target} ${body}?>`
  if (place === 'inside') return text
  return place === 'before' ? `${text}\n` : `\n${text}`
}

export const textOfContent = (text: string): string =>
  text.replace(/[&<>\r]/g, mark => ESCAPES[mark] as string)
const attributeText = (text: string): string => text.replace(/[&<"\t\n\r]/g, mark => ESCAPES[mark] as string)

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#x9;',
  '\n': '&#xA;',
  '\r': '&#xD;',
}

/** By code point, not by the halves of UTF-16: the two differ above U+FFFF. */
function byText(one: string, other: string): number {
  if (one === other) return 0
  return Buffer.compare(Buffer.from(one), Buffer.from(other))
}
