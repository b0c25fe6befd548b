import { ask, type Place, ready, type Told } from './ask.js'

type Look = { name: string; path: string; isGood(told: Told): boolean }

const json = ({ body }: Told): Record<string, unknown> => {
  try {
    return JSON.parse(body) as Record<string, unknown>
  } catch {
    return {}
  }
}
const problem = (status: number) => (told: Told) =>
  told.status === status &&
  /^application\/problem\+json/.test(String(told.headers['content-type'])) &&
  json(told).status === status

/** What a release has to do right, seen from outside. All of it only reads. */
const LOOKS: readonly Look[] = [
  {
    name: 'health',
    path: '/api/health',
    isGood: told => told.status === 200 && json(told).status === 'healthy',
  },
  {
    name: 'listings',
    path: '/api/v1/listings?limit=5',
    isGood: told => told.status === 200 && Array.isArray(json(told).items),
  },
  {
    name: 'search',
    path: `/api/v1/listings?q=${encodeURIComponent('فحمات')}&limit=5`,
    isGood: told => told.status === 200 && Array.isArray(json(told).items),
  },
  { name: 'categories', path: '/api/v1/categories', isGood: told => told.status === 200 },
  { name: 'orders refused to strangers', path: '/api/v1/orders', isGood: problem(401) },
  { name: 'an address that is none', path: '/api/v1/no-such-thing', isGood: problem(404) },
  {
    name: 'the description of the API',
    path: '/openapi.json',
    isGood: told => told.status === 200 && String(json(told).openapi).startsWith('3.'),
  },
]

export type SmokeReport = { passed: string[]; failed: { name: string; found: string }[] }

/** Asks what a client would, each on a connection of its own. By a commit, also whether only its release answers. */
export async function smoke(front: Place, commit?: string, times = 4): Promise<SmokeReport> {
  const report: SmokeReport = { passed: [], failed: [] }
  const looks = [
    ...(commit === undefined
      ? []
      : Array.from({ length: times }, () => ({
          name: `the release ${commit.slice(0, 12)}`,
          path: ready(commit),
          isGood: (told: Told) => told.status === 200 && json(told).ready === true,
        }))),
    ...LOOKS,
  ]
  for (const { name, path, isGood } of looks) {
    try {
      const told = await ask(front, path)
      if (isGood(told)) report.passed.push(name)
      else
        report.failed.push({
          name,
          found: `${told.status} ${told.body.slice(0, 200).replaceAll(/\s+/g, ' ')}`,
        })
    } catch (error) {
      report.failed.push({ name, found: error instanceof Error ? error.message : String(error) })
    }
  }
  return report
}
