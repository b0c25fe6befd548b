import { type Channel, headline, history } from './channel.js'
import { postJson } from './post-json.js'

/** A line in a chat room, by an incoming webhook: `{"text": …}` is what Slack, Mattermost, Google Chat and Teams take. */
export function createChatChannel(url: string): Channel {
  return {
    name: 'chat',
    tell: (alert, signal) =>
      postJson(url, { text: `CargoParts ${headline(alert)}\n${history(alert)}` }, signal),
  }
}
