import * as Args from '@oclif/core/args'
import { AppError } from '../api/platform/errors.js'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** An id: anything else is refused before a service is asked. */
export const uuidArg = Args.custom<string>({
  parse: async input => {
    if (UUID.test(input)) return input.toLowerCase()
    throw new AppError('invalid', 'cli.bad_id', `${input} is not an id (a UUID).`)
  },
})
