import { type ChildProcess, fork } from 'node:child_process'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import type { Socket } from 'node:net'
import path from 'node:path'

export type Role = 'api' | 'worker'
export type MemberOptions = {
  role: Role
  /** The release's folder. */
  folder: string
  /** Path of the unix socket where this process alone answers. */
  door: string
  log: string
  env: NodeJS.ProcessEnv
  /** Started no sooner than this: several that start at once would take the machine from those that serve. */
  turn?: Promise<unknown> | undefined
}
export type MemberReport = {
  role: Role
  pid: number | null
  state: 'starting' | 'up' | 'draining' | 'ended'
  door: string
  log: string
  restarts: number
  /** How it ended last, where it did so by itself. */
  lastEnd: string | null
}
export type Member = ReturnType<typeof startMember>

/** A process that dies again at once is tried again ever more rarely. */
const BACK_OFF_MS = [0, 1_000, 2_000, 5_000, 10_000, 30_000]
const LONG_ENOUGH_MS = 60_000
const LAST_WORDS_MS = 50
/** Garbage of requests collected early: a third less memory under load. */
const NODE_FLAGS = ['--max-semi-space-size=4']

/**
 * On their way to the process, by number. Ours until it says that it took them: it may die before, and what it did not
 * take, it did not read a byte of.
 */
type Given = Map<number, { socket: Socket; refused(socket: Socket): void }>

const isTaken = (message: unknown): message is { took: number } =>
  typeof message === 'object' && message !== null && 'took' in message

/** One process of a release: started, talked to, and, once it is meant to stay, started again when it dies. */
export function startMember({ role, folder, door, log, env, turn }: MemberOptions) {
  /** Until its turn comes there is none. */
  let child: ChildProcess | undefined
  let state: MemberReport['state'] = 'starting'
  let [isKept, restarts, failures] = [false, 0, 0]
  let lastEnd: string | null = null
  let lastGiven = 0
  let retry: NodeJS.Timeout | undefined
  const onChange = new Set<() => void>()
  let given: Given = new Map()
  const change = (to: MemberReport['state']) => {
    state = to
    for (const tell of onChange) tell()
  }

  function launch(): void {
    const mine: Given = new Map()
    given = mine
    mkdirSync(path.dirname(log), { recursive: true, mode: 0o700 })
    const out = openSync(log, 'a', 0o600)
    const startedAt = performance.now()
    const started = fork(path.join(folder, 'dist', 'api', role === 'api' ? 'server.js' : 'worker.js'), [], {
      cwd: folder,
      execArgv: NODE_FLAGS,
      env: { ...env, CARGOPARTS_DOOR: door },
      // out of the terminal's group: Ctrl-C reaches the supervisor, which stops its processes in their turn
      detached: true,
      stdio: ['ignore', out, out, 'ipc'],
    })
    child = started
    closeSync(out)
    started.on('message', message => {
      if (message === 'ready' && state === 'starting') change('up')
      if (isTaken(message)) mine.get(message.took)?.socket.destroy()
      if (isTaken(message)) mine.delete(message.took)
    })
    // the exit says it, and comes in any case
    started.on('error', () => undefined)
    started.once('exit', (code, signal) => {
      const isExpected = state === 'draining'
      if (!isExpected) lastEnd = signal ?? `exit code ${code}`
      change('ended')
      // node does not say `disconnect` where a connection is on its way; what the process said last is read by then
      setTimeout(() => {
        for (const { socket, refused } of mine.values()) refused(socket)
        mine.clear()
      }, LAST_WORDS_MS)
      if (!isKept || isExpected) return
      failures = performance.now() - startedAt > LONG_ENOUGH_MS ? 0 : failures + 1
      retry = setTimeout(restart, BACK_OFF_MS[Math.min(failures - 1, BACK_OFF_MS.length - 1)] ?? 0)
    })
  }

  function restart(): void {
    restarts++
    change('starting')
    launch()
  }

  /** Resolves when `isDone` holds; false when it did not within the time, where there is a limit. */
  const until = (isDone: () => boolean, limitMs?: number): Promise<boolean> =>
    new Promise(resolve => {
      if (isDone()) return resolve(true)
      const look = () => {
        if (isDone()) finish(true)
      }
      const late = limitMs === undefined ? undefined : setTimeout(() => finish(false), limitMs)
      const finish = (done: boolean) => {
        clearTimeout(late)
        onChange.delete(look)
        resolve(done)
      }
      onChange.add(look)
    })

  if (turn) void turn.then(() => state === 'starting' && launch())
  else launch()
  return {
    role,
    report: (): MemberReport => ({
      ...{ role, state, door, log, restarts, lastEnd },
      pid: state === 'ended' ? null : (child?.pid ?? null),
    }),
    // a process whose channel is closed is gone, although its end has not been told yet
    isUp: () => state === 'up' && child?.connected === true,
    /** False where it ended first, or is not up within the time. */
    untilUp: async (limitMs: number): Promise<boolean> =>
      (await until(() => state !== 'starting', limitMs)) && state === 'up',
    /** Resolves when it is up, or ended: how it begins is over. */
    begun: (): Promise<unknown> => until(() => state !== 'starting'),
    onChange: (tell: () => void) => void onChange.add(tell),

    /** From now on it is started again when it dies. */
    keep(): void {
      isKept = true
      if (state === 'ended') restart()
    },

    /** Hands a connection over. `refused` gets it back where the process died before it took it. */
    give(socket: Socket, refused: (socket: Socket) => void): void {
      if (!child) {
        refused(socket)
        return
      }
      const number = ++lastGiven
      const to = given
      to.set(number, { socket, refused })
      child.send({ kind: 'connection', number }, socket, { keepOpen: true }, error => {
        if (error && to.delete(number)) refused(socket)
      })
    },

    /** Its connections are told to close. Resolves when none is left, or the time is up: true for the first. */
    async drain(limitMs: number): Promise<boolean> {
      if (state === 'ended' || !child?.connected) return true
      let isEmpty = false
      const hear = (message: unknown) => {
        if (message !== 'drained') return
        isEmpty = true
        for (const tell of onChange) tell()
      }
      const asked = child
      asked.on('message', hear)
      asked.send({ kind: 'drain' }, () => undefined)
      const done = await until(() => isEmpty || state === 'ended', limitMs)
      asked.off('message', hear)
      return done
    },

    /** Traffic comes again. */
    serve(): void {
      if (child?.connected) child.send({ kind: 'serve' }, () => undefined)
    },

    /** Asks it to end, and ends it where it does not. Not started again. */
    async end(limitMs: number): Promise<void> {
      isKept = false
      clearTimeout(retry)
      if (state === 'ended') return
      if (!child) return change('ended')
      state = 'draining'
      child.kill('SIGTERM')
      if (await until(() => state === 'ended', limitMs)) return
      child.kill('SIGKILL')
      await until(() => state === 'ended', 5_000)
    },
  }
}
