import { chmodSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { type Keeper, Refusal } from './keeper.js'

/**
 * What may be asked over the control socket, a JSON document a line. A conversation that starts a release holds a
 * lease: when it ends before the release was confirmed, whatever ended it, all is as it was before.
 */
export type Question =
  | { ask: 'status' }
  | { ask: 'start'; release: string }
  | { ask: 'candidate' }
  | { ask: 'switch' }
  | { ask: 'confirm' }
  | { ask: 'revert' }
export type Answer = { ok: true; value: unknown } | { ok: false; message: string }

export async function openControl(file: string, keeper: Keeper): Promise<Server> {
  let lease: Socket | undefined

  async function answer(question: Question, socket: Socket): Promise<unknown> {
    if (question.ask === 'status') return keeper.status()
    if (lease && lease !== socket) throw new Refusal('Another deploy is talking to the supervisor.')
    if (question.ask === 'start') {
      lease = socket
      return keeper.start(question.release)
    }
    if (lease !== socket) throw new Refusal('Start a release first.')
    switch (question.ask) {
      case 'candidate':
        return keeper.candidate()
      case 'switch':
        return keeper.switch()
      case 'confirm':
        return keeper.confirm()
      case 'revert':
        return keeper.revert()
    }
  }

  const server = createServer(socket => {
    // one after the other, also where the next question comes before the answer
    let turn: Promise<unknown> = Promise.resolve()
    createInterface({ input: socket }).on('line', line => {
      turn = turn.then(() => reply(socket, () => answer(JSON.parse(line), socket)))
    })
    socket.on('error', () => undefined)
    socket.once('close', () => {
      turn = turn.then(async () => {
        if (lease !== socket) return
        await keeper.revert()
        lease = undefined
      })
    })
  })
  rmSync(file, { force: true })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(file, resolve)
  })
  chmodSync(file, 0o600)
  return server
}

async function reply(socket: Socket, work: () => Promise<unknown>): Promise<void> {
  let answer: Answer
  try {
    answer = { ok: true, value: (await work()) ?? null }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    answer = { ok: false, message }
    if (!(error instanceof Refusal))
      process.stderr.write(`${error instanceof Error ? error.stack : message}\n`)
  }
  if (!socket.destroyed) socket.write(`${JSON.stringify(answer)}\n`)
}
