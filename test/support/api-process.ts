import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { bareEnvironment, type Ended, type Env, ended } from './command.js'

const entry = (name: string) => fileURLToPath(new URL(`../../api/${name}.js`, import.meta.url))

export type ApiProcess = { child: ChildProcess; url: string; ended: Promise<Ended>; stop(): Promise<Ended> }

export function spawnEntry(
  name: 'server' | 'worker',
  env: Env,
): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [entry(name)], {
    env: bareEnvironment(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return { child, ended: ended(child) }
}

/** `api/server.ts` as a process of its own, ready for requests: it says itself which port it was given. */
export async function startApi(env: Env): Promise<ApiProcess> {
  const { child, ended } = spawnEntry('server', { ...env, PORT: env.PORT ?? '0', LOG_LEVEL: 'info' })
  let said = ''
  const port = new Promise<number>((resolve, reject) => {
    child.stdout?.on('data', chunk => {
      said += String(chunk)
      const line = said.split('\n').find(line => line.includes('"api_listening"'))
      if (line?.endsWith('}')) resolve(JSON.parse(line).port)
    })
    ended.then(end => reject(new Error(`the API ended with ${end.code}: ${end.stderr}`)))
  })
  const url = `http://127.0.0.1:${await port}`
  return {
    child,
    url,
    ended,
    async stop() {
      if (child.exitCode === null) child.kill('SIGTERM')
      return ended
    },
  }
}

/** Ends a process of ours without asking it, where a test failed before it could. */
export async function reap(child: ChildProcess | undefined): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}
