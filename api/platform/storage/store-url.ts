import { fileURLToPath } from 'node:url'
import { createLocalStore } from './local-store.js'
import { createS3Store } from './s3-store.js'
import type { Store } from './store.js'

/**
 * `file:///var/lib/cargoparts/files`, or
 * `s3+https://KEY_ID:SECRET@s3.me-south-1.amazonaws.com/BUCKET?region=me-south-1` (`s3+http` for a server of one's own).
 */
export function storeAt(address: string): Store {
  const url = new URL(address)
  if (url.protocol === 'file:') return createLocalStore(fileURLToPath(url))
  return createS3Store({
    url: `${url.protocol.replace('s3+', '')}//${url.host}${url.pathname.replace(/\/+$/, '')}`,
    region: url.searchParams.get('region') ?? 'us-east-1',
    accessKeyId: decodeURIComponent(url.username),
    secretAccessKey: decodeURIComponent(url.password),
  })
}
