export { type BuildEvent, createIndexes, type IndexReport } from './indexes/build.js'
export { INDEXES } from './indexes/list.js'
export type { IndexSpec } from './indexes/spec.js'
