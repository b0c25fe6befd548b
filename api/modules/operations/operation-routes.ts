import { z } from 'zod'
import { type Operation, operation, SIGNED_IN } from '../../http/operation.js'
import { requireUser } from '../../platform/actor.js'
import { givenPassword, recoveryCode, totpCode } from '../auth/auth-schemas.js'
import type { OperationService } from './operation-service.js'

export const SignOperation = z
  .strictObject({
    method: z.enum(['POST', 'PUT', 'PATCH', 'DELETE']),
    path: z
      .string()
      .regex(/^\/api\/v1\/[\w/.~-]{1,300}$/)
      .describe('of the request to come, without a query'),
    bodySha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/i)
      .describe('SHA-256, in hex, of the very bytes of its body; of none, of the empty text'),
    password: givenPassword.optional(),
    code: totpCode.optional(),
    recoveryCode: recoveryCode.optional(),
  })
  .refine(
    ({ password, code, recoveryCode }) => [password, code, recoveryCode].filter(Boolean).length === 1,
    'proof.one',
  )
export const OperationTokenView = z.object({ token: z.string(), expiresAt: z.iso.datetime() })

export function operationOperations(operations: OperationService): Operation[] {
  return [
    operation({
      id: 'signOperation',
      method: 'post',
      path: '/auth/operations',
      tag: 'Accounts',
      access: SIGNED_IN,
      limit: 'auth:login',
      account: ({ actor }) => requireUser(actor).id,
      status: 201,
      summary: 'Get the Operation-Token for one critical request: five minutes, one use',
      body: SignOperation,
      response: OperationTokenView,
      errors: {
        'auth.bad_proof': 'forbidden',
        'second_factor.wrong_code': 'forbidden',
        'second_factor.locked': 'rate_limited',
      },
      handle: async ({ body: { password, code, recoveryCode, ...request }, actor }) => {
        const issued = await operations.issue(actor, request, { password, code, recoveryCode })
        return { token: issued.token, expiresAt: issued.expiresAt.toISOString() }
      },
    }),
  ]
}
