import type { Clock } from '../../../platform/clock.js'
import type { Config } from '../../../platform/config/index.js'
import type { AlertService } from '../../alerts/alert-service.js'
import { createExchange, type Exchange, type Limits, type Watch } from './exchange.js'
import type { Gateway } from './gateway.js'
import { createHyperpay } from './hyperpay.js'
import { createTap } from './tap.js'

type Deps = { alerts: AlertService; clock: Clock; patience?: Partial<Limits> | undefined }

/** Every provider this environment has an account with: one file and one line each. */
export function gatewaysOf(config: Config, { alerts, clock, patience }: Deps): Gateway[] {
  const watch = watchOver(alerts)
  const exchange = (provider: string) => createExchange(provider, watch, patience)
  return [tapOf(config, exchange('tap')), hyperpayOf(config, exchange('hyperpay'), clock)].filter(
    gateway => gateway !== undefined,
  )
}

function tapOf(config: Config, exchange: Exchange): Gateway | undefined {
  const { TAP_API_URL: baseUrl, TAP_SECRET_KEY: secretKey, TAP_SECRET_KEY_PREVIOUS: previousKey } = config
  return secretKey === undefined ? undefined : createTap({ baseUrl, secretKey, previousKey, exchange })
}

function hyperpayOf(config: Config, exchange: Exchange, clock: Clock): Gateway | undefined {
  if (config.HYPERPAY_ACCESS_TOKEN === undefined) return undefined
  const entities = {
    card: config.HYPERPAY_ENTITY_ID,
    mada: config.HYPERPAY_ENTITY_ID_MADA,
    apple_pay: config.HYPERPAY_ENTITY_ID_APPLEPAY,
  }
  return createHyperpay({
    baseUrl: config.HYPERPAY_API_URL,
    accessToken: config.HYPERPAY_ACCESS_TOKEN,
    entities: Object.fromEntries(Object.entries(entities).filter(([, id]) => id !== undefined)),
    webhookKey: config.HYPERPAY_WEBHOOK_SECRET ?? '',
    wholeAmounts: config.HYPERPAY_WHOLE_AMOUNTS,
    exchange,
    clock,
  })
}

/** A provider that is left alone is somebody's matter; it ends with the first answer. */
function watchOver(alerts: AlertService): Watch {
  const key = (provider: string) => `provider_paused:${provider}`
  return {
    broken: provider =>
      void alerts.raiseAlone({
        key: key(provider),
        kind: 'provider_paused',
        severity: 'critical',
        summary: `${provider} failed five times in a row and is left alone for half a minute at a time.`,
        details: { provider },
      }),
    healed: provider => void alerts.endAlone(key(provider)),
  }
}
