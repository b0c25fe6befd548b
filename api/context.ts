import type { Redis } from 'ioredis'
import { createAccountService } from './modules/account/account-service.js'
import { createActivityService } from './modules/activity/activity-service.js'
import { createAlertDesk } from './modules/alerts/alert-desk.js'
import { createAlertService } from './modules/alerts/alert-service.js'
import { channelsOf } from './modules/alerts/channels/channels.js'
import { createAnalyticsService } from './modules/analytics/analytics-service.js'
import { createApiKeyService } from './modules/api-keys/api-key-service.js'
import { createAuditService } from './modules/audit/audit-service.js'
import { createAuthService } from './modules/auth/auth-service.js'
import { createPasswords } from './modules/auth/password.js'
import { assertGoodPassword } from './modules/auth/password-rules.js'
import { createSessionService } from './modules/auth/session-service.js'
import { createTokens } from './modules/auth/tokens.js'
import { createBusinessEvents } from './modules/business-events/index.js'
import { createCatalogueService } from './modules/catalogue/catalogue-service.js'
import { createChallengeService } from './modules/challenges/challenge-service.js'
import { createCompanyService } from './modules/companies/company-service.js'
import { createDeployService } from './modules/deploys/deploy-service.js'
import { createFileService } from './modules/files/file-service.js'
import { createHealthService } from './modules/health/health-service.js'
import { createInvoiceService } from './modules/invoices/invoice-service.js'
import { createUnits } from './modules/invoices/units/units.js'
import { createJobService } from './modules/jobs/job-service.js'
import { createKycServices, registriesOf } from './modules/kyc/index.js'
import { createImportService } from './modules/listings/import/import-service.js'
import { createListingService } from './modules/listings/listing-service.js'
import { createPhotoService } from './modules/listings/photos/photo-service.js'
import { createMessageService } from './modules/messages/message-service.js'
import { createSandboxMessenger } from './modules/messages/sandbox-messenger.js'
import { createNotifications } from './modules/notifications/index.js'
import { createOperationService } from './modules/operations/operation-service.js'
import { createOrderService } from './modules/orders/order-service.js'
import type { Limits } from './modules/payments/gateways/exchange.js'
import { gatewaysOf } from './modules/payments/gateways/gateways.js'
import { createPaymentService } from './modules/payments/payment-service.js'
import { createSearchService } from './modules/search/search-service.js'
import { createFactorService } from './modules/second-factor/factor-service.js'
import { createRecoveryHash } from './modules/second-factor/recovery-codes.js'
import { createSellerService } from './modules/sellers/seller-service.js'
import { createUserService } from './modules/users/user-service.js'
import { createWebhooks } from './modules/webhooks/index.js'
import { createBackground } from './platform/background.js'
import { createCache } from './platform/cache.js'
import { type Clock, systemClock } from './platform/clock.js'
import type { Config } from './platform/config/index.js'
import { current, derived, missing, required } from './platform/config/needed.js'
import { createDatabase } from './platform/database.js'
import { createIdempotencyStore } from './platform/idempotency-store.js'
import { createKeyedHash } from './platform/keyed-hash.js'
import { createLimitStore } from './platform/limit-store.js'
import type { Logger } from './platform/logger.js'
import { once } from './platform/once.js'
import { createCursors } from './platform/page.js'
import { createRateLimiter } from './platform/rate-limiter.js'
import { createReads } from './platform/reads.js'
import { createRedis } from './platform/redis.js'
import { createSealer } from './platform/sealer.js'
import { createSecurityLog } from './platform/security-log.js'
import { createStorage } from './platform/storage/index.js'
import { createLinks } from './platform/storage/links.js'
import { storeAt } from './platform/storage/store-url.js'
import { COMMIT, VERSION } from './platform/version.js'

export type Context = ReturnType<typeof createContext>
export type Services = Context['services']

type Options = {
  logger: Logger
  clock?: Clock
  role: 'api' | 'worker' | 'command'
  /** How patient providers are dealt with, where it is not as in production. */
  patience?: Partial<Limits>
}

/** The one place where things are made and joined. Nothing connects before it is used. */
export function createContext(config: Config, { logger, clock = systemClock, role, patience }: Options) {
  const db = createDatabase({
    url: required(config, 'DATABASE_URL'),
    application: `cargoparts-${role}`,
    poolMin: role === 'api' ? config.DATABASE_POOL_MIN : 0,
    poolMax: config.DATABASE_POOL_MAX,
    acquireMs: role === 'api' ? 950 : 20_000,
    slowMs: config.SLOW_QUERY_MS,
    logger,
  })
  const redisUrl = () => config.redisUrl ?? missing('REDIS_URL')
  const redis = once((): Redis => createRedis(redisUrl(), logger, role))
  const gateways = once(() => gatewaysOf(config, { alerts, clock, patience }))
  const cursors = createCursors(once(() => derived(required(config, 'SESSION_SECRET'), 'cursors')))
  const tokens = createTokens({
    accessSecrets: () => current(config, 'JWT_SECRET', 'JWT_SECRET_PREVIOUS'),
    refreshSecrets: () => current(config, 'JWT_REFRESH_SECRET', 'JWT_REFRESH_SECRET_PREVIOUS'),
    clock,
  })
  const sessionSecret = () => required(config, 'SESSION_SECRET')
  const encryptionKey = () => required(config, 'PAYMENT_ENCRYPTION_KEY')
  const passwords = createPasswords(config.SCRYPT_COST_LOG2)
  const urls = { apiUrl: config.API_URL, appUrl: config.APP_URL, origins: config.CORS_ORIGINS }

  const storage = createStorage({
    store: once(() => storeAt(required(config, 'STORAGE_URL'))),
    sealer: createSealer(encryptionKey, 'files'),
    addressKey: once(() => derived(encryptionKey(), 'file addresses')),
  })
  const links = createLinks({ secret: sessionSecret, clock })

  const reads = createReads({ db, logger, slowMs: config.SLOW_QUERY_MS })
  const background = createBackground({ db, clock, redis, logger, config })
  const { outbox, locks, schedule } = background
  const idempotency = createIdempotencyStore({ db, clock })
  const messenger = config.MESSAGES_SANDBOX_URL ? createSandboxMessenger(config.MESSAGES_SANDBOX_URL) : null
  const alerts = createAlertService({ db, clock, logger, outbox, channels: channelsOf(config, messenger) })
  const prefix = config.REDIS_PREFIX
  const activity = createActivityService({ db, reads, clock, cursors, keepDays: config.ACTIVITY_KEEP_DAYS })
  const businessEvents = createBusinessEvents({ db, reads, clock, logger, outbox, config, encryptionKey })
  const audit = createAuditService({ clock, reads, cursors, followers: [activity, businessEvents] })
  const alertDesk = createAlertDesk({ db, audit, alerts })
  const telling = createNotifications({ db, reads, clock, cursors, redis, logger, prefix })
  const { notifications, unreadStreams } = telling
  const security = createSecurityLog(logger, role === 'command' ? 'info' : 'warn')
  /** What nearly every service has; its type says what of it a service uses. */
  const base = { db, reads, clock, logger, outbox, cursors, audit, security }
  const limiter = createRateLimiter({ store: createLimitStore({ url: redisUrl, logger }), prefix })
  const challenges = createChallengeService({ db, clock, secret: sessionSecret })
  const messages = createMessageService({ ...base, challenges, messenger, appUrl: config.APP_URL })
  const sessions = createSessionService({ db, reads, clock, audit, activity, tokens, security })
  const factors = createFactorService({
    ...base,
    ...{ passwords, sessions, messages },
    seeds: createSealer(encryptionKey, 'totp seed'),
    recoveryHash: createRecoveryHash(encryptionKey),
    window: config.TOTP_WINDOW,
    isOffered: config.ENABLE_2FA,
  })
  const auth = createAuthService({ db, audit, security, passwords, sessions, challenges, factors, messages })
  const account = createAccountService({
    ...base,
    ...{ passwords, sessions, challenges, factors, messages, assertGoodPassword },
  })
  const users = createUserService({
    ...base,
    ...{ passwords, sessions, challenges, messages, assertGoodPassword },
  })
  const operations = createOperationService({ ...base, passwords, factors, secret: sessionSecret })
  const apiKeys = createApiKeyService({
    ...base,
    messages,
    keyHash: createKeyedHash(encryptionKey, 'api keys'),
    isOffered: config.ENABLE_API_KEYS,
  })
  const sellers = createSellerService({ db, audit, auth })
  const companies = createCompanyService(base)
  const analytics = createAnalyticsService({ db, reads, clock, redis, prefix, sellers })
  const catalogue = createCatalogueService({ db, clock, logger, cursors })
  const listings = createListingService({ db, reads, clock, logger, cursors, audit, catalogue, sellers })
  const imports = createImportService({ db, clock, logger, audit, catalogue, sellers })
  const photos = createPhotoService({ db, audit, outbox, storage, sellers })
  const files = createFileService({ db, clock, audit, outbox, storage, links, apiUrl: config.API_URL })
  const kycServices = createKycServices({
    ...base,
    ...{ auth, messages, notifications, files, sellers },
    registries: registriesOf(config, clock),
    seals: createSealer(encryptionKey, 'kyc'),
    subjectKey: once(() => derived(encryptionKey(), 'kyc checks')),
  })
  const search = createSearchService({ reads, clock, logger, cursors, catalogue })
  const orders = createOrderService({ ...base, listings, sellers, notifications, vatRate: config.VAT_RATE })
  const payments = createPaymentService({ ...base, alerts, auth, orders, gateways, urls })
  const webhooks = createWebhooks({
    ...base,
    ...{ alerts, payments, ring: background.ring },
    retries: config.WEBHOOK_RETRIES,
    isEnabled: config.ENABLE_WEBHOOKS,
  })
  const units = createUnits({
    ...{ ...base, sellers, sandboxUrl: config.ZATCA_SANDBOX_URL },
    sealer: createSealer(encryptionKey, 'signing keys'),
  })
  const invoices = createInvoiceService({ ...base, auth, orders, sellers, companies, notifications, units })
  const jobs = createJobService({ db, clock, cursors, audit, ...background })
  const deploys = createDeployService({ db, audit })
  const health = createHealthService({
    db,
    redis,
    clock,
    environment: config.NODE_ENV,
    version: VERSION,
    commit: COMMIT,
  })

  return {
    config,
    logger,
    security,
    clock,
    db,
    redis,
    storage,
    /** For answers that hold a secret, while they are kept for a repeat. */
    answerSeal: createSealer(encryptionKey, 'kept answer'),
    cache: createCache({ redis, prefix: config.REDIS_PREFIX }),
    locks,
    schedule,
    services: {
      ...{ outbox, idempotency, limiter, audit, alerts, alertDesk },
      ...{ activity, businessEvents, analytics, notifications, unreadStreams, challenges, messages },
      ...{ sessions, factors, auth, account, users, operations, apiKeys, sellers, companies },
      ...{ catalogue, listings, imports, photos, files, search, orders },
      ...{ payments, webhooks, units, invoices, jobs, deploys, health },
      ...kycServices,
    },
    async close(): Promise<void> {
      await Promise.all([apiKeys.settle(), webhooks.settle()])
      await Promise.all([analytics.views.close(), telling.close()])
      limiter.close()
      if (redis.isMade) redis().disconnect()
      await db.destroy()
    },
  }
}
