import { hash } from 'node:crypto'
import { isDeclaration, type Namespaces, prefixOf } from '../xml-source.js'
import type { Part } from './signed-xml.js'

/**
 * The digest ZATCA compares of xades:SignedProperties: base64 of the hexadecimal SHA-256 of what its library prints of the
 * element alone. That is the text as it stands, with each namespace declared where it is first used, and elements without
 * content closed at once.
 */
export function signedPropertiesHash(properties: Part, text: string): string {
  return Buffer.from(hash('sha256', printed(properties, text, {}), 'hex')).toString('base64')
}

function printed(part: Part, text: string, known: Namespaces): string {
  const { written, uri, children } = part
  const prefix = prefixOf(written)
  const isNew = (known[prefix] ?? '') !== uri
  const declared = isNew ? ` ${prefix === '' ? 'xmlns' : `xmlns:${prefix}`}="${uri}"` : ''
  const attributes = Object.entries(part.attributes)
    .filter(([name]) => !isDeclaration(name))
    .map(([name, value]) => ` ${name}="${escaped(value).replaceAll('"', '&quot;')}"`)
    .join('')
  const head = `<${written}${declared}${attributes}`
  const inside = isNew ? { ...known, [prefix]: uri } : known
  const content = children.length === 0 ? escaped(part.text) : mixed(part, text, inside)
  return content === '' ? `${head}/>` : `${head}>${content}</${written}>`
}

/** Children with the white space between them, which the text holds. */
function mixed({ children, from, to }: Part, text: string, known: Namespaces): string {
  const pieces: string[] = []
  let end = text.indexOf('>', from) + 1
  for (const child of children) {
    pieces.push(lines(text.slice(end, child.from)), printed(child, text, known))
    end = child.to
  }
  pieces.push(lines(text.slice(end, text.lastIndexOf('<', to - 1))))
  return pieces.join('')
}

/** As a parser hands line ends over. */
const lines = (text: string): string => text.replace(/\r\n?/g, '\n')

const escaped = (text: string): string =>
  text.replace(/[&<>]/g, mark => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[mark] as string)
