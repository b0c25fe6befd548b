import { z } from 'zod'
import { email, line, saudiMobile } from '../../http/fields.js'
import { ROLES } from '../../platform/actor.js'

const password = z.string().min(8).max(128)

export const Register = z.strictObject({
  email,
  password,
  name: line(120),
  phone: saudiMobile.optional(),
  locale: z.enum(['ar', 'en']).default('ar'),
  consentVersion: z
    .string()
    .regex(/^[\w.-]{1,20}$/)
    .default('2026-01')
    .describe('the version of the privacy notice the person agreed to'),
})

export const Login = z.strictObject({ email, password: z.string().min(1).max(128) })
export const Refresh = z.strictObject({ refreshToken: z.string().min(1).max(200) })

export const UserView = z.object({
  id: z.uuid(),
  email: z.string(),
  name: z.string(),
  phone: z.string().nullable(),
  role: z.enum(ROLES),
  locale: z.enum(['ar', 'en']),
  createdAt: z.iso.datetime(),
})

export const SignedInView = z.object({
  accessToken: z.string(),
  refreshToken: z.string(),
  expiresIn: z.int().describe('seconds until the access token ends'),
  user: UserView,
})
