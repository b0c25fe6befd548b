import { type Actor, personOf } from '../../platform/actor.js'
import { type Clock, dayInRiyadh } from '../../platform/clock.js'
import type { Db, Trx } from '../../platform/database.js'
import { AppError } from '../../platform/errors.js'
import { canBeSeen } from '../../platform/pictures.js'
import { type FileKind, HEAD_BYTES, readFile, readFileName } from '../../platform/saudi/file-kind.js'
import type { Day } from '../../platform/saudi/hijri.js'
import type { AuditService } from '../audit/audit-service.js'
import type { FileLink, FileService } from '../files/file-service.js'
import type { StoredFile } from '../files/stored-file.js'
import type { SellerService } from '../sellers/seller-service.js'
import type { SellerStatus } from '../sellers/seller-states.js'
import { BankAccount } from './bank-account.js'
import { assertEditable, requireOfficer, sellerFor, type Whose } from './kyc-access.js'
import { KycDocument } from './kyc-document.js'
import type { KycFile } from './kyc-file.js'
import { KycProfile } from './kyc-profile.js'
import { draftUntil, replacedUntil, unattachedUntil } from './kyc-retention.js'
import type { KycStore } from './kyc-store.js'
import type { DocumentKind } from './kyc-words.js'

export type NewPaper = {
  kind: DocumentKind
  fileId: string
  /** In its normal form. */
  number: string
  issuedOn: Day
  expiresOn: Day | null
}
/** Handed in, and not yet said what it is: more than anybody needs at once. */
const MOST_UNATTACHED = 20

type Deps = {
  db: Db
  clock: Clock
  audit: AuditService
  files: FileService
  sellers: SellerService
  store: KycStore
}
export type KycPapers = ReturnType<typeof createKycPapers>

/** The papers of a seller: his, an officer's, and nobody else's to see. */
export function createKycPapers({ db, clock, audit, files, sellers, store }: Deps) {
  return {
    /** Takes a picture or PDF in; `declared` is the type its sender gave. What it is, `attach` says. */
    async takeFile(
      whose: Whose,
      { bytes, name, declared }: { bytes: Buffer; name: string; declared?: string },
      actor: Actor,
    ): Promise<StoredFile> {
      const { ownerId } = await sellerFor(sellers, whose, actor)
      const type = readFile(bytes.subarray(0, HEAD_BYTES), bytes.length, declared ? { declared } : {})
      if (type.problem !== undefined) throw badFile('#', type.problem)
      if (!(await isReadable(bytes, type.value))) throw badFile('#', 'document.broken')
      const shown = readFileName(name)
      if (shown.problem !== undefined) throw badFile('?name', shown.problem)
      if ((await files.countPassing(ownerId)) >= MOST_UNATTACHED) throw tooMany()
      const deleteAfter = unattachedUntil(clock.now())
      return files.keep(bytes, { ownerId, purpose: 'KYC', type: type.value, name: shown.value, deleteAfter })
    },

    /** Puts a paper in the place of the one of its kind. Safe to repeat. */
    async attach(whose: Whose, paper: NewPaper, actor: Actor): Promise<KycFile> {
      const { id } = await sellerFor(sellers, whose, actor)
      const now = clock.now()
      refuseDates(paper, dayInRiyadh(now))
      return db.transaction(async trx => {
        const file = await store.held(trx, id)
        assertEditable(file)
        const old = file.documents.find(({ kind }) => kind === paper.kind)
        if (old && isSame(old, paper)) return file
        const deleteAfter = draftUntil(now)
        if (!(await files.retain(trx, paper.fileId, file.seller.ownerId, deleteAfter))) throw noFile()
        if (old) await putAway(trx, old, file.seller.ownerId)
        const { number, ...facts } = paper
        const { id: documentId } = await KycDocument.query(trx).insert({
          ...facts,
          sellerId: id,
          number: store.seal(number, id),
          numberHint: `••••${number.slice(-4)}`,
          uploadedBy: personOf(actor),
          deleteAfter,
          createdAt: now,
        })
        const of = { type: 'seller', id }
        await audit.record(trx, actor, 'kyc_document_added', of, { documentId, kind: paper.kind })
        return store.held(trx, id)
      })
    },

    /** A link to its picture for five minutes; each is written down. Other people's papers are as good as none. */
    async link(documentId: string, actor: Actor): Promise<FileLink> {
      const paper = await KycDocument.query(db).findById(documentId)
      if (!paper || !(await maySee(paper, actor))) throw noPaper(documentId)
      return files.link(paper.fileId, actor)
    },

    /** After a decision, or while one is awaited: the papers in use go then, and not before. */
    async keepUntil(trx: Trx, { seller, documents }: KycFile, deleteAfter: Date): Promise<void> {
      for (const { id, fileId } of documents) {
        await KycDocument.query(trx).findById(id).patch({ deleteAfter })
        await files.retain(trx, fileId, seller.ownerId, deleteAfter)
      }
    },

    /** Papers whose purpose ended, with their files. A recurring job. */
    async forgetOld(): Promise<number> {
      const due = await KycDocument.query(db).where('delete_after', '<=', clock.now()).limit(200)
      for (const paper of due) await db.transaction(trx => forget(trx, paper))
      return due.length
    },
  }

  async function maySee({ sellerId }: KycDocument, actor: Actor): Promise<boolean> {
    if (actor.kind === 'user' && (await sellers.get(sellerId)).ownerId === actor.id) return true
    try {
      requireOfficer(actor)
      return true
    } catch {
      return false
    }
  }

  async function putAway(trx: Trx, old: KycDocument, ownerId: string): Promise<void> {
    const [replacedAt, deleteAfter] = [clock.now(), replacedUntil(clock.now())]
    await KycDocument.query(trx).findById(old.id).patch({ replacedAt, deleteAfter })
    await files.retain(trx, old.fileId, ownerId, deleteAfter)
  }

  async function forget(trx: Trx, { id, fileId, sellerId, kind, replacedAt }: KycDocument): Promise<void> {
    const seller = await sellers.held(trx, sellerId)
    if ((await KycDocument.query(trx).deleteById(id)) === 0) return
    const actor: Actor = { kind: 'system', name: 'forget-papers' }
    const of = { type: 'seller', id: sellerId }
    await audit.record(trx, actor, 'kyc_document_forgotten', of, { documentId: id, kind })
    if (replacedAt === null && IS_OVER.has(seller.status)) await forgetNumber(trx, sellerId, kind)
    const [other] = await KycDocument.query(trx).where({ file_id: fileId }).limit(1)
    if (!other) await files.forget(trx, fileId, actor)
  }
}

/** Nobody is being checked, and nobody sells: what was kept for either has no purpose. */
const IS_OVER: ReadonlySet<SellerStatus> = new Set(['DRAFT', 'REJECTED', 'EXPIRED'])

/** The numbers that only stood beside a paper go with it. */
async function forgetNumber(trx: Trx, sellerId: string, kind: DocumentKind): Promise<void> {
  if (kind === 'NATIONAL_ID')
    await KycProfile.query(trx).findById(sellerId).patch({ nationalId: null, nationalIdHint: null })
  if (kind === 'BANK_LETTER') await BankAccount.query(trx).where({ seller_id: sellerId }).delete()
}

/** What officers are to look at must open, to its end, and not burst what opens it. A PDF's inside is its reader's. */
async function isReadable(bytes: Buffer, type: FileKind): Promise<boolean> {
  if (type !== 'application/pdf') return canBeSeen(bytes)
  // its end stands in its last 1,024 bytes (ISO 32000, annex H), and it is cut where it does not
  return bytes.subarray(-1_024).includes('%%EOF')
}

function refuseDates({ issuedOn, expiresOn }: NewPaper, today: Day): void {
  if (issuedOn > today) throw badFile('#/issuedOn', 'document.future')
  if (expiresOn === null) return
  if (expiresOn <= issuedOn) throw badFile('#/expiresOn', 'document.order')
  if (expiresOn < today) throw badFile('#/expiresOn', 'document.expired')
}

const isSame = (old: KycDocument & { opened: string }, paper: NewPaper): boolean =>
  old.fileId === paper.fileId &&
  old.opened === paper.number &&
  old.issuedOn === paper.issuedOn &&
  old.expiresOn === paper.expiresOn

const badFile = (pointer: string, detail: string) =>
  new AppError('invalid', 'request.invalid', `${pointer}: ${detail}`, { errors: [{ pointer, detail }] })
const noFile = () => new AppError('not_found', 'files.gone', 'The file is no longer kept.')
const noPaper = (id: string) =>
  new AppError('not_found', 'documents.not_found', `No document has the id ${id}.`, { id })
const tooMany = () =>
  new AppError('conflict', 'kyc.too_many_files', 'Say what the files are that you sent already.', {
    most: MOST_UNATTACHED,
  })
