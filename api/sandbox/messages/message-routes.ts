import { AppError } from '../../platform/errors.js'
import { json, noContent, type Route, readJson } from '../http.js'
import { type MessageBox, MessageSchema } from './message-box.js'
import { messagePage } from './message-page.js'

/** `POST /messages` takes one, `GET /messages` shows them to people, `GET /messages.json` to programs. */
export function messageRoutes(box: MessageBox): Route[] {
  return [
    { method: 'GET', path: '/messages', handle: () => messagePage(box.list()) },
    {
      method: 'GET',
      path: '/messages.json',
      handle: ({ query }) => json(200, { items: box.list(query.get('to') ?? undefined) }),
    },
    {
      method: 'POST',
      path: '/messages',
      async handle(call) {
        // a web page may post a form anywhere, but not JSON
        if (!call.headers['content-type']?.startsWith('application/json')) throw notJson()
        const message = MessageSchema.safeParse(await readJson(call))
        if (!message.success) throw new AppError('invalid', 'sandbox.bad_message', message.error.message)
        box.take(message.data)
        return noContent
      },
    },
  ]
}

const notJson = () => new AppError('malformed', 'sandbox.not_json', 'Send JSON.')
