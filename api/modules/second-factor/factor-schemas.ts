import { z } from 'zod'
import { givenPassword, recoveryCode, totpCode } from '../auth/auth-schemas.js'

/** The password, and where there is a second factor, a code of it. */
export const reauthentication = {
  password: givenPassword,
  code: totpCode.optional().describe('needed where a second factor is on, unless recoveryCode is sent'),
  recoveryCode: recoveryCode.optional(),
}
export const Reauthenticate = z.strictObject(reauthentication)
export const ConfirmFactor = z.strictObject({ code: totpCode })

export const FactorView = z.object({
  isOn: z.boolean(),
  confirmedAt: z.iso.datetime().nullable(),
  recoveryCodesLeft: z.int(),
})
export const EnrolmentView = z.object({
  secret: z.string().describe('for typing into an authenticator: base32'),
  otpauthUri: z.string().describe('the same as a URI, for an app on this device'),
  qrSvg: z.string().describe('the same as a picture to scan: SVG'),
})
export const RecoveryCodesView = z.object({
  recoveryCodes: z.array(z.string()).describe('shown this once: to be printed or kept in a password manager'),
})
