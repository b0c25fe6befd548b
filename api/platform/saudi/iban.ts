import { ValidationErrorsIBAN, validateIBAN } from 'ibantools'
import { BANKS } from './banks.js'
import { compact, type Reading, read, refused } from './reading.js'

export type Iban = {
  /** In one piece, letters in capitals. */
  number: string
  bankCode: string
  /** Null where the code is not on our list: banks are founded and renamed. */
  bank: { ar: string; en: string } | null
}

/** A Saudi IBAN: SA, two check digits (ISO 7064, mod 97-10), two digits for the bank, eighteen for the account. */
export function readIban(text: string): Reading<Iban> {
  const number = compact(text).toUpperCase()
  if (!/^[A-Z]{2}\d{2}[0-9A-Z]{1,30}$/.test(number)) return refused('iban.shape')
  if (!number.startsWith('SA')) return refused('iban.country')
  const { errorCodes } = validateIBAN(number)
  // one that is too short fails its check digits too: the length is what to say
  const isOnlyTheCheck = errorCodes.every(code => code === ValidationErrorsIBAN.WrongIBANChecksum)
  if (!isOnlyTheCheck) return refused('iban.shape')
  if (errorCodes.length > 0) return refused('iban.check')
  const bankCode = number.slice(4, 6)
  return read({ number, bankCode, bank: BANKS[bankCode] ?? null })
}

/** `SA03 8000 0000 6080 1016 7519`: in fours, as it is printed. */
export const printedIban = (number: string): string => number.replace(/(.{4})(?=.)/g, '$1 ')

/** `SA03 •••• 7519`: enough for its owner to know it by. */
export const maskedIban = (number: string): string => `${number.slice(0, 4)} •••• ${number.slice(-4)}`
