import type { Statement } from '../../platform/reads.js'

/**
 * Of $1 the entries before $2, $3 at most. Ids are in the order they were made. Each half reads the one end of its own
 * index that can be on the page. Reads users, for the names of people.
 */
export const BY_AND_ABOUT: Statement = {
  text: `
    with found as (
      (select id from audit_log where user_id = $1 and ($2::uuid is null or id < $2) order by id desc limit $3)
      union
      (select id from audit_log where actor_id = $1 and ($2::uuid is null or id < $2) order by id desc limit $3)
    )
    select a.id, a.at, a.actor_kind as "actorKind", a.actor_id as "actorId",
      coalesce(a.actor_name, u.name) as "actorName", a.action, a.object_type as "objectType",
      a.object_id as "objectId", host(a.ip) as ip, a.user_agent as "userAgent", a.details
    from found f join audit_log a on a.id = f.id left join users u on u.id = a.actor_id
    order by a.id desc limit $3`,
}
