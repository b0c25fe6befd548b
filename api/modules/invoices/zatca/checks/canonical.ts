import { isDeclaration, type Namespaces, prefixOf } from '../xml-source.js'

/*
 * Canonical XML 1.1 (W3C, 2 May 2008) of a whole document, without comments. Where whole elements are left out and the root
 * stays, nothing is inherited across a gap, so that 1.0 and 1.1 agree.
 */

/** The start tag: namespaces that are new here by prefix, then attributes by namespace and name. */
export function startTag(
  name: string,
  attributes: Readonly<Record<string, string>>,
  scope: Namespaces,
  outer: Namespaces,
): string {
  const names = Object.keys(attributes)
  if (names.length === 0) return `<${name}>`
  const spaces =
    scope === outer
      ? []
      : Object.keys(scope)
          .filter(prefix => scope[prefix] !== (outer[prefix] ?? '') && prefix !== 'xml')
          .sort(byText)
          .map(
            prefix =>
              ` ${prefix === '' ? 'xmlns' : `xmlns:${prefix}`}="${attributeText(scope[prefix] as string)}"`,
          )
  const written = names
    .filter(each => !isDeclaration(each))
    .map(each => ({ each, key: sortKey(each, scope) }))
    .sort((one, other) => byText(one.key, other.key))
    .map(({ each }) => ` ${each}="${attributeText(attributes[each] as string)}"`)
  return `<${name}${spaces.join('')}${written.join('')}>`
}

/** Namespace first, then the name without its prefix: no name holds the mark between them. */
function sortKey(name: string, scope: Namespaces): string {
  const prefix = prefixOf(name)
  return prefix === '' ? `\u0000${name}` : `${scope[prefix]}\u0000${name.slice(prefix.length + 1)}`
}

/** A processing instruction; outside the root each has a line of its own. */
export function instruction(target: string, body: string, place: 'before' | 'inside' | 'after'): string {
  const text = body === '' ? `<?${target}?>` : `<?${target} ${body}?>`
  if (place === 'inside') return text
  return place === 'before' ? `${text}\n` : `\n${text}`
}

export const contentText = (text: string): string =>
  /[&<>\r]/.test(text) ? text.replace(/[&<>\r]/g, mark => ESCAPES[mark] as string) : text
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
const byText = (one: string, other: string): number => Buffer.compare(Buffer.from(one), Buffer.from(other))
