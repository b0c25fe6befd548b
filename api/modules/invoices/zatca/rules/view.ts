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
  let found: readonly Element[] = step(from, parts[0] as string)
  for (let index = 1; index < parts.length && found.length > 0; index++) {
    const part = parts[index] as string
    const [only] = found
    found = found.length === 1 ? step(only as Element, part) : found.flatMap(element => step(element, part))
  }
  return found
}

const NONE: readonly Element[] = []

function step(from: Element, part: string): readonly Element[] {
  if (part === '..') return from.parent ? [from.parent] : NONE
  let found: Element[] | undefined
  for (const child of from.children) {
    if (child.name !== part) continue
    if (found) found.push(child)
    else found = [child]
  }
  return found ?? NONE
}

export const has = (from: Element, path: string): boolean => select(from, path).length > 0

/** The document as the rules look at it. */
export class View {
  readonly #anywhere = new Map<string, readonly Element[]>()
  readonly #paths = new Map<string, readonly Element[]>()
  readonly isStandard: boolean
  readonly isSimplified: boolean
  readonly isSimplifiedSummary: boolean

  constructor(
    readonly tree: XmlTree,
    readonly now: Date,
  ) {
    const { names } = tree
    this.isStandard = names.some(name => /01\p{Nd}{5}/u.test(name))
    this.isSimplified = names.some(name => /02\p{Nd}{5}/u.test(name))
    this.isSimplifiedSummary = names.some(name => /02\p{Nd}{3}1\p{Nd}/u.test(name))
  }

  get root(): Element {
    return this.tree.root
  }

  /** From the root: `/Invoice/…`. */
  path(path: string): readonly Element[] {
    const known = this.#paths.get(path)
    if (known) return known
    const found = select(this.root, path)
    this.#paths.set(path, found)
    return found
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
