import type { DocumentKind, Flag, TaxDocument } from './document.js'

/** BT-3, of UNTDID 1001. */
export const TYPE_CODES: Readonly<Record<DocumentKind, string>> = {
  INVOICE: '388',
  CREDIT_NOTE: '381',
  DEBIT_NOTE: '383',
  ADVANCE: '386',
}

const POSITIONS: readonly Flag[] = ['thirdParty', 'nominal', 'export', 'summary', 'selfBilled']
const LATER_POSITIONS: readonly Flag[] = ['continuous', 'government']

/** KSA-2, `NNPNESB`: form, then a digit a flag. Two more (`CG`) only where one of them is set: older readers know seven. */
export function transactionCode({ form, flags = {} }: Pick<TaxDocument, 'form' | 'flags'>): string {
  const digits = (positions: readonly Flag[]) => positions.map(flag => (flags[flag] ? '1' : '0')).join('')
  const later = digits(LATER_POSITIONS)
  return `${form === 'TAX' ? '01' : '02'}${digits(POSITIONS)}${later.includes('1') ? later : ''}`
}
