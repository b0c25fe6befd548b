import path from 'node:path'
import { type Running, start } from './child.js'
import type { Closing } from './closing.js'
import type { House } from './house.js'
import type { Course } from './rounds.js'
import type { Database, Services } from './services.js'
import { pathsFile, type Sample, type Target } from './targets.js'

export const LIMITS = {
  bare: 'node:http, bare',
  hello: 'Koa, hello',
  row: 'Koa, one prepared row',
  insert: 'Koa, one prepared insert',
} as const
type Limit = keyof typeof LIMITS

/** The limits' programs, each a process of its own, and the targets; a limit between every two targets. */
export async function coursesOf(
  closing: Closing,
  services: Services,
  database: Database,
  house: House,
  targets: Target[],
  { ids }: Sample,
): Promise<Course[]> {
  const limit = async (kind: Limit, method: 'GET' | 'POST', paths: string[]): Promise<Course> => {
    const running = await startLimit(closing, services, database, kind)
    const file = pathsFile(services.folder, { name: kind, paths })
    return {
      name: LIMITS[kind],
      aim: { baseUrl: `http://127.0.0.1:${running.said[1]}`, method, pathsFile: file },
    }
  }
  const limits = [
    await limit('bare', 'GET', ['/']),
    await limit('hello', 'GET', ['/']),
    await limit(
      'row',
      'GET',
      ids.map(id => `/${id}`),
    ),
    await limit('insert', 'POST', ['/']),
  ]
  const own = targets.map(target => ({
    name: target.name,
    aim: {
      baseUrl: house.apiUrl,
      method: 'GET' as const,
      pathsFile: pathsFile(services.folder, target),
      token: target.token,
    },
    api: house.api,
  }))
  return own.flatMap((course, at) => [course, ...limits.slice(at, at + 1)])
}

const startLimit = (
  closing: Closing,
  { folder }: Services,
  { ownerUrl }: Database,
  kind: Limit,
): Promise<Running> =>
  start(
    closing,
    `bench/limits/${kind}.js`,
    { NODE_ENV: 'production', DATABASE_URL: ownerUrl },
    path.join(folder, `${kind}.log`),
    /listening on (\d+)/,
  )
