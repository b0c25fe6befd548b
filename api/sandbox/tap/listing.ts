import { TapError } from './errors.js'
import type { ListInput } from './requests.js'
import type { TapObject } from './types.js'

/** One page, newest first. `starting_after` is the last id of the page before. */
export function pageOf<T extends TapObject>(
  objects: T[],
  { period, status, limit, starting_after: last }: ListInput,
) {
  const start = last === undefined ? 0 : objects.findIndex(({ id }) => id === last) + 1
  if (last !== undefined && start === 0) throw new TapError('starting_after')
  const wanted = objects
    .slice(start)
    .filter(object => !status || object.status === status)
    .filter(object => !period || isWithin(createdAt(object), period.date))
  const page = wanted.slice(0, limit)
  return {
    object: 'list',
    live_mode: false,
    api_version: 'V2',
    count: page.length,
    has_more: page.length < wanted.length,
    page,
  }
}

function createdAt(object: TapObject): number {
  return Number(object.object === 'refund' ? object.created : object.transaction.created)
}

function isWithin(at: number, { from, to }: { from: number; to: number }): boolean {
  return from <= at && at <= to
}
