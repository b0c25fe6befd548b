import type { z } from 'zod'
import type { LoginView, SessionView, SignedInView, UserView } from './auth-schemas.js'
import type { SecondStep } from './auth-service.js'
import type { Session } from './session.js'
import type { SignedIn } from './session-service.js'
import type { User } from './user.js'

export function presentUser(user: User): z.infer<typeof UserView> {
  return {
    id: user.id,
    email: user.email,
    emailVerified: user.emailVerifiedAt !== null,
    name: user.name,
    phone: user.phone,
    phoneVerified: user.phoneVerifiedAt !== null,
    role: user.role,
    locale: user.locale,
    secondFactor: user.hasSecondFactor,
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

export function presentLogin(outcome: SignedIn | SecondStep): z.infer<typeof LoginView> {
  if ('user' in outcome) return presentSignedIn(outcome)
  return { challenge: outcome.challenge, expiresAt: outcome.expiresAt.toISOString() }
}

export function presentSession(session: Session, currentId?: string): z.infer<typeof SessionView> {
  return {
    id: session.id,
    isCurrent: session.id === currentId,
    userAgent: session.userAgent,
    ip: session.ip,
    lastUsedAt: session.lastUsedAt.toISOString(),
    expiresAt: session.expiresAt.toISOString(),
    createdAt: session.createdAt.toISOString(),
  }
}
