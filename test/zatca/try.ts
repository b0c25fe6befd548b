import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync, existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { findingsIn } from '../../api/modules/invoices/zatca/validate.js'
import { RULES } from '../../api/modules/invoices/zatca/rules/index.js'
import { officialRules } from './official-rules.js'
import { BREAKS } from './breaks.js'
import { xmlOf } from './documents.js'
import { SHAPES } from './shapes.js'
const sdk = process.argv[2] as string
const cacheFile = '/tmp/verdicts.json'
const cache: Record<string, string[]> = existsSync(cacheFile) ? JSON.parse(readFileSync(cacheFile, 'utf8')) : {}
let rules: ((xml: string) => string[]) | undefined
const official = (xml: string) => {
  const key = createHash('sha256').update(xml).digest('hex')
  if (!cache[key]) { rules ??= officialRules(sdk); cache[key] = rules(xml) }
  return cache[key]
}
const now = new Date()
const ours = (xml: string) => [...new Set(findingsIn(xml, now).filter(f => f.severity !== 'note').map(f => f.id))].sort()
const cmp = (name: string, xml: string, want?: string) => {
  const o = official(xml); let m = ours(xml)
  if (o[0] === 'GAVE-UP') { if (!m.includes('UNREADABLE-VALUE')) console.log('DIFF', name, 'official gave up; ours', m.join()); else if (want) console.log('gaveup', name, m.join()); return }
  if (o.join() !== m.join()) console.log('DIFF', name, '\n   official', o.join(), '\n   ours    ', m.join())
  if (want && !o.includes(want)) console.log('NOT BROKEN', name, o.join())
}
const samples = path.join(sdk, 'Data/Samples')
for (const f of readdirSync(samples, { recursive: true }) as string[]) if (f.endsWith('.xml')) cmp(f, readFileSync(path.join(samples, f), 'utf8'))
for (const [n, d] of Object.entries(SHAPES)) cmp(n, xmlOf(d))
let n = 0
for (const b of BREAKS) { 
  try { const shape = SHAPES[b.shape]; if (!shape) throw new Error('shape'); const xml = b.edits.reduce((x, e) => e(x), xmlOf(shape)); n++; cmp(`${b.rule} (${b.shape})`, xml, b.rule) } catch (e) { console.log('BAD', b.rule, (e as Error).message) }
}
writeFileSync(cacheFile, JSON.stringify(cache))
const ids = new Set(RULES.map(r => r.id)); console.log(n, 'breaks', ids.size, 'rules', RULES.length)
const broken = new Set(BREAKS.map(b => b.rule)); console.log('without break:', [...ids].filter(i => !broken.has(i)).join())
