import { AppError } from '../api/platform/errors.js'

/** A list of where demo data may go: an environment nobody thought of gets none. */
const DEMO_ENVIRONMENTS: readonly string[] = ['development', 'test']

export function refuseDemoIn(environment: string): void {
  if (DEMO_ENVIRONMENTS.includes(environment)) return
  throw new AppError('conflict', 'seeds.production', `Demo data is not for ${environment}.`, { environment })
}
