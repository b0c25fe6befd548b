import { z } from 'zod'
import { email, line, saudiMobile, sixDigits } from '../../http/fields.js'
import { ROLES } from '../../platform/actor.js'

/** A new password: 8 to 128 characters of any kind; common ones are refused. */
export const newPassword = z.string().refine(text => {
  const { length } = [...text]
  return length >= 8 && length <= 128
}, 'password.length')
/** One that is compared with what is stored: anything that could ever have been one. */
export const givenPassword = z.string().min(1).max(512)
export const totpCode = sixDigits
export const recoveryCode = z.string().min(1).max(60)

export const Register = z.strictObject({
  email,
  password: newPassword,
  name: line(120),
  phone: saudiMobile.optional(),
  locale: z.enum(['ar', 'en']).default('ar'),
  consentVersion: z
    .string()
    .regex(/^[\w.-]{1,20}$/)
    .default('2026-01')
    .describe('the version of the privacy notice the person agreed to'),
})

export const Login = z.strictObject({ email, password: givenPassword })
export const CompleteLogin = z
  .strictObject({
    challenge: z.string().min(1).max(200),
    code: totpCode.optional().describe("the authenticator's six digits"),
    recoveryCode: recoveryCode.optional(),
  })
  .refine(({ code, recoveryCode }) => (code === undefined) !== (recoveryCode === undefined), 'proof.one_code')
export const Refresh = z.strictObject({ refreshToken: z.string().min(1).max(200) })

export const UserView = z.object({
  id: z.uuid(),
  email: z.string(),
  emailVerified: z.boolean(),
  name: z.string(),
  phone: z.string().nullable(),
  phoneVerified: z.boolean(),
  role: z.enum(ROLES),
  locale: z.enum(['ar', 'en']),
  secondFactor: z.boolean().describe('whether signing in needs a code'),
  createdAt: z.iso.datetime(),
})

export const SignedInView = z.object({
  accessToken: z.string(),
  refreshToken: z.string(),
  expiresIn: z.int().describe('seconds until the access token ends'),
  user: UserView,
})

export const SecondStepView = z.object({
  challenge: z.string().describe('complete the login with it and a code'),
  expiresAt: z.iso.datetime(),
})

export const LoginView = z.union([SignedInView, SecondStepView])

export const SessionView = z.object({
  id: z.uuid(),
  isCurrent: z.boolean(),
  userAgent: z.string().nullable(),
  ip: z.string().nullable(),
  lastUsedAt: z.iso.datetime().describe('when its tokens were last renewed'),
  expiresAt: z.iso.datetime(),
  createdAt: z.iso.datetime(),
})
export const SessionList = z.object({ items: z.array(SessionView) })
