import type { Context } from 'koa'
import { type Operation, operation, SIGNED_IN } from '../../http/operation.js'
import { presentSignedIn, presentUser } from './auth-presenter.js'
import { Login, Refresh, Register, SignedInView, UserView } from './auth-schemas.js'
import type { AuthService, Device } from './auth-service.js'

const tag = 'Accounts'
/** Strangers may send these, and names and passwords are short. */
const bodyLimit = 8 * 1024
export const deviceOf = (ctx: Context): Device => ({
  ip: ctx.ip,
  userAgent: ctx.get('user-agent') || undefined,
})

export function authOperations(auth: AuthService): Operation[] {
  return [
    operation({
      id: 'register',
      method: 'post',
      path: '/auth/register',
      tag,
      access: 'anyone',
      ignoresToken: true,
      status: 201,
      summary: 'Open a buyer account and sign in',
      body: Register,
      bodyLimit,
      response: SignedInView,
      errors: { 'auth.email_taken': 'conflict', 'auth.busy': 'unavailable' },
      handle: async ({ body, ctx }) => presentSignedIn(await auth.register(body, deviceOf(ctx))),
    }),
    operation({
      id: 'login',
      method: 'post',
      path: '/auth/login',
      tag,
      access: 'anyone',
      ignoresToken: true,
      summary: 'Sign in with e-mail and password',
      body: Login,
      bodyLimit,
      response: SignedInView,
      errors: {
        'auth.bad_credentials': 'unauthenticated',
        'auth.blocked': 'forbidden',
        'auth.busy': 'unavailable',
      },
      handle: async ({ body, ctx }) => presentSignedIn(await auth.login(body, deviceOf(ctx))),
    }),
    operation({
      id: 'refresh',
      method: 'post',
      path: '/auth/refresh',
      tag,
      access: 'anyone',
      ignoresToken: true,
      summary: 'Exchange a refresh token for a new pair',
      body: Refresh,
      bodyLimit,
      response: SignedInView,
      errors: { 'auth.bad_token': 'unauthenticated' },
      handle: async ({ body, ctx }) => presentSignedIn(await auth.refresh(body.refreshToken, deviceOf(ctx))),
    }),
    operation({
      id: 'logout',
      method: 'post',
      path: '/auth/logout',
      tag,
      access: SIGNED_IN,
      summary: 'End this session',
      handle: async ({ actor }) => auth.logout(actor),
    }),
    operation({
      id: 'me',
      method: 'get',
      path: '/auth/me',
      tag,
      access: SIGNED_IN,
      summary: 'The account that is signed in',
      response: UserView,
      handle: async ({ actor }) => presentUser(await auth.me(actor)),
    }),
  ]
}
