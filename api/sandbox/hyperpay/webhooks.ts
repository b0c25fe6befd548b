import { createCipheriv, randomBytes } from 'node:crypto'
import type { Deliveries, Message } from '../deliveries.js'
import { type Operation, viewOf } from './types.js'

export type HyperpayWebhooks = ReturnType<typeof createHyperpayWebhooks>
type Deps = {
  deliveries: Deliveries
  /** 64 hexadecimal digits, as the back office shows them. */
  key: string
  /** Set in the back office, not with each payment. */
  url: string
  /** `{"encryptedBody": "…"}` instead of the bare digits. */
  isWrapped: boolean
}

/** The body of a webhook as the platform sends it: AES-256-GCM, everything in hexadecimal digits. */
export function sealed(text: string, key: string): { body: string; iv: string; tag: string } {
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(key, 'hex'), iv)
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  const hex = (bytes: Buffer) => bytes.toString('hex').toUpperCase()
  return { body: hex(body), iv: hex(iv), tag: hex(cipher.getAuthTag()) }
}

export function createHyperpayWebhooks({ deliveries, key, url, isWrapped }: Deps) {
  function message(operation: Operation): Message {
    const event = { type: 'PAYMENT', payload: viewOf(operation) }
    const { body, iv, tag } = sealed(JSON.stringify(event), key)
    return {
      objectId: operation.id,
      object: operation.paymentType === 'RF' ? 'refund' : 'payment',
      objectStatus: `${operation.paymentType} ${operation.result.code}`,
      url,
      body: isWrapped ? JSON.stringify({ encryptedBody: body }) : body,
      headers: {
        'content-type': isWrapped ? 'application/json' : 'text/plain',
        'x-initialization-vector': iv,
        'x-authentication-tag': tag,
      },
    }
  }

  return {
    announce: (operation: Operation): void => deliveries.announce(message(operation)),
    resend: (operation: Operation): void => deliveries.resend(operation.id, () => message(operation)),
  }
}
