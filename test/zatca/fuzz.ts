import { writeFileSync } from 'node:fs'
import { findingsIn } from '../../api/modules/invoices/zatca/validate.js'
import { officialRules } from './official-rules.js'
import { xmlOf } from './documents.js'
import { SHAPES } from './shapes.js'
const rules = officialRules(process.argv[2] as string)
const count = Number(process.argv[3])
let seed = Number(process.argv[4] ?? 1)
const rnd = (n: number) => { seed = (seed * 1103515245 + 12345) % 2147483648; return Math.floor((seed / 2147483648) * n) }
const names = Object.keys(SHAPES).filter(n => n !== 'tax summary')
const now = new Date()
let diffs = 0, gave = 0
for (let i = 0; i < count; i++) {
  const name = names[rnd(names.length)] as string
  let xml = xmlOf(SHAPES[name] as never)
  const what: string[] = []
  for (let k = 0; k <= rnd(2); k++) {
    const els = [...xml.matchAll(/<(c[ab]c:\w+)(\s[^>]*)?>(?:[^<]*)<\/\1>/g)]
    const aggs = [...xml.matchAll(/<(cac:\w+)(\s[^>]*)?>.*?<\/\1>/gs)]
    const pool = rnd(4) === 0 ? aggs : els
    const m = pool[rnd(pool.length)]; if (!m) continue
    const texts = ['', ' ', 'x', '0', '-1', '1.001', '99999', '2', 'true', 'S', 'Z', 'O', 'E', 'SAR', '381', '15', '5', '  S ', '1e2']
    const act = rnd(5)
    const t = texts[rnd(texts.length)] as string
    const rep = act === 0 ? '' : act === 1 ? m[0] + m[0] : act === 2 && m[2] ? m[0].replace(m[2], '') : m[1]!.startsWith('cbc') ? `<${m[1]}${m[2] ?? ''}>${t}</${m[1]}>` : ''
    what.push(`${m[0].slice(0, 60)} -> ${rep.slice(0, 60)}`)
    xml = xml.slice(0, m.index) + rep + xml.slice(m.index + m[0].length)
  }
  const o = rules(xml)
  let m: string[]
  try { m = [...new Set(findingsIn(xml, now).filter(f => f.severity !== 'note').map(f => f.id))].sort() } catch (e) { m = [(e as Error).message] }
  if (o[0] === 'GAVE-UP') { gave++; if (!m.includes('UNREADABLE-VALUE')) { diffs++; console.log('DIFF gave up', name, what, m.join()); } continue }
  if (o.join() !== m.join()) { diffs++; console.log('DIFF', name, what, '\n  only official', o.filter(x => !m.includes(x)).join(), '\n  only ours', m.filter(x => !o.includes(x)).join()) }
}
console.log(count, 'fuzzed', diffs, 'differ', gave, 'gave up')
