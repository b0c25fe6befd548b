import { isToken } from './sources.js'
import type { Post, TapObject } from './types.js'

const IDEMPOTENCY_MS = 24 * 60 * 60 * 1000

type Kind = TapObject['object']
type OfKind<K extends Kind> = Extract<TapObject, { object: K }>
type FirstAnswer = { at: number; answer: TapObject }

export type StoreState = { objects: TapObject[]; firstAnswers: [key: string, first: FirstAnswer][] }
export type Store = ReturnType<typeof createStore>

/**
 * Everything the provider knows. Objects are replaced, never changed in place, so that a first answer or a
 * webhook body taken earlier stays what it was. The oldest objects leave when there are more than `limit`.
 */
export function createStore(limit: number, changed: () => void) {
  const objects = new Map<string, TapObject>()
  const firstAnswers = new Map<string, FirstAnswer>()
  const usedTokens = new Map<string, string>()

  function index(object: TapObject): void {
    objects.set(object.id, object)
    if (object.object !== 'refund' && isToken(object.source.id)) usedTokens.set(object.source.id, object.id)
  }

  function forgetOldest(): void {
    for (const [id, object] of objects) {
      if (objects.size <= limit) return
      objects.delete(id)
      if (object.object !== 'refund') usedTokens.delete(object.source.id)
      const key = keyOf(object)
      if (key && firstAnswers.get(key)?.answer.id === id) firstAnswers.delete(key)
    }
  }

  return {
    add(object: TapObject, at: number): void {
      index(object)
      const key = keyOf(object)
      if (key) firstAnswers.set(key, { at, answer: object })
      forgetOldest()
      changed()
    },

    /** Keeps the object's place in the order. */
    replace<T extends TapObject>(object: T): T {
      if (!objects.has(object.id)) return object
      objects.set(object.id, object)
      changed()
      return object
    },

    get<K extends Kind>(kind: K, id: string): OfKind<K> | undefined {
      const object = objects.get(id)
      return object && isKind(object, kind) ? object : undefined
    },

    newest<K extends Kind>(kind: K): OfKind<K>[] {
      return [...objects.values()].filter(object => isKind(object, kind)).reverse()
    },

    firstAnswer<K extends Kind>(kind: K, key: string | undefined, now: number): OfKind<K> | undefined {
      const first = key === undefined ? undefined : firstAnswers.get(`${kind}:${key}`)
      if (!first || now - first.at >= IDEMPOTENCY_MS) return undefined
      return isKind(first.answer, kind) ? first.answer : undefined
    },

    /** Notes how a webhook fared. */
    posted(id: string, result: Pick<Post, 'attempt' | 'status'>): void {
      const object = objects.get(id)
      if (!object?.post) return
      objects.set(id, { ...object, post: { ...object.post, ...result } })
      changed()
    },

    /** Objects whose webhook was still to be sent when the process ended. */
    undelivered: (): TapObject[] => [...objects.values()].filter(({ post }) => post?.status === 'PENDING'),

    isTokenUsed: (token: string): boolean => usedTokens.has(token),

    state: (): StoreState => ({ objects: [...objects.values()], firstAnswers: [...firstAnswers] }),

    load(state: StoreState): void {
      for (const object of state.objects) index(object)
      for (const [key, first] of state.firstAnswers) firstAnswers.set(key, first)
      forgetOldest()
    },

    clear(): void {
      for (const map of [objects, firstAnswers, usedTokens]) map.clear()
      changed()
    },
  }
}

function isKind<K extends Kind>(object: TapObject, kind: K): object is OfKind<K> {
  return object.object === kind
}

function keyOf({ object, reference }: TapObject): string | undefined {
  return reference.idempotent === undefined ? undefined : `${object}:${reference.idempotent}`
}
