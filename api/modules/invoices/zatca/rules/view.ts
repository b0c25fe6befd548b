import { isText, normalOne, Uncalculable } from './values.js'
import type { Element, XmlTree } from './xml-tree.js'

const steps = new Map<string, string[]>()

/** Elements at a path below one, as `cac:Party/cbc:ID`; `..` is the parent. */
export function select(from: Element, path: string): readonly Element[] {
  let parts = steps.get(path)
  if (!parts) {
    parts = path.split('/')
    steps.set(path, parts)
  }
  let found: Element[] = [from]
  for (const part of parts) {
    const next: Element[] = []
    for (const element of found) {
      if (part === '..') {
        if (element.parent) next.push(element.parent)
      } else for (const child of element.children) if (child.name === part) next.push(child)
    }
    found = next
    if (found.length === 0) break
  }
  return found
}

export const has = (from: Element, path: string): boolean => select(from, path).length > 0

/** The document as the rules look at it. */
export class View {
  readonly #anywhere = new Map<string, readonly Element[]>()
  readonly isStandard: boolean
  readonly isSimplified: boolean
  readonly isSimplifiedSummary: boolean

  constructor(
    readonly tree: XmlTree,
    readonly now: Date,
  ) {
    const names = this.#nameAttributes(tree.root, [])
    this.isStandard = names.some(name => /01\p{Nd}{5}/u.test(name))
    this.isSimplified = names.some(name => /02\p{Nd}{5}/u.test(name))
    this.isSimplifiedSummary = names.some(name => /02\p{Nd}{3}1\p{Nd}/u.test(name))
  }

  get root(): Element {
    return this.tree.root
  }

  /** From the root: `/Invoice/…`. */
  path(path: string): readonly Element[] {
    return select(this.root, path)
  }

  /** Wherever it is: `//…`. */
  anywhere(path: string): readonly Element[] {
    const known = this.#anywhere.get(path)
    if (known) return known
    const at = path.indexOf('/')
    const starts = this.tree.named(at === -1 ? path : path.slice(0, at))
    const found = at === -1 ? starts : starts.flatMap(start => select(start, path.slice(at + 1)))
    this.#anywhere.set(path, found)
    return found
  }

  #nameAttributes(element: Element, found: string[]): string[] {
    if (element.attributes.name !== undefined) found.push(element.attributes.name)
    for (const child of element.children) this.#nameAttributes(child, found)
    return found
  }
}

/** `[normalize-space(cbc:ID) = 'S']` of a tax category. */
export const isCategory = (category: Element, code: string): boolean =>
  normalOne(select(category, 'cbc:ID')) === code

/** `[cac:TaxScheme/normalize-space(upper-case(cbc:ID)) = 'VAT']`. */
export const isVat = (category: Element): boolean =>
  select(category, 'cac:TaxScheme').some(
    scheme => normalOne(select(scheme, 'cbc:ID')).toUpperCase() === 'VAT',
  )

/** What a pattern matches: an element of which the question cannot be asked is none. */
export function matching(
  elements: readonly Element[],
  test: (element: Element) => boolean,
): readonly Element[] {
  return elements.filter(element => {
    try {
      return test(element)
    } catch (error) {
      if (error instanceof Uncalculable) return false
      throw error
    }
  })
}

export const isAttachmentOf = (reference: Element, id: string): boolean =>
  normalOne(select(reference, 'cbc:ID')) === id

export const isTyped = (view: View, code: string): boolean => isText(view.path('cbc:InvoiceTypeCode'), code)
