import type { TopicHandlers } from '../../../platform/topics.js'
import type { PhotoService } from './photo-service.js'

export const photoHandlers = ({ photos }: { photos: PhotoService }) =>
  ({
    photo_removed: ({ sellerId, content }) => photos.forgetFiles(sellerId, content),
  }) satisfies Partial<TopicHandlers>
