import { z } from 'zod'
import { paging } from '../../http/fields.js'
import { type Operation, operation, SIGNED_IN } from '../../http/operation.js'
import { ActivityPage, type ActivityView } from './activity-schemas.js'
import type { ActivityEntry, ActivityService } from './activity-service.js'

export function activityOperations(activity: ActivityService): Operation[] {
  return [
    operation({
      id: 'myActivity',
      method: 'get',
      path: '/account/activity',
      tag: 'Accounts',
      access: SIGNED_IN,
      whileEnrolling: true,
      summary: 'What the caller did, from where: the newest first',
      query: z.strictObject(paging),
      response: ActivityPage,
      handle: async ({ query, actor }) => {
        const { items, nextCursor } = await activity.mine(query, actor)
        return { items: items.map(present), nextCursor }
      },
    }),
  ]
}

const present = ({
  id,
  action,
  objectType,
  objectId,
  ip,
  createdAt,
}: ActivityEntry): z.infer<typeof ActivityView> => ({
  id,
  at: createdAt.toISOString(),
  action,
  object: { type: objectType, id: objectId },
  ip,
})
