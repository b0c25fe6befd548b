import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import { AppError } from '../../api/platform/errors.js'
import type { Answer, Question } from './supervisor/control.js'

export type Conversation = {
  ask<T>(question: Question): Promise<T>
  close(): void
}

/** Talks to the supervisor. Ending the conversation takes back what was not confirmed. Throws `deploy.no_supervisor`. */
export async function talk(control: string): Promise<Conversation> {
  const socket = connect(control)
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('error', cause =>
      reject(
        new AppError('unavailable', 'deploy.no_supervisor', 'The supervisor does not run.', {}, { cause }),
      ),
    )
  })
  const waiting: { resolve(answer: Answer): void; reject(error: Error): void }[] = []
  // its other end speaks our own protocol
  createInterface({ input: socket }).on('line', line => waiting.shift()?.resolve(JSON.parse(line) as Answer))
  const gone = () => {
    const error = new AppError('unavailable', 'deploy.supervisor_gone', 'The supervisor ended.')
    for (const { reject } of waiting.splice(0)) reject(error)
  }
  socket.on('error', gone)
  socket.on('close', gone)
  return {
    async ask<T>(question: Question): Promise<T> {
      const answer = await new Promise<Answer>((resolve, reject) => {
        waiting.push({ resolve, reject })
        socket.write(`${JSON.stringify(question)}\n`)
        if (socket.destroyed) gone()
      })
      if (!answer.ok) throw new AppError('conflict', 'deploy.refused', answer.message)
      return answer.value as T
    },
    close: () => void socket.destroy(),
  }
}
