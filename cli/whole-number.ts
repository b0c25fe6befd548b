import * as Flags from '@oclif/core/flags'
import { westernDigits } from '../api/platform/digits.js'

type Parsing = { parse(input: string, ...rest: unknown[]): Promise<number> }

/** An integer flag that understands Arabic digits too: `--limit ٢٠`. */
export const wholeNumber = ((options: object) => {
  // oclif's types tell flags with a default from those without; what is changed here is only what is read
  const flag = Flags.integer(options as never) as unknown as Parsing
  const parse: Parsing['parse'] = (input, ...rest) => flag.parse(westernDigits(input), ...rest)
  return { ...flag, parse }
}) as unknown as typeof Flags.integer
