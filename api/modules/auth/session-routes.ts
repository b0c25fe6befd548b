import { ById } from '../../http/fields.js'
import { type Operation, operation, SIGNED_IN } from '../../http/operation.js'
import { requireSession } from '../../platform/actor.js'
import { presentSession } from './auth-presenter.js'
import { SessionList } from './auth-schemas.js'
import type { SessionService } from './session-service.js'

const own = { tag: 'Accounts', access: SIGNED_IN, whileEnrolling: true } as const

export function sessionOperations(sessions: SessionService): Operation[] {
  return [
    operation({
      ...own,
      id: 'logout',
      method: 'post',
      path: '/auth/logout',
      summary: 'End this session',
      handle: async ({ actor }) => sessions.end(actor),
    }),
    operation({
      ...own,
      id: 'logoutEverywhere',
      method: 'delete',
      path: '/auth/sessions',
      summary: 'End all sessions, this one too',
      handle: async ({ actor }) => void (await sessions.revokeAll(requireSession(actor).id, actor)),
    }),
    operation({
      ...own,
      id: 'listSessions',
      method: 'get',
      path: '/auth/sessions',
      summary: 'The devices that are signed in, the one used last first',
      response: SessionList,
      handle: async ({ actor }) => {
        const { id, sessionId } = requireSession(actor)
        return { items: (await sessions.of(id)).map(session => presentSession(session, sessionId)) }
      },
    }),
    operation({
      ...own,
      id: 'revokeSession',
      method: 'delete',
      path: '/auth/sessions/:id',
      summary: 'End one session',
      params: ById,
      errors: { 'sessions.not_found': 'not_found' },
      handle: async ({ params, actor }) =>
        void (await sessions.revoke(requireSession(actor).id, params.id, actor)),
    }),
  ]
}
