import type { z } from 'zod'
import type { SignedInView, UserView } from './auth-schemas.js'
import type { SignedIn } from './auth-service.js'
import type { User } from './user.js'

export function presentUser(user: User): z.infer<typeof UserView> {
  return {
    id: user.id,
    email: user.email,
    name: user.name,
    phone: user.phone,
    role: user.role,
    locale: user.locale,
    createdAt: user.createdAt.toISOString(),
  }
}

export function presentSignedIn({
  user,
  accessToken,
  refreshToken,
  expiresIn,
}: SignedIn): z.infer<typeof SignedInView> {
  return { accessToken, refreshToken, expiresIn, user: presentUser(user) }
}
