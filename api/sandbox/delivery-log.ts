/** One attempt to deliver one webhook. `status` is the answer; without an answer there is an `error`. */
export type Delivery = {
  id: string
  objectId: string
  object: string
  objectStatus: string
  url: string
  body: string
  headers: Record<string, string>
  attempt: number
  sentAt: string
  status?: number
  error?: string
}

const KEPT = 1000

export function createDeliveryLog() {
  let deliveries: Delivery[] = []
  let count = 0
  return {
    nextId: (): string => `delivery_${++count}`,
    all: (): readonly Delivery[] => deliveries,
    add(delivery: Delivery): void {
      deliveries = [...deliveries.slice(-(KEPT - 1)), delivery]
    },
    clear(): void {
      deliveries = []
    },
  }
}
