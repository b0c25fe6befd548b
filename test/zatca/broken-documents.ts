import { BREAKS, type Break } from './breaks.js'
import { xmlOf } from './documents.js'
import { SHAPES } from './shapes.js'

export type BrokenDocument = Break & { name: string; xml: string }

/** Every document of breaks.ts, made. */
export function brokenDocuments(): BrokenDocument[] {
  return BREAKS.map((each, index) => {
    const shape = SHAPES[each.shape]
    if (!shape) throw new Error(`no shape ${each.shape}`)
    const xml = each.edits.reduce((text, edit) => edit(text), xmlOf(shape))
    return { ...each, name: `${each.rule} (${index + 1}: ${each.shape})`, xml }
  })
}
