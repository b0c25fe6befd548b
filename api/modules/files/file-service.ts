import type { Actor } from '../../platform/actor.js'
import { after, type Clock, days } from '../../platform/clock.js'
import type { Db, DbOrTrx, Trx } from '../../platform/database.js'
import { AppError } from '../../platform/errors.js'
import type { Outbox } from '../../platform/outbox.js'
import type { Storage } from '../../platform/storage/index.js'
import type { Links } from '../../platform/storage/links.js'
import type { AuditService } from '../audit/audit-service.js'
import { StoredFile } from './stored-file.js'

const FORGOTTEN_AT_ONCE = 200

export type FileLink = { url: string; expiresAt: Date }
export type NewFile = Pick<StoredFile, 'ownerId' | 'purpose' | 'type' | 'name' | 'deleteAfter'>
type Deps = {
  db: Db
  clock: Clock
  audit: AuditService
  outbox: Outbox
  storage: Storage
  links: Links
  apiUrl: string
}
export type FileService = ReturnType<typeof createFileService>

/**
 * Private files: kept encrypted, opened through links of five minutes, gone when their purpose ends. Who may have a
 * link is for the caller to say; each link given is an audit row.
 */
export function createFileService({ db, clock, audit, outbox, storage, links, apiUrl }: Deps) {
  return {
    /** The same bytes of the same owner under the same name are the file that is there, kept as long as the longer wish. */
    async keep(bytes: Buffer, file: NewFile): Promise<StoredFile> {
      const key = await storage.putPrivate(bytes, file.ownerId)
      const { name, ownerId } = file
      const [known] = await StoredFile.query(db)
        .where({ key, name, owner_id: ownerId })
        .whereNull('removed_at')
        .limit(1)
      if (known && (await lengthen(db, known.id, ownerId, file.deleteAfter))) return kept(known.id)
      const row = { ...file, key, size: bytes.length, createdAt: clock.now() }
      const made = await StoredFile.query(db).insertAndFetch(row)
      // the same bytes of before may have been on their way out until this row named them
      await storage.putPrivate(bytes, ownerId)
      return made
    },

    async link(fileId: string, actor: Actor): Promise<FileLink> {
      const file = await kept(fileId)
      await db.transaction(trx => audit.record(trx, actor, 'file_link_issued', { type: 'file', id: file.id }))
      const { token, expiresAt } = links.token(file.id)
      return { url: `${apiUrl}/api/v1/files/${token}`, expiresAt }
    },

    /** What a link opens. */
    async open(token: string): Promise<{ file: StoredFile; bytes: Buffer }> {
      const file = await kept(links.fileOf(token))
      return { file, bytes: await storage.getPrivate(file.key) }
    },

    /** Keeps it until then at least. False where the owner has no such file, or no longer. */
    async retain(trx: Trx, fileId: string, ownerId: string, deleteAfter: Date): Promise<boolean> {
      return lengthen(trx, fileId, ownerId, deleteAfter)
    },

    /** Files of an owner that go within a day: nobody has said yet what they are for. */
    async countPassing(ownerId: string): Promise<number> {
      return StoredFile.query(db)
        .where({ owner_id: ownerId })
        .where('delete_after', '<=', after(clock.now(), days(1)))
        .whereNull('removed_at')
        .resultSize()
    },

    /** For checks that look into a file; whose it is, the caller knows. */
    async bytesOf(fileId: string): Promise<Buffer> {
      return storage.getPrivate((await kept(fileId)).key)
    },

    /** Its bytes go after the commit, unless another file of the owner holds the same. */
    async forget(trx: Trx, fileId: string, actor: Actor): Promise<void> {
      const count = await StoredFile.query(trx)
        .findById(fileId)
        .whereNull('removed_at')
        .patch({ removedAt: clock.now() })
      if (count === 0) return
      await audit.record(trx, actor, 'file_removed', { type: 'file', id: fileId })
      await outbox.add(trx, 'file_removed', { fileId })
    },

    async removeBytes(fileId: string): Promise<void> {
      const file = await StoredFile.query(db).findById(fileId)
      if (!file?.removedAt) return
      const [other] = await StoredFile.query(db).where({ key: file.key }).whereNull('removed_at').limit(1)
      if (!other) await storage.remove(file.key)
    },

    /** Files whose purpose ended (PDPL, article 18). A recurring job. */
    async forgetExpired(): Promise<number> {
      const due = await StoredFile.query(db)
        .where('delete_after', '<=', clock.now())
        .whereNull('removed_at')
        .limit(FORGOTTEN_AT_ONCE)
        .select('id')
      for (const { id } of due)
        await db.transaction(trx => this.forget(trx, id, { kind: 'system', name: 'forget-files' }))
      return due.length
    },
  }

  /** Null is without end, and longer than any day. */
  async function lengthen(on: DbOrTrx, id: string, ownerId: string, until: Date | null): Promise<boolean> {
    const later = on.raw('case when delete_after is not null then greatest(delete_after, ?) end', [until])
    const count = await StoredFile.query(on)
      .findById(id)
      .where({ owner_id: ownerId })
      .whereNull('removed_at')
      // objection takes an expression where the column's type stands
      .patch({ deleteAfter: until && (later as unknown as Date) })
    return count > 0
  }

  async function kept(id: string): Promise<StoredFile> {
    const file = await StoredFile.query(db).findById(id)
    if (!file || file.removedAt) throw new AppError('not_found', 'files.gone', 'The file is no longer kept.')
    return file
  }
}
