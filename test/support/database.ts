import { randomBytes } from 'node:crypto'
import { APP, OWNER, TEMPLATE, urlFor, withClient } from './template.js'

export type TestDatabase = { url: string; ownerUrl: string; superuserUrl: string; drop(): Promise<void> }

export const superuserUrl = (): string => {
  const url = process.env.TEST_POSTGRES_URL
  if (!url) throw new Error('run the tests by `npm test`')
  return url
}
export const redisUrl = (): string => process.env.TEST_REDIS_URL as string

/** A copy of the template: a `describe` may commit what it likes. */
export async function cloneDatabase(template = TEMPLATE): Promise<TestDatabase> {
  const root = superuserUrl()
  const name = `t_${randomBytes(6).toString('hex')}`
  await withClient(root, client =>
    client.query(`create database ${name} template ${template} owner ${OWNER.name}`),
  )
  const inside = new URL(root)
  inside.pathname = `/${name}`
  return {
    url: urlFor(root, name, APP),
    ownerUrl: urlFor(root, name, OWNER),
    superuserUrl: inside.href,
    drop: async () => {
      await withClient(root, client => client.query(`drop database if exists ${name} with (force)`))
    },
  }
}
