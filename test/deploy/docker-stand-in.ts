import { spawn } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseEnv } from 'node:util'
import { readTraits } from './traits.js'

/**
 * `docker`, as far as a deploy speaks it: containers are processes of this machine, an image is the release of its name
 * that was unpacked beside it. Run in the project's folder, as `docker compose` is.
 */
type Container = {
  id: string
  service: string
  image: string
  pid: number
  port: number
  isRunning: boolean
  exitCode: number
}

const root = path.dirname(process.env.DOCKER_STATE as string)
const stateFile = process.env.DOCKER_STATE as string
const read = (): Container[] => (existsSync(stateFile) ? JSON.parse(readFileSync(stateFile, 'utf8')) : [])
const write = (all: Container[]) => {
  writeFileSync(`${stateFile}.next`, JSON.stringify(all))
  renameSync(`${stateFile}.next`, stateFile)
}
const isAlive = ({ pid }: Container) => {
  try {
    return process.kill(pid, 0) && !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}
const now = (): Container[] => read().map(each => ({ ...each, isRunning: each.isRunning && isAlive(each) }))
const releaseOf = (image: string) => path.join(root, 'd', 'releases', image)
const fail = (message: string): never => {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}

async function create(service: string): Promise<Container> {
  const colours = parseEnv(readFileSync('.env', 'utf8'))
  const image = service === 'lb' ? 'haproxy' : (colours[service.replace('api-', '').toUpperCase()] as string)
  const id = `${service}-${process.pid}-${now().length}`
  const [log, portFile] = [path.join(root, `${id}.log`), path.join(root, `${id}.port`)]
  const kind = service.startsWith('api-') ? 'api' : service
  const args = kind === 'lb' ? [process.cwd(), colours.PORT as string, stateFile] : [releaseOf(image)]
  const out = openSync(log, 'a')
  const script = fileURLToPath(new URL('./tiny-container.js', import.meta.url))
  const child = spawn(process.execPath, [script, kind, ...args, portFile], {
    detached: true,
    stdio: ['ignore', out, out],
  })
  closeSync(out)
  child.unref()
  const made: Container = {
    id,
    service,
    image,
    pid: child.pid as number,
    port: 0,
    isRunning: true,
    exitCode: 1,
  }
  while (!existsSync(portFile) && isAlive(made)) await wait(20)
  await wait(20)
  return { ...made, port: existsSync(portFile) ? Number(readFileSync(portFile, 'utf8')) : 0 }
}

async function stop(which: (each: Container) => boolean): Promise<void> {
  for (const each of now().filter(each => each.isRunning && which(each))) {
    process.kill(each.pid, 'SIGTERM')
    while (isAlive(each)) await wait(20)
  }
  write(now())
}

async function up(args: string[]): Promise<void> {
  const service = args.at(-1) as string
  const scale = Number(/=(\d+)$/.exec(args[args.indexOf('--scale') + 1] ?? '')?.[1] ?? 1)
  if (args.includes('--force-recreate')) await stop(each => each.service === service)
  const there = now().filter(each => each.isRunning && each.service === service).length
  for (let count = there; count < scale; count++) write([...now(), await create(service)])
}

const [verb, ...words] = process.argv.slice(2)
if (verb === 'image' && !existsSync(releaseOf((words[1] ?? '').replace('cargoparts:', ''))))
  fail('no such image')
if (verb === 'inspect') {
  const found = now().filter(({ id }) => words.includes(id))
  const documents = found.map(({ id, port, isRunning, exitCode }) => ({
    Id: id,
    Config: { ExposedPorts: { [`${port}/tcp`]: {} } },
    State: { Running: isRunning, ExitCode: exitCode },
    NetworkSettings: { Networks: { inside: { IPAddress: '127.0.0.1' } } },
  }))
  process.stdout.write(JSON.stringify(documents))
}
if (verb === 'logs') process.stdout.write(readFileSync(path.join(root, `${words.at(-1)}.log`), 'utf8'))
if (verb === 'stop') await stop(({ id }) => words.includes(id))
if (verb === 'rm') write(now().filter(({ id }) => !words.includes(id)))
if (verb === 'compose') {
  const args = words.filter((word, at) => word !== '--profile' && words[at - 1] !== '--profile')
  const [what, ...more] = args
  const service = more.at(-1) as string
  if (what === 'ps')
    process.stdout.write(
      now()
        .filter(each => each.service === service && (each.isRunning || each.port === 0))
        .map(({ id }) => `${id}\n`)
        .join(''),
    )
  if (what === 'up') await up(more)
  if (what === 'stop') await stop(each => each.service === service)
  if (what === 'kill')
    for (const { pid } of now().filter(each => each.service === service)) process.kill(pid, 'SIGUSR2')
  if (what === 'run') {
    const traits = readTraits(releaseOf(parseEnv(readFileSync('.env', 'utf8')).COMMAND as string))
    const said = more.slice(more.indexOf('command') + 1).join(' ')
    if (traits.fails !== undefined && said.startsWith(traits.fails)) fail(`${said} of ${traits.commit} fails`)
    process.stdout.write(`${said} of ${traits.commit}\n`)
  }
}
