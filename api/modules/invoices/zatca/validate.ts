import { AppError } from '../../../platform/errors.js'
import { RULES } from './rules/index.js'
import type { Rule, Severity } from './rules/rule.js'
import { Uncalculable } from './rules/values.js'
import { View } from './rules/view.js'
import { type Element, lineOf, placeOf, readXml } from './rules/xml-tree.js'

/** A value at which ZATCA's own rules give up, so that the gateway answers with no list of findings. */
export const UNREADABLE_VALUE = 'UNREADABLE-VALUE'

export type Finding = {
  /** ZATCA's, or UNREADABLE-VALUE. */
  id: string
  /** `note`: the rule is in ZATCA's file, but not run there today. */
  severity: Severity | 'note'
  /** `/Invoice/cac:InvoiceLine[2]/cbc:ID` */
  place: string
  line: number
}

/**
 * What ZATCA's rules (R3.4.8) have against a document, in the order of the rules; a rule that is broken in several
 * places is listed with each. Throws `malformed` for what is no XML, `invalid` for XML that is no invoice.
 */
export function findingsIn(xml: string, now: Date): Finding[] {
  const tree = readXml(xml)
  if (tree.root.name !== 'ubl:Invoice')
    throw new AppError('invalid', 'invoices.not_an_invoice', 'The root element is no UBL 2.1 Invoice.')
  const view = new View(tree, now)
  const found: Finding[] = []
  for (const rule of RULES)
    for (const { element, ...each } of findingsOf(rule, view))
      found.push({ ...each, place: placeOf(element), line: lineOf(xml, element) })
  return found
}

/** What stands in the way of handing a document out: for what we write, a warning as much as an error. */
export const isInTheWay = ({ severity }: Pick<Finding, 'severity'>): boolean => severity !== 'note'

type Found = Pick<Finding, 'id' | 'severity'> & { element: Element }

const NONE: readonly Found[] = []

function findingsOf(rule: Rule, view: View): readonly Found[] {
  try {
    const broken = rule.broken(view)
    if (broken === false) return NONE
    const places = broken === true ? [view.root] : broken
    return places.map(element => finding(rule.id, rule.isDormant ? 'note' : rule.severity, element))
  } catch (error) {
    if (!(error instanceof Uncalculable)) throw error
    return rule.isDormant ? NONE : [finding(UNREADABLE_VALUE, 'error', error.at ?? view.root)]
  }
}

const finding = (id: string, severity: Finding['severity'], element: Element): Found => ({
  id,
  severity,
  element,
})
