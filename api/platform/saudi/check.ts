import { isOfBuilding, type NationalAddress } from './address.js'
import { addressLine, readAddressText } from './address-text.js'
import { readCommercialRegistration } from './commercial-registration.js'
import { printedIban, readIban } from './iban.js'
import { readMobile } from './mobile.js'
import { readNationalId } from './national-id.js'
import type { Reading } from './reading.js'
import { SAUDI_TEXTS } from './texts.js'
import { readVatNumber } from './vat-number.js'

type Words = { ar: string; en: string }
/** `value` is the normal form of what is right; `words` say why it is, or is not. */
export type Check = { isValid: boolean; value: string | null; problem: string | null; words: Words }

const CHECKS = {
  mobile: (text: string) => told(readMobile(text), number => [number, MOBILE]),
  'national-id': (text: string) =>
    told(readNationalId(text), ({ number, scheme }) => [number, scheme === 'NAT' ? CITIZEN : RESIDENT]),
  cr: (text: string) =>
    told(readCommercialRegistration(text), ({ number, scheme }) => [
      number,
      scheme === '700' ? UNIFIED : REGISTER,
    ]),
  vat: (text: string) =>
    told(readVatNumber(text), ({ number, isGroup }) => [number, isGroup ? VAT_GROUP : VAT]),
  iban: (text: string) =>
    told(readIban(text), ({ number, bank, bankCode }) => [printedIban(number), ibanWords(bank, bankCode)]),
  address: (text: string) =>
    told(readAddressText(text), address => [addressLine(address), addressWords(address)]),
}
export type CheckKind = keyof typeof CHECKS
// the keys of a literal are what its type says
export const CHECK_KINDS = Object.keys(CHECKS) as CheckKind[]

/** Judges a value in words. What is right by its form is not thereby somebody's: that the registers know. */
export const checkValue = (kind: CheckKind, text: string): Check => CHECKS[kind](text)

function told<T>({ value, problem }: Reading<T>, describe: (value: T) => [string, Words]): Check {
  if (problem !== undefined)
    return {
      isValid: false,
      value: null,
      problem,
      words: SAUDI_TEXTS[problem] ?? { ar: problem, en: problem },
    }
  const [normal, words] = describe(value as T) // a reading has one or the other
  return { isValid: true, value: normal, problem: null, words }
}

const MOBILE = { en: 'is a Saudi mobile number', ar: 'رقم جوال سعودي' }
const CITIZEN = { en: 'is a national ID; its check digit is right', ar: 'رقم هوية وطنية، ورقم التحقق صحيح' }
const RESIDENT = { en: 'is an Iqama; its check digit is right', ar: 'رقم إقامة، ورقم التحقق صحيح' }
const UNIFIED = {
  en: 'has the form of a unified national number (700); no check digit is published',
  ar: 'بصيغة الرقم الوطني الموحد (700)، ولا يُنشر له رقم تحقق',
}
const REGISTER = {
  en: 'has the form of a commercial registration number; no check digit is published',
  ar: 'بصيغة رقم سجل تجاري، ولا يُنشر له رقم تحقق',
}
const VAT = {
  en: 'has the form of a VAT number; no check digit is published',
  ar: 'بصيغة رقم ضريبي، ولا يُنشر له رقم تحقق',
}
const VAT_GROUP = {
  en: 'has the form of the VAT number of a group; no check digit is published',
  ar: 'بصيغة رقم ضريبي لمجموعة، ولا يُنشر له رقم تحقق',
}

const ibanWords = (bank: Words | null, code: string): Words =>
  bank
    ? {
        en: `is an IBAN at ${bank.en}; its check digits are right`,
        ar: `آيبان لدى ${bank.ar}، ورقما التحقق صحيحان`,
      }
    : {
        en: `is an IBAN whose check digits are right, at a bank that is not on our list (${code})`,
        ar: `آيبان رقما التحقق فيه صحيحان، لدى بنك ليس في قائمتنا (${code})`,
      }

function addressWords({ buildingNumber, shortAddress }: Partial<NationalAddress>): Words {
  if (buildingNumber === undefined) return { en: 'is a short address', ar: 'عنوان مختصر' }
  return shortAddress && isOfBuilding(shortAddress, buildingNumber)
    ? { en: 'is a national address, and its short address fits', ar: 'عنوان وطني، والعنوان المختصر يوافقه' }
    : { en: 'is a national address', ar: 'عنوان وطني' }
}
