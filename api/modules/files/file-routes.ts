import { z } from 'zod'
import { type Operation, operation } from '../../http/operation.js'
import type { FileService } from './file-service.js'

export function fileOperations(files: FileService): Operation[] {
  return [
    operation({
      id: 'openFile',
      method: 'get',
      path: '/files/:token',
      tag: 'Files',
      access: 'anyone',
      summary: 'What a link opens; it was given to somebody who may see the file, for five minutes',
      ignoresToken: true,
      params: z.strictObject({ token: z.string().max(120) }),
      response: z.string().describe('the bytes of the file'),
      responseType: 'application/octet-stream',
      errors: {
        'files.link_over': 'not_found',
        'files.gone': 'not_found',
        'storage.unavailable': 'unavailable',
      },
      handle: async ({ params, ctx }) => {
        const { file, bytes } = await files.open(params.token)
        // what somebody handed in runs nowhere, whatever it holds, and its name steers nothing
        ctx.set('Content-Security-Policy', "default-src 'none'; sandbox")
        ctx.attachment(file.name, { type: file.type.startsWith('image/') ? 'inline' : 'attachment' })
        ctx.type = file.type
        ctx.body = bytes
        ctx.status = 200
        return undefined
      },
    }),
  ]
}
