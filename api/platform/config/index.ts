import { AppError } from '../errors.js'
import { Environment } from './environment.js'
import { type Problem, type Purpose, problemsOf, warningsOf } from './rules.js'

export type { Environment } from './environment.js'
export type { Problem, Purpose } from './rules.js'

export type Config = Environment & {
  /** Production's rules: strict start, no sandbox, no demo data. Staging keeps them too. */
  isStrict: boolean
  /** One Redis address, however it was given. */
  redisUrl: string | undefined
  warnings: string[]
}

/**
 * Reads the environment once, at the start of a process. A bad one names every problem at once, by
 * variable and without its value.
 */
export function readConfig(env: NodeJS.ProcessEnv, purpose: Purpose): Config {
  const { config, problems } = checkConfig(env, purpose)
  if (config) return config
  throw new AppError('invalid', 'config.invalid', describe(problems), {
    errors: problems.map(({ name, problem }) => ({ pointer: name, detail: problem })),
  })
}

export function checkConfig(
  env: NodeJS.ProcessEnv,
  purpose: Purpose,
): { config?: Config; problems: Problem[] } {
  const parsed = Environment.safeParse(env)
  if (!parsed.success) {
    const shape = parsed.error.issues.map(issue => ({
      name: issue.path.join('.'),
      problem: plain(issue.message),
    }))
    // the cross-checks still run, over what could be read, so that nothing is left for a second attempt
    const bad = new Set(shape.map(problem => problem.name))
    const readable = Environment.parse(
      Object.fromEntries(Object.entries(env).filter(([name]) => !bad.has(name))),
    )
    return {
      problems: [...shape, ...problemsOf(readable, purpose).filter(problem => !bad.has(problem.name))],
    }
  }
  const problems = problemsOf(parsed.data, purpose)
  if (problems.length > 0) return { problems }
  const data = parsed.data
  const isStrict = data.NODE_ENV === 'production' || data.NODE_ENV === 'staging'
  return {
    config: { ...data, isStrict, redisUrl: redisUrlOf(data), warnings: warningsOf(data) },
    problems: [],
  }
}

function redisUrlOf(env: Environment): string | undefined {
  if (env.REDIS_URL !== undefined) return env.REDIS_URL
  if (env.REDIS_HOST === undefined) return undefined
  const login = env.REDIS_PASSWORD === undefined ? '' : `:${encodeURIComponent(env.REDIS_PASSWORD)}@`
  const host = env.REDIS_HOST.includes(':') ? `[${env.REDIS_HOST}]` : env.REDIS_HOST
  return `redis://${login}${host}:${env.REDIS_PORT}/${env.REDIS_DB}`
}

function describe(problems: Problem[]): string {
  const lines = problems.map(({ name, problem }) => `  ${name} ${problem}`)
  return `The environment has ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}:\n${lines.join('\n')}`
}

/** zod's own sentences may quote what was received; ours never do. */
function plain(message: string): string {
  return /^(must|names)/.test(message)
    ? message
    : message.replace(/^Invalid (option|input): /, 'is wrong: ').replace(/,? received.*$/, '')
}
