import { type Operation, operation, SIGNED_IN } from '../../http/operation.js'
import { requireUser } from '../../platform/actor.js'
import {
  AskPhoneCode,
  ByToken,
  ChangePassword,
  ForgotPassword,
  PhoneCodeView,
  ResetPassword,
  VerifyPhone,
} from './account-schemas.js'
import type { AccountService } from './account-service.js'

const tag = 'Accounts'
const bodyLimit = 8 * 1024
const own = { tag, access: SIGNED_IN, whileEnrolling: true, method: 'post' } as const
const stranger = { tag, access: 'anyone', ignoresToken: true, method: 'post', bodyLimit } as const
const tried = {
  limit: 'auth:login',
  account: ({ actor }: { actor: Parameters<typeof requireUser>[0] }) => requireUser(actor).id,
} as const
const tooMany = { 'account.too_many_messages': 'rate_limited' } as const
const badLink = { 'account.bad_link': 'forbidden' } as const

export function accountOperations(account: AccountService): Operation[] {
  return [
    operation({
      ...own,
      ...tried,
      id: 'changePassword',
      path: '/auth/password',
      summary: 'Choose another password; other devices are signed out',
      body: ChangePassword,
      errors: {
        'auth.bad_proof': 'forbidden',
        'second_factor.wrong_code': 'forbidden',
        'second_factor.code_needed': 'forbidden',
        'second_factor.locked': 'rate_limited',
      },
      handle: async ({ body: { newPassword, ...proof }, actor }) =>
        account.changePassword(actor, proof, newPassword),
    }),
    operation({
      ...stranger,
      id: 'forgotPassword',
      path: '/auth/password/forgot',
      limit: 'auth:send',
      status: 202,
      summary: 'Have a link for a new password sent, where somebody has that address',
      body: ForgotPassword,
      handle: async ({ body }) => account.askReset(body.email),
    }),
    operation({
      ...stranger,
      id: 'resetPassword',
      path: '/auth/password/reset',
      limit: 'auth:login',
      account: ({ body }) => body.token,
      summary: 'Choose a new password by the link; signs out everywhere',
      body: ResetPassword,
      errors: badLink,
      handle: async ({ body }) => account.reset(body.token, body.password),
    }),
    operation({
      ...own,
      ...tried,
      limit: 'auth:send',
      id: 'sendEmailVerification',
      path: '/auth/email/verification',
      status: 202,
      summary: 'Have the link that confirms the e-mail address sent again',
      errors: tooMany,
      handle: async ({ actor }) => account.askEmailVerification(actor),
    }),
    operation({
      ...stranger,
      id: 'verifyEmail',
      path: '/auth/email/verify',
      summary: 'Confirm the e-mail address by the link',
      body: ByToken,
      errors: badLink,
      handle: async ({ body }) => account.verifyEmail(body.token),
    }),
    operation({
      ...own,
      ...tried,
      limit: 'auth:send',
      id: 'sendPhoneCode',
      path: '/auth/phone/verification',
      status: 202,
      summary: 'Have a six-digit code sent by SMS: good for five minutes and five tries',
      body: AskPhoneCode,
      response: PhoneCodeView,
      errors: { ...tooMany, 'account.no_phone': 'conflict' },
      handle: async ({ body, actor }) => {
        const { phone, expiresAt } = await account.askPhoneCode(actor, body.phone)
        return { phone, expiresAt: expiresAt.toISOString() }
      },
    }),
    operation({
      ...own,
      ...tried,
      id: 'verifyPhone',
      path: '/auth/phone/verify',
      summary: 'Confirm the phone by the code',
      body: VerifyPhone,
      errors: { 'account.wrong_code': 'forbidden', 'account.code_over': 'conflict' },
      handle: async ({ body, actor }) => account.verifyPhone(actor, body.code),
    }),
  ]
}
