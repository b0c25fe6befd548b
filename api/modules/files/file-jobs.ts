import type { TopicHandlers } from '../../platform/topics.js'
import type { FileService } from './file-service.js'

export const fileHandlers = ({ files }: { files: FileService }) =>
  ({
    file_removed: ({ fileId }) => files.removeBytes(fileId),
  }) satisfies Partial<TopicHandlers>
