import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import path from 'node:path'
import { root } from './child.js'
import type { Plan } from './options.js'
import type { SizeFigures } from './size.js'

export type Result = {
  at: string
  node: string
  cpu: string
  cores: number
  commit: string
  plan: Plan
  sizes: SizeFigures[]
}

const FOLDER = path.join(root, 'bench/results')

export function resultOf(plan: Plan, sizes: SizeFigures[]): Result {
  return {
    at: new Date().toISOString(),
    node: process.version,
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    commit: commit(),
    plan,
    sizes,
  }
}

/** The newest run before this one that measured the same sizes as long. */
export function earlierRun(plan: Plan, folder = FOLDER): Result | undefined {
  const isAlike = ({ plan: other }: Result) =>
    other.isQuick === plan.isQuick && other.sizes.join() === plan.sizes.join()
  return namesIn(folder)
    .map(name => JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as Result)
    .filter(isAlike)
    .at(-1)
}

/** Named by its time, so that the names' order is the runs' order. */
export function keep(result: Result, folder = FOLDER): string {
  mkdirSync(folder, { recursive: true })
  const file = path.join(folder, `${result.at.replaceAll(':', '-')}.json`)
  writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`)
  return file
}

function namesIn(folder: string): string[] {
  mkdirSync(folder, { recursive: true })
  return readdirSync(folder)
    .filter(name => name.endsWith('.json'))
    .sort()
}

/** With a plus where the working tree is not what was committed. */
function commit(): string {
  try {
    const git = (...args: string[]) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim()
    return git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain') === '' ? '' : '+')
  } catch {
    return 'unknown'
  }
}

/** The change of a target's ratio since an earlier run, as a share; undefined where there is nothing to compare. */
export function changeSince(
  earlier: Result | undefined,
  size: number,
  target: string,
  ratio: number,
): number | undefined {
  const then = earlier?.sizes
    .find(figures => figures.size === size)
    ?.targets.find(figures => figures.name === target)?.toRow
  if (then === undefined || !(then > 0) || !Number.isFinite(ratio)) return undefined
  return ratio / then - 1
}
