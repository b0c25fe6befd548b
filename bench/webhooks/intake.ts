import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import path from 'node:path'
import { finished } from 'node:stream/promises'
import { root, run } from '../child.js'
import type { Closing } from '../closing.js'
import { median, pairedRatio, total } from '../figures.js'
import { CONNECTIONS, type Load, readReport } from '../wrk.js'
import { chargeOf, signatureOf } from './charges.js'

export type IntakeFigures = {
  perSecond: number
  insertPerSecond: number
  ratio: number
  p99Ms: number
  failed: number
}

/** More than a round takes in: the same delivery twice would be other work. */
const A_SECOND = 12_000

/**
 * Deliveries taken in, each stored with its work before the answer, beside Koa with one prepared insert: the two
 * in turn, so that a ratio of one round is of one moment of the machine.
 */
export async function measureIntake(
  closing: Closing,
  folder: string,
  { apiUrl, insertUrl, secretKey }: { apiUrl: string; insertUrl: string; secretKey: string },
  { rounds, seconds }: { rounds: number; seconds: number },
): Promise<IntakeFigures> {
  const own: Load[] = []
  const limit: Load[] = []
  const onlyPath = path.join(folder, 'insert.paths')
  await lines(onlyPath, ['/'])
  for (let round = 0; round <= rounds; round++) {
    const file = path.join(folder, 'intake.deliveries')
    await lines(file, deliveries(A_SECOND * seconds, secretKey))
    const intake = await wrk(closing, 'bench/deliveries.lua', apiUrl, ['/api/v1/webhooks/tap', file], seconds)
    const insert = await wrk(closing, 'bench/load.lua', insertUrl, ['POST', onlyPath], seconds)
    if (round === 0) continue // warm-up
    own.push(intake)
    limit.push(insert)
  }
  const speeds = (loads: Load[]) => loads.map(load => load.perSecond)
  return {
    perSecond: median(speeds(own)),
    insertPerSecond: median(speeds(limit)),
    ratio: pairedRatio(speeds(own), speeds(limit)),
    p99Ms: median(own.map(load => load.p99Ms)),
    failed: total([...own, ...limit].map(load => load.failed + load.broken)),
  }
}

function* deliveries(count: number, secretKey: string): Generator<string> {
  for (let number = 0; number < count; number++) {
    const charge = chargeOf(`chg_${randomBytes(16).toString('hex')}`)
    yield `${signatureOf(charge, secretKey)} ${JSON.stringify(charge)}`
  }
}

async function lines(file: string, all: Iterable<string>): Promise<void> {
  const stream = createWriteStream(file)
  for (const line of all) if (!stream.write(`${line}\n`)) await once(stream, 'drain')
  stream.end()
  await finished(stream)
}

async function wrk(
  closing: Closing,
  script: string,
  url: string,
  args: string[],
  seconds: number,
): Promise<Load> {
  const { code, stdout, stderr } = await run(closing, 'wrk', [
    ...['-t', '1', '-c', String(CONNECTIONS), '-d', `${seconds}s`, '--timeout', '10s', '--latency'],
    ...['-s', path.join(root, script), url, '--', ...args],
  ])
  if (code !== 0) throw new Error(`wrk ended with ${code}: ${stderr || stdout}`)
  return readReport(stdout)
}
