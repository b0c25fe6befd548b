import { createHmac } from 'node:crypto'
import { AppError } from '../errors.js'
import type { Environment } from './environment.js'
import type { Config } from './index.js'

/** A variable's value, asked for where it is used: a command needs only what its own services do. Throws `config.invalid`. */
export function required(config: Config, name: keyof Environment): string {
  const value = config[name]
  return typeof value === 'string' ? value : missing(name)
}

/** A secret and, while what the one before it signed is still about, that one. */
export function current(config: Config, name: keyof Environment, previous: keyof Environment): string[] {
  const old = config[previous]
  return [required(config, name), ...(typeof old === 'string' ? [old] : [])]
}

/** One secret, several uses: a key of its own for each. */
export function derived(secret: string, purpose: string): string {
  return createHmac('sha256', secret).update(purpose).digest('hex')
}

export function missing(name: string): never {
  throw new AppError('invalid', 'config.invalid', `${name} is needed for this and is not set.`, {
    errors: [{ pointer: name, detail: 'is required' }],
  })
}
