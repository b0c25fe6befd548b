import { ById } from '../../http/fields.js'
import { type Operation, operation } from '../../http/operation.js'
import type { Actor } from '../../platform/actor.js'
import { FILE_KINDS, MOST_FILE_BYTES } from '../../platform/saudi/file-kind.js'
import { presentSeller } from '../sellers/seller-presenter.js'
import { ApplyAsSeller, SellerView } from '../sellers/seller-schemas.js'
import type { KycServices } from './index.js'
import type { KycFile } from './kyc-file.js'
import { presentKyc } from './kyc-presenter.js'
import {
  AttachDocument,
  EditProfile,
  FileView,
  KycView,
  LinkView,
  RequestAccount,
  SendFile,
  Submit,
} from './kyc-schemas.js'

const tag = 'Seller verification'
const own = { tag, access: ['seller'] as const, response: KycView }
const locked = { 'kyc.locked': 'conflict', 'sellers.suspended': 'conflict' } as const

type Services = Pick<KycServices, 'kyc' | 'kycPapers' | 'kycChecks' | 'bankAccounts'>

/** A seller's own side: who he is, his papers, where he is paid out. */
export function kycOperations({ kyc, kycPapers, kycChecks, bankAccounts }: Services): Operation[] {
  const shown = (file: KycFile) =>
    presentKyc({ file, missing: kyc.missing(file), standings: kycChecks.standings(file) })
  const link = async (id: string, actor: Actor) => {
    const { url, expiresAt } = await kycPapers.link(id, actor)
    return { url, expiresAt: expiresAt.toISOString() }
  }

  return [
    operation({
      id: 'applyAsSeller',
      method: 'post',
      path: '/sellers',
      tag: 'Sellers',
      access: ['buyer', 'seller'],
      status: 201,
      summary: 'Become a seller, who can prepare listings; verification lets him publish',
      body: ApplyAsSeller,
      response: SellerView,
      errors: { 'sellers.exists': 'conflict', 'sellers.identifier_taken': 'conflict' },
      handle: async ({ body, actor }) => presentSeller(await kyc.apply(body, actor)),
    }),
    operation({
      ...own,
      id: 'myVerification',
      method: 'get',
      path: '/sellers/me/kyc',
      summary: 'How far the verification is, and what is missing',
      handle: async ({ actor }) => shown(await kyc.file('mine', actor)),
    }),
    operation({
      ...own,
      id: 'editVerification',
      method: 'patch',
      path: '/sellers/me/kyc',
      summary: 'Say who the seller is; what buyers read of an approved one changes with the next approval',
      body: EditProfile,
      errors: { ...locked, 'sellers.identifier_taken': 'conflict' },
      handle: async ({ body, actor }) => shown(await kyc.edit('mine', body, actor)),
    }),
    operation({
      id: 'sendVerificationFile',
      method: 'post',
      path: '/sellers/me/kyc/files',
      tag,
      access: ['seller'],
      status: 201,
      summary: 'Send a picture or PDF of a document; it is kept for a day until it is said what it is',
      query: SendFile,
      rawBody: MOST_FILE_BYTES,
      rawTypes: FILE_KINDS,
      response: FileView,
      errors: {
        'kyc.too_many_files': 'conflict',
        'photos.busy': 'unavailable',
        'storage.unavailable': 'unavailable',
      },
      handle: async ({ query, rawBody, actor, ctx }) => {
        const sent = { bytes: rawBody, name: query.name, declared: ctx.request.type }
        const { id, type, size, name } = await kycPapers.takeFile('mine', sent, actor)
        return { fileId: id, type, size, name }
      },
    }),
    operation({
      ...own,
      id: 'attachDocument',
      method: 'post',
      path: '/sellers/me/kyc/documents',
      status: 200,
      summary: 'Say what a file is: a document with its number and dates, in place of the one before',
      body: AttachDocument,
      errors: { ...locked, 'files.gone': 'not_found' },
      handle: async ({ body, actor }) => shown(await kycPapers.attach('mine', body, actor)),
    }),
    operation({
      id: 'linkDocument',
      method: 'get',
      path: '/sellers/me/kyc/documents/:id/link',
      tag,
      access: ['seller'],
      summary: 'A link to the picture of an own document, for five minutes',
      params: ById,
      response: LinkView,
      errors: { 'documents.not_found': 'not_found', 'files.gone': 'not_found' },
      handle: ({ params, actor }) => link(params.id, actor),
    }),
    operation({
      ...own,
      id: 'requestBankAccount',
      method: 'post',
      path: '/sellers/me/bank-account',
      status: 200,
      signed: true,
      summary: 'Name the account to pay out to, or ask for another; another person allows it',
      body: RequestAccount,
      errors: locked,
      handle: async ({ body, actor }) => shown(await bankAccounts.request('mine', body, actor)),
    }),
    operation({
      ...own,
      id: 'submitVerification',
      method: 'post',
      path: '/sellers/me/kyc/submit',
      status: 200,
      summary: 'Hand it in; an officer decides',
      body: Submit,
      errors: { ...locked, 'kyc.incomplete': 'conflict' },
      handle: async ({ body, actor }) => shown(await kyc.submit('mine', body.consentVersion, actor)),
    }),
    operation({
      ...own,
      id: 'withdrawVerification',
      method: 'post',
      path: '/sellers/me/kyc/withdraw',
      status: 200,
      summary: 'Take it back while nobody reads it yet',
      errors: { 'kyc.nothing_submitted': 'conflict', 'kyc.wrong_state': 'conflict' },
      handle: async ({ actor }) => shown(await kyc.withdraw('mine', actor)),
    }),
  ]
}
