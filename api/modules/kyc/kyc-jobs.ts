import type { TopicHandlers } from '../../platform/topics.js'
import type { KycServices } from './index.js'

export const kycHandlers = ({ kycChecks }: Pick<KycServices, 'kycChecks'>) =>
  ({
    kyc_checks_due: ({ sellerId }) => kycChecks.runDue(sellerId),
  }) satisfies Partial<TopicHandlers>
