import * as Flags from '@oclif/core/flags'
import { wholeNumber } from './whole-number.js'

/** The flags by which a command means many events. */
export const rangeFlags = {
  provider: Flags.string({ helpValue: 'NAME', summary: 'Of this provider only.' }),
  since: Flags.string({
    helpValue: 'TIME',
    summary: 'Received since: 24h, 7d, a day (Riyadh) or an instant.',
  }),
  until: Flags.string({ helpValue: 'TIME', summary: 'Received before.' }),
  max: wholeNumber({
    default: 1000,
    min: 1,
    max: 100_000,
    summary: 'At most this many, the oldest first.',
  }),
  rate: wholeNumber({ default: 20, min: 1, max: 1000, summary: 'At most this many a second.' }),
  'dry-run': Flags.boolean({ summary: 'Say how many there are, and do nothing.' }),
}

type Given = {
  provider?: string | undefined
  since?: string | undefined
  until?: string | undefined
  max: number
}

export async function rangeOf({ provider, since, until, max }: Given) {
  const { instantOf } = await import('./since.js')
  return {
    provider,
    since: since === undefined ? undefined : instantOf(since),
    until: until === undefined ? undefined : instantOf(until),
    max,
  }
}
