import cors from '@koa/cors'
import Router, { type RouterContext } from '@koa/router'
import Koa, { type Context as KoaContext, type Middleware } from 'koa'
import type { Context } from './context.js'
import { credentialsOf } from './http/credentials.js'
import { mountDocs } from './http/docs.js'
import { localeOf } from './http/locale.js'
import { mountMedia } from './http/media.js'
import { openApi } from './http/openapi.js'
import type { Operation } from './http/operation.js'
import { problemOf, problems } from './http/problems.js'
import { createRateLimit, LIMIT_HEADERS } from './http/rate-limit.js'
import { createRefusals } from './http/refusals.js'
import { requestLog } from './http/request-id.js'
import { mountReturnPage } from './http/return-page.js'
import { securityHeaders } from './http/security-headers.js'
import { type ServeDeps, serve, stranger } from './http/serve.js'
import { versions } from './http/versions.js'
import { recurringOf } from './jobs.js'
import { accountOperations } from './modules/account/account-routes.js'
import { activityOperations } from './modules/activity/activity-routes.js'
import { analyticsOperations } from './modules/analytics/analytics-routes.js'
import { apiKeyOperations } from './modules/api-keys/api-key-routes.js'
import { authOperations, deviceOf } from './modules/auth/auth-routes.js'
import { sessionOperations } from './modules/auth/session-routes.js'
import { businessEventOperations } from './modules/business-events/business-event-routes.js'
import { catalogueOperations } from './modules/catalogue/catalogue-routes.js'
import { companyOperations } from './modules/companies/company-routes.js'
import { fileOperations } from './modules/files/file-routes.js'
import { healthOperations } from './modules/health/health-routes.js'
import { invoiceOperations } from './modules/invoices/invoice-routes.js'
import { jobOperations } from './modules/jobs/job-routes.js'
import { kycReviewOperations } from './modules/kyc/kyc-review-routes.js'
import { kycOperations } from './modules/kyc/kyc-routes.js'
import { importOperations } from './modules/listings/import/import-routes.js'
import { listingOperations } from './modules/listings/listing-routes.js'
import { photoOperations } from './modules/listings/photos/photo-routes.js'
import { notificationOperations } from './modules/notifications/notification-routes.js'
import { operationOperations } from './modules/operations/operation-routes.js'
import { orderOperations } from './modules/orders/order-routes.js'
import { mountPaymentPage } from './modules/payments/payment-page-routes.js'
import { paymentOperations } from './modules/payments/payment-routes.js'
import { searchOperations } from './modules/search/search-routes.js'
import { factorOperations } from './modules/second-factor/factor-routes.js'
import { sellerOperations } from './modules/sellers/seller-routes.js'
import { userOperations } from './modules/users/user-routes.js'
import { webhookOperations } from './modules/webhooks/webhook-routes.js'
import type { Actor } from './platform/actor.js'
import { AppError } from './platform/errors.js'
import { policiesOf } from './platform/rate-limits.js'
import { VERSION } from './platform/version.js'

/** Every operation of the API, in the order the document lists them. */
export function operationsOf(services: Context['services']): Operation[] {
  return [
    ...healthOperations(services.health),
    ...authOperations(services),
    ...sessionOperations(services.sessions),
    ...accountOperations(services.account),
    ...activityOperations(services.activity),
    ...notificationOperations(services),
    ...factorOperations(services.factors),
    ...companyOperations(services.companies),
    ...operationOperations(services.operations),
    ...apiKeyOperations(services.apiKeys),
    ...userOperations(services.users),
    ...sellerOperations(services.sellers),
    ...analyticsOperations(services.analytics),
    ...kycOperations(services),
    ...kycReviewOperations(services),
    ...catalogueOperations(services.catalogue),
    ...searchOperations(services.search),
    ...listingOperations(services.listings, services.analytics.views),
    ...importOperations(services.imports),
    ...photoOperations(services.photos),
    ...fileOperations(services.files),
    ...orderOperations(services.orders),
    ...paymentOperations(services.payments),
    ...invoiceOperations(services.invoices),
    ...webhookOperations(services.webhooks),
    ...businessEventOperations(services.businessEvents),
    ...jobOperations(services.jobs, recurringOf(services)),
  ]
}

/** The Koa application, without listening. Read it from top to bottom: that is a request's way. */
export function createApp({ config, logger, security, storage, services, answerSeal }: Context): Koa {
  const app = new Koa({ proxy: config.TRUSTED_PROXIES > 0, maxIpsCount: config.TRUSTED_PROXIES })
  const operations = operationsOf(services)
  const publicUrl = config.API_URL
  const docsUrl = `${publicUrl}/docs`
  const defaultLocale = config.DEFAULT_LOCALE

  const deps: ServeDeps = {
    authenticate: ctx => authenticate(services, ctx),
    rateLimit: createRateLimit({
      limiter: services.limiter,
      policies: policiesOf(config),
      refusals: createRefusals(security),
    }),
    spendToken: services.operations.spend,
    denied: (actor, op) => security('access_denied', actor, { operation: op.id }),
    defaultLocale,
    idempotent: {
      store: services.idempotency,
      seal: answerSeal,
      problem: (error, ctx) => problemOf(error, ctx, publicUrl, localeOf(ctx, defaultLocale)),
    },
  }
  const [api, callbacks] = [new Router({ prefix: '/api/v1' }), new Router({ prefix: '/api/v1' })]
  serve(api, operations, deps)
  serve(callbacks, webhookOperations(services.webhooks), deps)
  const pages = new Router()
  mountDocs(pages, () => openApi(operations, { title: 'CargoParts API', version: VERSION, publicUrl }))
  mountReturnPage(pages, defaultLocale)
  mountPaymentPage(pages, services.payments, defaultLocale)
  mountMedia(pages, storage)

  app.use(requestLog(logger))
  app.use(problems({ publicUrl, defaultLocale, logger }))
  app.use(
    securityHeaders({
      contentSecurityPolicy: { directives: { ...CSP } },
      strictTransportSecurity: config.isStrict,
    }),
  )
  app.use(
    cors({
      origin: allowList(config.CORS_ORIGINS),
      exposeHeaders: EXPOSED,
      maxAge: 600,
    }),
  )
  // a provider's servers call these in their thousands: ahead of what they never need
  app.use(callbacks.routes())
  app.use(
    versions({
      supported: config.API_VERSIONS_SUPPORTED,
      deprecated: config.API_VERSIONS_DEPRECATED,
      docsUrl,
    }),
  )
  for (const router of [api, pages]) app.use(router.routes()).use(refuseOtherMethods(router))
  // the problems middleware answers; koa's own report on stderr would be a second log
  app.silent = true
  return app
}

/** What a client app in a browser may read of an answer. */
const EXPOSED = [
  'x-request-id',
  'Idempotency-Replayed',
  'Retry-After',
  ...LIMIT_HEADERS,
  'Deprecation',
  'Sunset',
  'Link',
  'WWW-Authenticate',
  'Content-Language',
]

/** The reference page shows pictures from data URLs and styles itself; nothing else is allowed, and nothing from outside. */
const CSP = {
  defaultSrc: ["'self'"],
  baseUri: ["'none'"],
  fontSrc: ["'self'"],
  imgSrc: ["'self'", 'data:'],
  styleSrc: ["'self'", "'unsafe-inline'"],
  upgradeInsecureRequests: null,
}

async function authenticate({ sessions, apiKeys }: Context['services'], ctx: KoaContext): Promise<Actor> {
  const shown = credentialsOf(ctx)
  if (shown.kind === 'none') return stranger(ctx)
  const who = shown.kind === 'key' ? apiKeys : sessions
  return who.authenticate(shown.value, deviceOf(ctx))
}

const allowList = (origins: string[]) => (ctx: KoaContext) =>
  origins.includes(ctx.get('origin')) ? ctx.get('origin') : ''

/** The router sets 405 and Allow; the answer's body is ours to say. */
function refuseOtherMethods(router: Router): Middleware {
  const allowed = router.allowedMethods()
  return async (ctx, next) => {
    await allowed(ctx as RouterContext, next)
    if (ctx.status !== 405 && ctx.status !== 501) return
    if (ctx.response.get('Allow') === '') {
      ctx.status = 404
      return
    }
    throw new AppError(
      'not_found',
      'request.method_not_allowed',
      'This method is not available at this path.',
    )
  }
}
