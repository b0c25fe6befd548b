import { fieldText } from '../../api/http/field-texts.js'
import { parse } from '../../api/http/parse.js'
import { NewPerson } from '../../api/modules/auth/auth-schemas.js'
import { EditProfile } from '../../api/modules/kyc/kyc-schemas.js'
import type { Entry } from '../../api/modules/kyc/kyc-service.js'
import { AppError } from '../../api/platform/errors.js'
import { readAddressText } from '../../api/platform/saudi/address-text.js'

type Flags = Record<string, string | undefined> & { email: string; language: 'ar' | 'en' }

/** What was typed, judged by the very schemas of the API; what was not given stays out. */
export function entryOf(flags: Flags): Entry {
  const { email, name, language, consent } = flags
  const person = parse(NewPerson, sent({ email, name, locale: language, consentVersion: consent }), '#', 'en')
  const vat = flags.vat
  const profile = sent({
    tradeName: flags['trade-name'],
    legalName: flags['legal-name'],
    crNumber: flags.cr,
    vatNumber: vat === 'none' ? null : vat,
    city: flags.city,
    holderName: flags.holder ?? (flags['national-id'] ? name : undefined),
    nationalId: flags['national-id'],
    address: flags.address === undefined ? undefined : addressOf(flags.address),
  })
  return { person, profile: Object.keys(profile).length === 0 ? {} : parse(EditProfile, profile, '#', 'en') }
}

function addressOf(text: string): object {
  const { value, problem } = readAddressText(text)
  // a short address alone names a door, but no street to print on an invoice
  const wrong = problem ?? (value?.buildingNumber === undefined ? 'address.parts' : undefined)
  if (wrong === undefined) return sent({ ...value })
  throw new AppError('invalid', 'request.invalid', `--address: ${fieldText(wrong, 'en')}`)
}

const sent = (fields: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
