import { checkValue } from '../../../platform/saudi/check.js'
import type { Finding, Registries } from './registry.js'

/** Asks nobody: a good form is never proof, so an officer looks for himself. */
export const offline: Registries = {
  commercialRegistration: async number => byForm('cr', number),
  vatNumber: async number => byForm('vat', number),
  nationalId: async number => byForm('national-id', number),
  bankAccount: async iban => byForm('iban', iban),
}

export function byForm(kind: Parameters<typeof checkValue>[0], value: string): Finding {
  const { isValid, words } = checkValue(kind, value)
  return {
    verdict: isValid ? 'FORMAT_ONLY' : 'REJECTED',
    source: 'format',
    evidence: { words },
    expiresAt: null,
  }
}
