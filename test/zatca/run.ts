import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { createSealCheck } from '../../api/modules/invoices/zatca/checks/seal-check.js'
import { brokenDocuments } from './broken-documents.js'
import { cartDocuments } from './carts.js'
import { xmlOf } from './documents.js'
import { officialRules } from './official-rules.js'
import { officialSchema } from './official-schema.js'
import { parsedHash } from './parsed-hash.js'
import { editedAtRandom, seeded } from './random-edits.js'
import { SHAPES } from './shapes.js'
import { AGE, hashOf, isSameVerdict, ourIds, VERDICTS_FILE } from './verdicts.js'

/*
 * npm run test:zatca -- <folder of ZATCA's SDK> [--record] [--carts N] [--edits N]
 *
 * Holds our documents against ZATCA's own schema and rule files, our validator against their verdicts, and our check of
 * seals against the samples ZATCA signed. The SDK is
 * ZATCA's and is not part of CargoParts; it is found on their site. --record writes verdicts.tsv anew.
 */

const [sdk, ...flags] = process.argv.slice(2)
if (!sdk) {
  console.error('npm run test:zatca -- <folder of the SDK> [--record] [--carts N] [--edits N]')
  process.exit(2)
}
const numberOf = (flag: string, otherwise: number): number =>
  flags.includes(flag) ? Number(flags[flags.indexOf(flag) + 1]) : otherwise
const edits = numberOf('--edits', 0)
const now = new Date()
const schema = officialSchema(sdk)
console.log('compiling the rule files (about half a minute) …')
const rules = officialRules(sdk)
const record = new Map<string, string[]>()
let failures = 0

function fail(name: string, what: string): void {
  failures += 1
  console.error(`✗ ${name}: ${what}`)
}

function compare(name: string, xml: string): string[] {
  const official = rules(xml)
  const ours = ourIds(xml, now)
  if (!isSameVerdict(official, ours))
    fail(name, `\n    ZATCA: ${official.join(' ') || 'nothing'}\n    we:    ${ours.join(' ') || 'nothing'}`)
  return official
}

function expectClean(name: string, xml: string): string[] {
  for (const message of schema(xml)) fail(name, message)
  const official = compare(name, xml)
  const against = official.filter(id => id !== AGE)
  if (against.length > 0) fail(name, `breaks ${against.join(' ')}`)
  return official
}

function section(title: string, count: number): void {
  console.log(`${title}: ${count}, ${failures} failures so far`)
}

const samples = path.join(sdk, 'Data', 'Samples')
const sampleFiles = (readdirSync(samples, { recursive: true }) as string[]).filter(file =>
  file.endsWith('.xml'),
)
const seal = createSealCheck()
for (const file of sampleFiles) {
  const xml = readFileSync(path.join(samples, file), 'utf8')
  const { findings, hash } = seal(xml)
  for (const { id, place, found, expected } of findings)
    fail(file, `${id} at ${place}: found ${found}, expected ${expected}`)
  if (hash !== parsedHash(xml)) fail(file, 'its canonical form is not the one of libxml2')
  expectClean(file, xml)
}
section('official samples', sampleFiles.length)

for (const [name, document] of Object.entries(SHAPES)) {
  const xml = xmlOf(document)
  record.set(hashOf(xml), expectClean(name, xml))
}
section('shapes', Object.keys(SHAPES).length)

const broken = brokenDocuments()
for (const { name, xml } of broken) record.set(hashOf(xml), compare(name, xml))
section('broken documents', broken.length)

const carts = fc.sample(cartDocuments, { numRuns: numberOf('--carts', 1_000), seed: 20_261_127 })
for (const [index, document] of carts.entries()) expectClean(`cart ${index}`, xmlOf(document))
section('random carts', carts.length)

const random = seeded(edits)
const shapes = Object.entries(SHAPES).filter(([, document]) => document.lines.length < 20)
for (let index = 0; index < edits; index++) {
  const [name, document] = shapes[random(shapes.length)] as (typeof shapes)[number]
  const edited = editedAtRandom(xmlOf(document), random)
  compare(`${name}, ${edited.edits.join('; ')}`, edited.xml)
}
if (edits > 0) section('edited at random', edits)

if (flags.includes('--record')) {
  const lines = [...record].map(([hash, ids]) => `${hash}\t${ids.join(' ')}`).sort()
  writeFileSync(VERDICTS_FILE, `${['document\tids', ...lines].join('\n')}\n`)
  console.log(`recorded ${lines.length} verdicts`)
}
process.exitCode = failures === 0 ? 0 : 1
