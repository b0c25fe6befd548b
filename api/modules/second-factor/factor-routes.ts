import { type Operation, operation, SIGNED_IN } from '../../http/operation.js'
import { requireUser } from '../../platform/actor.js'
import { presentEnrolment, presentFactor } from './factor-presenter.js'
import {
  ConfirmFactor,
  EnrolmentView,
  FactorView,
  Reauthenticate,
  RecoveryCodesView,
} from './factor-schemas.js'
import type { FactorService } from './factor-service.js'

const own = { tag: 'Second factor', access: SIGNED_IN, whileEnrolling: true } as const
/** Passwords and codes are tried here: as often as at a login, and no oftener. */
const tried = {
  limit: 'auth:login',
  account: ({ actor }: { actor: Parameters<typeof requireUser>[0] }) => requireUser(actor).id,
} as const
const wrong = {
  'auth.bad_proof': 'forbidden',
  'second_factor.wrong_code': 'forbidden',
  'second_factor.code_needed': 'forbidden',
  'second_factor.locked': 'rate_limited',
} as const

export function factorOperations(factors: FactorService): Operation[] {
  return [
    operation({
      ...own,
      id: 'secondFactor',
      method: 'get',
      path: '/auth/second-factor',
      summary: 'Whether a second factor is on, and how many recovery codes are left',
      response: FactorView,
      handle: async ({ actor }) => presentFactor(await factors.state(actor)),
    }),
    operation({
      ...own,
      ...tried,
      id: 'enrolSecondFactor',
      method: 'post',
      path: '/auth/second-factor',
      status: 201,
      summary: 'Begin with an authenticator, or with another one instead of the present one',
      body: Reauthenticate,
      response: EnrolmentView,
      errors: { ...wrong, 'second_factor.not_offered': 'conflict' },
      handle: async ({ body, actor }) => presentEnrolment(await factors.enrol(actor, body)),
    }),
    operation({
      ...own,
      ...tried,
      id: 'confirmSecondFactor',
      method: 'post',
      path: '/auth/second-factor/confirm',
      status: 200,
      summary: 'Put the authenticator to use with its first code; other devices are signed out',
      body: ConfirmFactor,
      response: RecoveryCodesView,
      errors: { 'second_factor.wrong_code': 'forbidden', 'second_factor.not_begun': 'conflict' },
      handle: async ({ body, actor }) => ({ recoveryCodes: await factors.confirm(actor, body.code) }),
    }),
    operation({
      ...own,
      ...tried,
      id: 'renewRecoveryCodes',
      method: 'post',
      path: '/auth/second-factor/recovery-codes',
      status: 200,
      summary: 'Ten new recovery codes; the old ones are worthless',
      body: Reauthenticate,
      response: RecoveryCodesView,
      errors: { ...wrong, 'second_factor.not_begun': 'conflict' },
      handle: async ({ body, actor }) => ({ recoveryCodes: await factors.renewRecoveryCodes(actor, body) }),
    }),
    operation({
      ...own,
      ...tried,
      id: 'disableSecondFactor',
      method: 'post',
      path: '/auth/second-factor/disable',
      summary: 'Sign in with the password alone again; not for staff',
      body: Reauthenticate,
      errors: { ...wrong, 'second_factor.required': 'conflict' },
      handle: async ({ body, actor }) => factors.disable(actor, body),
    }),
  ]
}
