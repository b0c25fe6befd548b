import type { ErrorKind } from '../api/platform/errors.js'

/** What a script can tell from a command's end. 2 is oclif's (usage), 130 a prompt left with Ctrl-C. */
export const EXIT: Record<ErrorKind, number> = {
  internal: 1,
  not_found: 3,
  conflict: 4,
  malformed: 5,
  too_large: 5,
  unsupported_type: 5,
  invalid: 5,
  unauthenticated: 6,
  forbidden: 6,
  rate_limited: 7,
  unavailable: 7,
}
export const EXIT_USAGE = 2
export const EXIT_INTERRUPTED = 130
