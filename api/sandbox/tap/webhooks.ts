import { randomBytes } from 'node:crypto'
import type { Deliveries, Message } from '../deliveries.js'
import { hashstring } from './signature.js'
import type { Post, TapObject } from './types.js'

export type Webhooks = ReturnType<typeof createWebhooks>
type Deps = {
  secretKey: string
  deliveries: Deliveries
  onResult: (objectId: string, post: Pick<Post, 'attempt' | 'status'>) => void
}

// Tap reports results, not beginnings; a customer who never decides is found by polling.
const SILENT = new Set(['INITIATED', 'IN_PROGRESS', 'ABANDONED', 'PENDING'])

/** Tap's webhooks: the object itself, signed. */
export function createWebhooks({ secretKey, deliveries, onResult }: Deps) {
  function message(object: TapObject, url: string): Message {
    return {
      objectId: object.id,
      object: object.object,
      objectStatus: object.status,
      url,
      body: JSON.stringify(object),
      headers: {
        'content-type': 'application/json',
        'user-agent': 'TapSandbox/2',
        hashstring: hashstring(object, secretKey),
        // Undocumented in meaning, so it means nothing here: nobody can come to rely on it.
        hash: randomBytes(32).toString('hex'),
      },
      onResult: result => onResult(object.id, result),
    }
  }

  return {
    announce(object: TapObject): void {
      if (object.post && !SILENT.has(object.status)) deliveries.announce(message(object, object.post.url))
    },

    /** The last delivery of an object again, byte for byte; without one, a webhook of the object as it is. */
    resend(object: TapObject): void {
      deliveries.resend(object.id, () => object.post && message(object, object.post.url))
    },
  }
}
