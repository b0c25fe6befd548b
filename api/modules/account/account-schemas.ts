import { z } from 'zod'
import { email, saudiMobile, sixDigits } from '../../http/fields.js'
import { newPassword } from '../auth/auth-schemas.js'
import { reauthentication } from '../second-factor/factor-schemas.js'

const token = z.string().min(1).max(200).describe('from the link, behind #token=')

export const ByToken = z.strictObject({ token })
export const ForgotPassword = z.strictObject({ email })
export const ResetPassword = z.strictObject({ token, password: newPassword })
export const ChangePassword = z.strictObject({ ...reauthentication, newPassword })
export const AskPhoneCode = z.strictObject({
  phone: saudiMobile.optional().describe("another number than the account's, to replace it"),
})
export const VerifyPhone = z.strictObject({ code: sixDigits })
export const PhoneCodeView = z.object({ phone: z.string(), expiresAt: z.iso.datetime() })
