import type { View } from './view.js'
import type { Element } from './xml-tree.js'

export type Severity = 'error' | 'warning'
/** Where a rule is broken: elements; or yes, where it is about the document as a whole. */
export type Broken = boolean | readonly Element[]

export type Rule = {
  id: string
  /** ZATCA's extension, or the European standard it extends. */
  set: 'KSA' | 'EN'
  severity: Severity
  /** Stands in ZATCA's file and is never run there. */
  isDormant: boolean
  broken(view: View): Broken
}

type Declare = (id: string, broken: Rule['broken']) => Rule

export function rulesOf(set: Rule['set']): Record<Severity | 'dormantError' | 'dormantWarning', Declare> {
  const declare =
    (severity: Severity, isDormant: boolean): Declare =>
    (id, broken) => ({ id, set, severity, isDormant, broken })
  return {
    error: declare('error', false),
    warning: declare('warning', false),
    dormantError: declare('error', true),
    dormantWarning: declare('warning', true),
  }
}
