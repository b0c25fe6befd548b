import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import {
  identify,
  isAlive,
  type ProcessIdentity,
  signalProcess,
  waitFor,
} from '../../api/embedded/process.js'
import { findArtefact } from '../../cli/deploy/artefact.js'
import { carryOut, type Done } from '../../cli/deploy/carry-out.js'
import { beginDeploy } from '../../cli/deploy/deploy.js'
import { beginRollback } from '../../cli/deploy/rollback.js'
import { setUp } from '../../cli/deploy/set-up.js'
import { readStatus } from '../../cli/deploy/status.js'
import { stepsOfDeploy, stepsOfRollback } from '../../cli/deploy/steps.js'
import { environmentOf, type Paths, pathsOf, readSettings } from '../../cli/deploy/supervisor/folder.js'
import { processesTarget } from '../../cli/deploy/targets/processes.js'
import type { Target } from '../../cli/deploy/targets/target.js'
import { dependenciesOf } from '../../cli/deploy/unpack.js'
import { tinyArtefact } from './tiny-release.js'
import type { Traits } from './traits.js'

type Options = { skip?: string[]; reason?: string; signal?: AbortSignal }
type Who = { commit: string; pid: number; peer: string }
export type DeployFolder = {
  paths: Paths
  /** Where artefacts are made. */
  made: string
  port(): number
  artefact(traits: Traits): Promise<string>
  /** Packs a tiny release and deploys it, in this process. */
  deploy(traits: Traits, options?: Options): Promise<Done>
  /** The same of an artefact that is there. */
  deployFile(file: string, options?: Options): Promise<Done>
  rollback(wanted?: string, options?: Options): Promise<Done>
  /** Which release answers on the port: on a fresh connection. */
  who(ms?: number): Promise<Who>
  supervisor(): ProcessIdentity
}

/** No service of the test run reaches the processes of a release. */
const BARE = { PATH: process.env.PATH, HOME: process.env.HOME }

/** A deploy folder of its own, its supervisor stopped at the end. */
export function useDeployFolder({
  settings = {} as Parameters<typeof setUp>[1],
  targetOf = (paths: Paths): Target => processesTarget(paths, BARE),
} = {}): DeployFolder {
  const t = {} as DeployFolder
  let scratch: string
  let port = 0

  before(() => {
    scratch = realpathSync(mkdtempSync(path.join(tmpdir(), 'cp-')))
    const { root } = setUp(path.join(scratch, 'd'), {
      ...{ port: 0, host: '127.0.0.1', api: 2, workers: 1, drainSeconds: 2, readySeconds: 4 },
      ...settings,
    })
    const paths = pathsOf(root)
    const made = path.join(scratch, 'made')
    mkdirSync(made)
    const begin = ({ skip = [], reason, signal }: Options = {}) => ({
      ...{ paths, settings: readSettings(paths), by: 'a test', reason: reason ?? null },
      skipped: new Set(skip),
      signal: signal ?? new AbortController().signal,
    })
    const run = { write: () => undefined, isQuiet: true }
    const deployFile = async (file: string, options?: Options) => {
      const artefact = await findArtefact(paths, file)
      const deploy = beginDeploy({
        ...{ ...begin(options), kind: 'deploy' as const, artefact, source: null },
        target: targetOf(paths),
        env: environmentOf(paths, BARE),
      })
      const done = await carryOut(deploy, stepsOfDeploy(true), run)
      port = (await readStatus(paths)).supervisor?.port ?? readSettings(paths).port
      return done
    }
    const artefact = async (traits: Traits) => {
      const file = await tinyArtefact(made, traits)
      // a lockfile that names nothing needs no npm
      const store = path.join(paths.dependencies, dependenciesOf(path.join(made, `source-${traits.commit}`)))
      mkdirSync(path.join(store, 'node_modules'), { recursive: true })
      return file
    }
    Object.assign(t, {
      paths,
      made,
      artefact,
      deployFile,
      port: () => port,
      deploy: async (traits, options) => deployFile(await artefact(traits), options),
      rollback: async (wanted, options) =>
        carryOut(await beginRollback({ ...begin(options), wanted, env: BARE }), stepsOfRollback(), run),
      who: (ms = 0) => askWho(t.port(), ms),
      supervisor: () => {
        const who = identify(Number(readFileSync(path.join(paths.run, 'supervisor.pid'), 'utf8')))
        if (!who) throw new Error('no supervisor runs')
        return who
      },
    } satisfies DeployFolder)
  })

  after(async () => {
    try {
      await stop(t.supervisor())
    } catch {
      // none was started, or it ended
    }
    rmSync(scratch, { recursive: true, force: true })
  })
  return t
}

export async function stop(who: ProcessIdentity, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  signalProcess(who.pid, signal)
  await waitFor(() => !isAlive(who), 10_000)
}

function askWho(port: number, ms: number): Promise<Who> {
  return new Promise((resolve, reject) => {
    const sent = request({ port, host: '127.0.0.1', path: `/who?ms=${ms}`, agent: false }, answer => {
      let body = ''
      answer.on('data', chunk => {
        body += String(chunk)
      })
      answer.on('error', reject)
      answer.on('end', () => resolve(JSON.parse(body)))
    })
    sent.on('error', reject)
    sent.end()
  })
}

/** A commit id of its own for each letter. */
export const commit = (letter: string): string => letter.repeat(40)
/** How the release of that commit is called. */
export const release = (letter: string): string => `1.0.0-${letter.repeat(12)}`
