import { ById } from '../../http/fields.js'
import { type Operation, operation } from '../../http/operation.js'
import { presentSession } from '../auth/auth-presenter.js'
import { presentActivity, presentUserDetail, presentUsers } from './user-presenter.js'
import {
  ActivityPage,
  ChangeRole,
  EndedView,
  EndSessions,
  Paging,
  SearchUsers,
  UserDetailView,
  UserPage,
  UserSessions,
  WithReason,
} from './user-schemas.js'
import type { UserService } from './user-service.js'

const office = { tag: 'Back office', access: ['officer', 'admin'] } as const
const above = { 'users.above_you': 'forbidden' } as const
const ofStanding = { ...above, 'users.oneself': 'conflict', 'users.last_admin': 'conflict' } as const

export function userOperations(users: UserService): Operation[] {
  return [
    operation({
      ...office,
      id: 'searchUsers',
      method: 'get',
      path: '/users',
      summary: 'Find accounts, the newest first; addresses and numbers are masked',
      query: SearchUsers,
      response: UserPage,
      handle: async ({ query: { q: term, ...filters } }) =>
        presentUsers(await users.search({ term, ...filters })),
    }),
    operation({
      ...office,
      id: 'getUser',
      method: 'get',
      path: '/users/:id',
      summary: 'An account; officers see those of buyers and sellers',
      params: ById,
      response: UserDetailView,
      errors: above,
      handle: async ({ params, actor }) => presentUserDetail(await users.get(params.id, actor)),
    }),
    operation({
      ...office,
      id: 'userSessions',
      method: 'get',
      path: '/users/:id/sessions',
      summary: 'Where an account is signed in',
      params: ById,
      response: UserSessions,
      errors: above,
      handle: async ({ params, actor }) => ({
        items: (await users.sessionsOf(params.id, actor)).map(session => {
          const { isCurrent: _, ...shown } = presentSession(session)
          return shown
        }),
      }),
    }),
    operation({
      ...office,
      id: 'userActivity',
      method: 'get',
      path: '/users/:id/activity',
      summary: 'What the person did and what was done to the account, the newest first',
      params: ById,
      query: Paging,
      response: ActivityPage,
      errors: above,
      handle: async ({ params, query, actor }) => {
        const { items, nextCursor } = await users.activity(params.id, query, actor)
        return { items: items.map(presentActivity), nextCursor }
      },
    }),
    operation({
      ...office,
      id: 'endUserSessions',
      method: 'post',
      path: '/users/:id/sessions/revoke',
      status: 200,
      summary: 'Sign an account out, on one device or everywhere',
      params: ById,
      body: EndSessions,
      response: EndedView,
      errors: { ...above, 'sessions.not_found': 'not_found' },
      handle: async ({ params, body, actor }) => ({ ended: await users.endSessions(params.id, body, actor) }),
    }),
    operation({
      ...office,
      id: 'blockUser',
      method: 'post',
      path: '/users/:id/block',
      status: 200,
      summary: 'Block an account; its sessions end at once',
      params: ById,
      body: WithReason,
      response: UserDetailView,
      errors: ofStanding,
      handle: async ({ params, body, actor }) =>
        presentUserDetail(await users.block(params.id, body.reason, actor)),
    }),
    operation({
      ...office,
      id: 'unblockUser',
      method: 'post',
      path: '/users/:id/unblock',
      status: 200,
      summary: 'Let a blocked account sign in again',
      params: ById,
      body: WithReason,
      response: UserDetailView,
      errors: { ...above, 'users.oneself': 'conflict' },
      handle: async ({ params, body, actor }) =>
        presentUserDetail(await users.unblock(params.id, body.reason, actor)),
    }),
    operation({
      ...office,
      access: ['admin'],
      signed: true,
      id: 'changeUserRole',
      method: 'post',
      path: '/users/:id/role',
      status: 200,
      summary: 'Give an account another role; its sessions end at once',
      params: ById,
      body: ChangeRole,
      response: UserDetailView,
      errors: {
        'users.oneself': 'conflict',
        'users.last_admin': 'conflict',
        'users.has_shop': 'conflict',
        'users.no_shop': 'conflict',
        'operations.token_needed': 'forbidden',
        'operations.bad_token': 'forbidden',
      },
      handle: async ({ params, body, actor }) =>
        presentUserDetail(await users.changeRole(params.id, body.role, body.reason, actor)),
    }),
  ]
}
