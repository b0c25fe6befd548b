import { fieldText } from '../../api/http/field-texts.js'
import { parse } from '../../api/http/parse.js'
import { EditProfile } from '../../api/modules/kyc/kyc-schemas.js'
import type { ProfileEdit } from '../../api/modules/kyc/kyc-service.js'
import { AppError } from '../../api/platform/errors.js'
import { readAddressText } from '../../api/platform/saudi/address-text.js'

/** What was typed, judged by the very schema of the API; what was not given stays out. */
export function profileOf(flags: Record<string, unknown>): ProfileEdit {
  const profile = sent({
    tradeName: flags['trade-name'],
    legalName: flags['legal-name'],
    crNumber: flags.cr,
    vatNumber: flags.vat === 'none' ? null : flags.vat,
    city: flags.city,
    holderName: flags.holder,
    nationalId: flags['national-id'],
    address: typeof flags.address === 'string' ? addressOf(flags.address) : undefined,
  })
  return Object.keys(profile).length === 0 ? {} : sent(parse(EditProfile, profile, '#', 'en'))
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
