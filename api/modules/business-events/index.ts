import type { Config } from '../../platform/config/index.js'
import { derived } from '../../platform/config/needed.js'
import { once } from '../../platform/once.js'
import { type BusinessEventDeps, createBusinessEventService } from './business-event-service.js'
import { createMixpanel } from './mixpanel.js'

export type { BusinessEventService } from './business-event-service.js'

type Deps = Omit<BusinessEventDeps, 'sink'> & { config: Config; encryptionKey: () => string }

/** Events go abroad where a token says so, and not otherwise. */
export function createBusinessEvents({ config, encryptionKey, ...deps }: Deps) {
  const { MIXPANEL_TOKEN: token, MIXPANEL_API_URL: baseUrl } = config
  const pseudonymKey = once(() => derived(encryptionKey(), 'mixpanel pseudonyms'))
  const sink = token === undefined ? null : createMixpanel({ baseUrl, token, pseudonymKey })
  return createBusinessEventService({ ...deps, sink })
}
