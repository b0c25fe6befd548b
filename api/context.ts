import { createHmac } from 'node:crypto'
import type { Redis } from 'ioredis'
import { createAccountService } from './modules/account/account-service.js'
import { createAuditService } from './modules/audit/audit-service.js'
import { createAuthService } from './modules/auth/auth-service.js'
import { createPasswords } from './modules/auth/password.js'
import { assertGoodPassword } from './modules/auth/password-rules.js'
import { createSessionService } from './modules/auth/session-service.js'
import { createTokens } from './modules/auth/tokens.js'
import { createCatalogueService } from './modules/catalogue/catalogue-service.js'
import { createChallengeService } from './modules/challenges/challenge-service.js'
import { createFileService } from './modules/files/file-service.js'
import { createHealthService } from './modules/health/health-service.js'
import { createInvoiceService } from './modules/invoices/invoice-service.js'
import { createKycServices, registriesOf } from './modules/kyc/index.js'
import { createImportService } from './modules/listings/import/import-service.js'
import { createListingService } from './modules/listings/listing-service.js'
import { createPhotoService } from './modules/listings/photos/photo-service.js'
import { createMessageService } from './modules/messages/message-service.js'
import { createSandboxMessenger } from './modules/messages/sandbox-messenger.js'
import { createNotificationService } from './modules/notifications/notification-service.js'
import { createOperationService } from './modules/operations/operation-service.js'
import { createOrderService } from './modules/orders/order-service.js'
import type { Gateway } from './modules/payments/gateways/gateway.js'
import { createTap } from './modules/payments/gateways/tap.js'
import { createPaymentService } from './modules/payments/payment-service.js'
import { createSearchService } from './modules/search/search-service.js'
import { createFactorService } from './modules/second-factor/factor-service.js'
import { createRecoveryHash } from './modules/second-factor/recovery-codes.js'
import { createSellerService } from './modules/sellers/seller-service.js'
import { createInbox } from './modules/webhooks/webhook-inbox.js'
import { createWebhookService } from './modules/webhooks/webhook-service.js'
import { type Clock, systemClock } from './platform/clock.js'
import type { Config, Environment } from './platform/config/index.js'
import { createDatabase } from './platform/database.js'
import { AppError } from './platform/errors.js'
import { createIdempotencyStore } from './platform/idempotency-store.js'
import type { Logger } from './platform/logger.js'
import { createOutbox } from './platform/outbox.js'
import { createCursors } from './platform/page.js'
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

type Options = { logger: Logger; clock?: Clock; role: 'api' | 'worker' | 'command' }

/** The one place where things are made and joined. Nothing connects before it is used. */
export function createContext(config: Config, { logger, clock = systemClock, role }: Options) {
  const db = createDatabase({
    url: required(config, 'DATABASE_URL'),
    application: `cargoparts-${role}`,
    poolMin: role === 'api' ? config.DATABASE_POOL_MIN : 0,
    poolMax: config.DATABASE_POOL_MAX,
    acquireMs: role === 'api' ? 950 : 20_000,
    slowMs: config.SLOW_QUERY_MS,
    logger,
  })
  const redis = once((): Redis => createRedis(config.redisUrl ?? missing('REDIS_URL'), logger, role))
  const gateways = once((): Gateway[] => [
    createTap({ baseUrl: config.TAP_API_URL, secretKey: required(config, 'TAP_SECRET_KEY') }),
  ])
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
  const outbox = createOutbox({ db, clock })
  const idempotency = createIdempotencyStore({ db, clock })
  const audit = createAuditService({ clock })
  const notifications = createNotificationService({ clock })
  const security = createSecurityLog(logger)
  const challenges = createChallengeService({ db, clock, secret: sessionSecret })
  const messages = createMessageService({
    db,
    logger,
    outbox,
    challenges,
    messenger: config.MESSAGES_SANDBOX_URL ? createSandboxMessenger(config.MESSAGES_SANDBOX_URL) : null,
    appUrl: config.APP_URL,
  })
  const sessions = createSessionService({ db, reads, clock, audit, tokens, security })
  const factors = createFactorService({
    db,
    clock,
    audit,
    security,
    passwords,
    sessions,
    messages,
    seeds: createSealer(encryptionKey, 'totp seed'),
    recoveryHash: createRecoveryHash(encryptionKey),
    window: config.TOTP_WINDOW,
    isOffered: config.ENABLE_2FA,
  })
  const auth = createAuthService({
    db,
    audit,
    security,
    passwords,
    sessions,
    challenges,
    factors,
    messages,
    outbox,
  })
  const account = createAccountService({
    db,
    clock,
    outbox,
    audit,
    security,
    passwords,
    sessions,
    challenges,
    factors,
    messages,
    assertGoodPassword,
  })
  const operations = createOperationService({
    db,
    clock,
    security,
    passwords,
    factors,
    secret: sessionSecret,
  })
  const sellers = createSellerService({ db, audit, auth })
  const catalogue = createCatalogueService({ db, clock, logger, cursors })
  const listings = createListingService({ db, reads, clock, logger, cursors, audit, catalogue, sellers })
  const imports = createImportService({ db, clock, logger, audit, catalogue, sellers })
  const photos = createPhotoService({ db, audit, outbox, storage, sellers })
  const files = createFileService({ db, clock, audit, outbox, storage, links, apiUrl: config.API_URL })
  const kycServices = createKycServices({
    ...{ db, clock, logger, outbox, audit, auth, messages, notifications, files, sellers, cursors },
    registries: registriesOf({
      wathq: remote(config.WATHQ_API_URL, config.WATHQ_API_KEY),
      accounts: remote(config.ACCOUNT_CHECK_API_URL, config.ACCOUNT_CHECK_API_KEY),
      clock,
    }),
    seals: createSealer(encryptionKey, 'kyc'),
    subjectKey: once(() => derived(encryptionKey(), 'kyc checks')),
  })
  const search = createSearchService({ reads, clock, logger, cursors, catalogue })
  const orders = createOrderService({
    db,
    clock,
    cursors,
    audit,
    outbox,
    listings,
    sellers,
    notifications,
    vatRate: config.VAT_RATE,
  })
  const payments = createPaymentService({ db, clock, logger, audit, outbox, auth, orders, gateways, urls })
  const inbox = createInbox({ db, clock, outbox })
  const webhooks = createWebhookService({
    db,
    clock,
    logger,
    audit,
    outbox,
    inbox,
    payments,
    isEnabled: config.ENABLE_WEBHOOKS,
  })
  const invoices = createInvoiceService({ db, clock, audit, auth, orders, sellers, notifications })
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
    storage,
    services: {
      outbox,
      idempotency,
      audit,
      notifications,
      challenges,
      messages,
      sessions,
      factors,
      auth,
      account,
      operations,
      sellers,
      catalogue,
      listings,
      imports,
      photos,
      files,
      ...kycServices,
      search,
      orders,
      payments,
      webhooks,
      invoices,
      health,
    },
    async close(): Promise<void> {
      if (redis.isMade) redis().disconnect()
      await db.destroy()
    },
  }
}

/** Made at the first call, kept after. */
function once<T>(make: () => T): (() => T) & { readonly isMade: boolean } {
  let made: { value: T } | undefined
  const get = () => {
    made ??= { value: make() }
    return made.value
  }
  return Object.defineProperty(get, 'isMade', { get: () => made !== undefined }) as typeof get & {
    readonly isMade: boolean
  }
}

/** One secret, several uses: a key of its own for each. */
function derived(secret: string, purpose: string): string {
  return createHmac('sha256', secret).update(purpose).digest('hex')
}

function required(config: Config, name: keyof Environment): string {
  const value = config[name]
  return typeof value === 'string' ? value : missing(name)
}

/** A register that can be asked: none without a key. */
const remote = (url: string | undefined, key: string | undefined) => (url && key ? { url, key } : null)

/** A secret and, while what the one before it signed is still about, that one. */
function current(config: Config, name: keyof Environment, previous: keyof Environment): string[] {
  const old = config[previous]
  return [required(config, name), ...(typeof old === 'string' ? [old] : [])]
}

function missing(name: string): never {
  throw new AppError('invalid', 'config.invalid', `${name} is needed for this and is not set.`, {
    errors: [{ pointer: name, detail: 'is required' }],
  })
}
