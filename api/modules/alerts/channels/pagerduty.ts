import { type Channel, headline } from './channel.js'
import { postJson } from './post-json.js'

/** PagerDuty's Events API v2: what goes on under one key is one incident, which ends when the trouble does. */
export function createPagerdutyChannel(baseUrl: string, routingKey: string): Channel {
  return {
    name: 'pagerduty',
    tell: (alert, signal) =>
      postJson(
        `${baseUrl}/v2/enqueue`,
        {
          routing_key: routingKey,
          event_action: alert.endedAt ? 'resolve' : 'trigger',
          dedup_key: alert.id,
          payload: {
            summary: headline(alert).slice(0, 1024),
            source: 'cargoparts',
            severity: alert.severity,
            timestamp: alert.lastAt.toISOString(),
            class: alert.kind,
            custom_details: { ...alert.details, times: alert.times },
          },
        },
        signal,
      ),
  }
}
