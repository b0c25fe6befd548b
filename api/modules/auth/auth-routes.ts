import type { Context } from 'koa'
import { type Operation, operation, SIGNED_IN } from '../../http/operation.js'
import { presentLogin, presentSignedIn, presentUser } from './auth-presenter.js'
import { CompleteLogin, Login, LoginView, Refresh, Register, SignedInView, UserView } from './auth-schemas.js'
import type { AuthService } from './auth-service.js'
import type { Device, SessionService } from './session-service.js'

const tag = 'Accounts'
/** Strangers may send these, and names and passwords are short. */
const bodyLimit = 8 * 1024
const atTheDoor = { method: 'post', tag, access: 'anyone', ignoresToken: true, bodyLimit } as const
export const deviceOf = (ctx: Context): Device => ({
  ip: ctx.ip,
  userAgent: ctx.get('user-agent') || undefined,
})

type Services = { auth: AuthService; sessions: SessionService }

export function authOperations({ auth, sessions }: Services): Operation[] {
  return [
    operation({
      ...atTheDoor,
      id: 'register',
      path: '/auth/register',
      limit: 'auth:register',
      status: 201,
      summary: 'Open a buyer account and sign in; the address is confirmed by e-mail',
      body: Register,
      response: SignedInView,
      errors: { 'auth.email_taken': 'conflict', 'auth.busy': 'unavailable' },
      handle: async ({ body, ctx }) => presentSignedIn(await auth.register(body, deviceOf(ctx))),
    }),
    operation({
      ...atTheDoor,
      id: 'login',
      path: '/auth/login',
      limit: 'auth:login',
      account: ({ body }) => body.email,
      summary: 'Sign in with e-mail and password; with a second factor, this is the first step',
      body: Login,
      response: LoginView,
      errors: {
        'auth.bad_credentials': 'unauthenticated',
        'auth.blocked': 'forbidden',
        'auth.busy': 'unavailable',
      },
      handle: async ({ body, ctx }) => presentLogin(await auth.login(body, deviceOf(ctx))),
    }),
    operation({
      ...atTheDoor,
      id: 'completeLogin',
      path: '/auth/login/second-step',
      limit: 'auth:login',
      account: ({ body }) => body.challenge,
      summary: "Complete a login with the authenticator's code or a recovery code",
      body: CompleteLogin,
      response: SignedInView,
      errors: {
        'auth.bad_token': 'unauthenticated',
        'auth.blocked': 'forbidden',
        'second_factor.wrong_code': 'forbidden',
        'second_factor.locked': 'rate_limited',
      },
      handle: async ({ body: { challenge, ...proof }, ctx }) =>
        presentSignedIn(await auth.completeLogin(challenge, proof, deviceOf(ctx))),
    }),
    operation({
      ...atTheDoor,
      id: 'refresh',
      path: '/auth/refresh',
      summary: 'Exchange a refresh token for a new pair',
      body: Refresh,
      response: SignedInView,
      errors: { 'auth.bad_token': 'unauthenticated' },
      handle: async ({ body, ctx }) =>
        presentSignedIn(await sessions.refresh(body.refreshToken, deviceOf(ctx))),
    }),
    operation({
      id: 'me',
      method: 'get',
      path: '/auth/me',
      tag,
      access: SIGNED_IN,
      whileEnrolling: true,
      summary: 'The account that is signed in',
      response: UserView,
      handle: async ({ actor }) => presentUser(await auth.me(actor)),
    }),
  ]
}
