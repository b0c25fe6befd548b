import type { TopicHandlers } from '../../platform/topics.js'
import type { BusinessEventService } from './business-event-service.js'

export const businessEventHandlers = ({ businessEvents }: { businessEvents: BusinessEventService }) =>
  ({
    business_event: (happening, _signal, id) => businessEvents.handle(happening, id),
  }) satisfies Partial<TopicHandlers>
