/** Small changes to the text of a document. Each throws where it finds nothing to change, so that none is idle. */
export type Edit = (xml: string) => string

export const swap =
  (from: string | RegExp, to: string): Edit =>
  xml => {
    const changed = xml.replace(from, () => to)
    if (changed === xml) throw new Error(`nothing to change: ${from}`)
    return changed
  }

const element = (name: string) => new RegExp(`<${name}(\\s[^>]*)?>(.*?)</${name}>`, 's')

/** The text of the first element of the name. */
export const set =
  (name: string, text: string): Edit =>
  xml => {
    const match = element(name).exec(xml)
    if (!match) throw new Error(`no ${name}`)
    return swap(match[0], `<${name}${match[1] ?? ''}>${text}</${name}>`)(xml)
  }

/** Without the first element of the name. */
export const cut = (name: string): Edit => swap(element(name), '')

/** An attribute of the first element of the name; without a value, none. */
export const attribute =
  (name: string, key: string, value?: string): Edit =>
  xml => {
    const match = element(name).exec(xml)
    if (!match) throw new Error(`no ${name}`)
    const others = (match[1] ?? '').replace(new RegExp(`\\s${key}="[^"]*"`), '')
    const wanted = value === undefined ? '' : ` ${key}="${value}"`
    return swap(match[0], `<${name}${others}${wanted}>${match[2]}</${name}>`)(xml)
  }

/** The edit inside the first element of the name only, or inside the one at `index`. */
export const within =
  (name: string, edit: Edit, index = 0): Edit =>
  xml => {
    const match = [...xml.matchAll(new RegExp(element(name), 'gs'))][index]
    if (!match) throw new Error(`no ${name}`)
    return xml.slice(0, match.index) + edit(match[0]) + xml.slice(match.index + match[0].length)
  }

export const before = (name: string, more: string): Edit => swap(new RegExp(`(?=<${name}[\\s>])`), more)
export const after = (name: string, more: string): Edit => swap(new RegExp(`(?<=</${name}>)`), more)

/** The edit wherever it applies. */
export const everywhere =
  (from: string, to: string): Edit =>
  xml => {
    if (!xml.includes(from)) throw new Error(`nothing to change: ${from}`)
    return xml.replaceAll(from, to)
  }

export const long = (length: number): string => 'x'.repeat(length)
