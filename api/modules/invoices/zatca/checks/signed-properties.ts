import { hash } from 'node:crypto'
import type { Part } from './signed-xml.js'

/**
 * The digest ZATCA compares of xades:SignedProperties: base64 of the hexadecimal SHA-256 of what its library prints of the
 * element alone. That is the text as it stands, with each namespace declared where it is first used, and elements without
 * content closed at once.
 */
export function signedPropertiesHash(properties: Part, text: string): string {
  return Buffer.from(hash('sha256', printed(properties, text, new Map()), 'hex')).toString('base64')
}

function printed(part: Part, text: string, known: ReadonlyMap<string, string>): string {
  const { tag, children } = part
  const isNew = known.get(tag.prefix) !== tag.uri
  const inside = new Map(known).set(tag.prefix, tag.uri)
  const declared = isNew ? ` xmlns${tag.prefix === '' ? '' : `:${tag.prefix}`}="${tag.uri}"` : ''
  const attributes = Object.values(tag.attributes)
    .filter(({ uri }) => uri !== 'http://www.w3.org/2000/xmlns/')
    .map(({ name, value }) => ` ${name}="${escaped(value).replaceAll('"', '&quot;')}"`)
    .join('')
  const head = `<${tag.name}${declared}${attributes}`
  const content = children.length === 0 ? escaped(part.text) : mixed(part, text, inside)
  return content === '' ? `${head}/>` : `${head}>${content}</${tag.name}>`
}

/** Children with the white space between them, which the text holds. */
function mixed({ children, from, to }: Part, text: string, known: ReadonlyMap<string, string>): string {
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
