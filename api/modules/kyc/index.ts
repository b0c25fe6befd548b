import type { Clock } from '../../platform/clock.js'
import type { Config } from '../../platform/config/index.js'
import type { Db } from '../../platform/database.js'
import type { Logger } from '../../platform/logger.js'
import type { Outbox } from '../../platform/outbox.js'
import type { Cursors } from '../../platform/page.js'
import type { Sealer } from '../../platform/sealer.js'
import type { AuditService } from '../audit/audit-service.js'
import type { AuthService } from '../auth/auth-service.js'
import type { FileService } from '../files/file-service.js'
import type { MessageService } from '../messages/message-service.js'
import type { NotificationService } from '../notifications/notification-service.js'
import type { SellerService } from '../sellers/seller-service.js'
import { createBankAccounts } from './bank-accounts.js'
import { createKycCalendar } from './kyc-calendar.js'
import { createKycChecks } from './kyc-checks.js'
import { createKycPapers } from './kyc-papers.js'
import { createKycQueue } from './kyc-queue.js'
import { createKycReview } from './kyc-review.js'
import { createKycService } from './kyc-service.js'
import { createKycStore } from './kyc-store.js'
import { createKycSuspension } from './kyc-suspension.js'
import { createAccountCheck } from './registries/account-check.js'
import { offline } from './registries/offline.js'
import type { Registries } from './registries/registry.js'
import { createWathq } from './registries/wathq.js'

type Deps = {
  db: Db
  clock: Clock
  logger: Logger
  outbox: Outbox
  audit: AuditService
  auth: AuthService
  messages: MessageService
  notifications: NotificationService
  files: FileService
  sellers: SellerService
  cursors: Cursors
  registries: Registries
  seals: Sealer
  subjectKey: () => string
}
export type KycServices = ReturnType<typeof createKycServices>

/** Who sells here: one file a seller, and those who write in it. */
export function createKycServices(deps: Deps) {
  const store = createKycStore(deps)
  const kycPapers = createKycPapers({ ...deps, store })
  const kycChecks = createKycChecks({ ...deps, store })
  const bankAccounts = createBankAccounts({ ...deps, store, checks: kycChecks })
  return {
    kyc: createKycService({ ...deps, store, papers: kycPapers }),
    kycPapers,
    kycChecks,
    bankAccounts,
    kycReview: createKycReview({
      ...deps,
      store,
      papers: kycPapers,
      checks: kycChecks,
      accounts: bankAccounts,
    }),
    kycCalendar: createKycCalendar({ ...deps, store, checks: kycChecks }),
    kycSuspension: createKycSuspension({ ...deps, store }),
    kycQueue: createKycQueue(deps),
  }
}

type Settings = Pick<
  Config,
  'WATHQ_API_URL' | 'WATHQ_API_KEY' | 'ACCOUNT_CHECK_API_URL' | 'ACCOUNT_CHECK_API_KEY'
>

/** Those that can be asked are; for the rest an officer looks for himself. */
export function registriesOf(config: Settings, clock: Clock): Registries {
  const { WATHQ_API_KEY: wathq, ACCOUNT_CHECK_API_URL: url, ACCOUNT_CHECK_API_KEY: key } = config
  return {
    ...offline,
    ...(wathq
      ? { commercialRegistration: createWathq({ baseUrl: config.WATHQ_API_URL, apiKey: wathq, clock }) }
      : {}),
    ...(url && key ? { bankAccount: createAccountCheck({ baseUrl: url, apiKey: key, clock }) } : {}),
  }
}
