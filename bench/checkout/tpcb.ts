import { run } from '../child.js'
import type { Closing } from '../closing.js'
import { createDatabase, type Services } from '../services.js'

const SCALE = 10

/** pgbench's own transaction (TPC-B: three updates, a read, an insert) on the same server; undefined where there is no pgbench. */
export async function prepareTpcb(
  closing: Closing,
  services: Services,
  clients: number,
): Promise<((seconds: number) => Promise<number>) | undefined> {
  const isThere = await run(closing, 'pgbench', ['--version']).then(
    ({ code }) => code === 0,
    () => false,
  )
  if (!isThere) return undefined
  const { superuserUrl } = await createDatabase(closing, services, 'bench_tpcb')
  await ask(['-i', '-q', '-s', String(SCALE), superuserUrl])
  return async seconds => {
    const said = await ask(['-n', '-c', String(clients), '-j', '1', '-T', String(seconds), superuserUrl])
    return Number(/tps = ([\d.]+)/.exec(said)?.[1])
  }

  async function ask(args: string[]): Promise<string> {
    const { code, stdout, stderr } = await run(closing, 'pgbench', args)
    if (code !== 0) throw new Error(`pgbench ended with ${code}: ${stderr.slice(-500)}`)
    return stdout
  }
}
