import type { Actor } from '../../../platform/actor.js'
import { system } from '../../../platform/actor.js'
import type { Clock } from '../../../platform/clock.js'
import type { Db, DbOrTrx } from '../../../platform/database.js'
import { AppError, notFound } from '../../../platform/errors.js'
import { newId } from '../../../platform/ids.js'
import type { AuditService } from '../../audit/audit-service.js'
import type { SellerService } from '../../sellers/seller-service.js'
import { EgsUnit } from '../egs-unit.js'
import { FIRST_PREVIOUS_HASH } from '../zatca/sealing.js'
import { type Certificate, readCertificate } from '../zatca/signing/certificate.js'
import { certificateRequest, serialText, type ZatcaEnvironment } from '../zatca/signing/csr.js'
import type { Signer } from '../zatca/signing/sign-document.js'
import type { CertificateAuthority } from './authority.js'
import type { KeyStore } from './key-store.js'
import { subjectOf } from './unit-request.js'

export type UnitDeps = {
  db: Db
  clock: Clock
  audit: AuditService
  sellers: SellerService
  keys: KeyStore
  /** Certifies without asking anybody; null where certificates come from ZATCA, by its onboarding. */
  authority: CertificateAuthority | null
}
export type UnitService = ReturnType<typeof createUnitService>
export type UnitAtWork = { id: string; signer: Signer }

/** The units that issue sellers' documents: one at work a seller, with its key, certificate and chain. */
export function createUnitService({ db, clock, audit, sellers, keys, authority }: UnitDeps) {
  const certificates = new Map<string, Certificate>()

  const service = {
    /** Whether a seller without a unit gets one when it is needed. */
    isAutomatic: authority !== null,

    /** Makes the unit of a seller that is known well enough, where nobody has to be asked for its certificate. Repeatable. */
    async ready(sellerId: string): Promise<void> {
      if (!authority || (await ofSeller(db, sellerId))?.state === 'ACTIVE') return
      const seller = await sellers.get(sellerId)
      if (seller.vatNumber === null || seller.address === null) return
      const unit = await service.request(sellerId, 'sandbox', system('invoices'))
      if (unit.state === 'ACTIVE') return
      await service.activate(unit.id, await authority.certify(unit.csr as string), system('invoices'))
    },

    /** Key and certificate request of a seller's unit; the one that waits or works, where there is one. */
    async request(sellerId: string, environment: ZatcaEnvironment, actor: Actor): Promise<EgsUnit> {
      return db.transaction(async trx => {
        const seller = await sellers.held(trx, sellerId)
        const existing = await ofSeller(trx, sellerId)
        if (existing) return existing
        if (seller.vatNumber === null || seller.address === null)
          throw new AppError(
            'conflict',
            'invoices.no_unit_yet',
            `${seller.tradeName} has no VAT number or has told no address: there is nothing to certify.`,
            { sellerId },
          )
        const id = newId()
        const subject = subjectOf(seller, environment, id)
        const key = await keys.create(trx, clock.now())
        await audit.record(
          trx,
          actor,
          'egs_unit_requested',
          { type: 'egs_unit', id },
          { sellerId, environment },
        )
        return EgsUnit.query(trx)
          .insert({
            id,
            sellerId,
            environment,
            state: 'REQUESTED',
            serial: serialText(subject),
            keyId: key.id,
            csr: certificateRequest(subject, key.spki, key.sign),
            lastCounter: 0,
            lastHash: FIRST_PREVIOUS_HASH,
            createdAt: clock.now(),
          })
          .returning('*')
      })
    },

    /** Puts a unit to work with its certificate: only with one for its own key. The first certificate stays. */
    async activate(unitId: string, certificateText: string, actor: Actor): Promise<EgsUnit> {
      const certificate = readCertificate(certificateText)
      return db.transaction(async trx => {
        const unit = await EgsUnit.query(trx).findById(unitId).forUpdate()
        if (!unit) throw notFound('egs_unit', unitId)
        if (unit.state !== 'REQUESTED') return unit
        const { spki } = await keys.signer(trx, unit.keyId as string)
        if (!spki.equals(certificate.spki))
          throw new AppError(
            'invalid',
            'invoices.foreign_certificate',
            "The certificate is for another key than this unit's.",
            { unitId },
          )
        await audit.record(
          trx,
          actor,
          'egs_unit_activated',
          { type: 'egs_unit', id: unitId },
          {
            serialNumber: certificate.serialNumber,
            issuer: certificate.issuerName,
          },
        )
        return unit
          .$query(trx)
          .patchAndFetch({ state: 'ACTIVE', certificate: certificate.text, activatedAt: clock.now() })
      })
    },

    /** The unit that issues the seller's documents now, if one does. */
    async atWork(on: DbOrTrx, sellerId: string): Promise<UnitAtWork | undefined> {
      const unit = await ofSeller(on, sellerId)
      if (unit?.state !== 'ACTIVE') return undefined
      const { sign } = await keys.signer(on, unit.keyId as string)
      return { id: unit.id, signer: { certificate: certificateOf(unit.certificate as string), sign } }
    },

    /** SubjectPublicKeyInfo of a unit's key, DER; null of a unit from before there were signatures. */
    publicKey: async ({ keyId }: EgsUnit): Promise<Buffer | null> =>
      keyId ? keys.publicKey(db, keyId) : null,
  }
  return service

  async function ofSeller(on: DbOrTrx, sellerId: string): Promise<EgsUnit | undefined> {
    return EgsUnit.query(on).where({ seller_id: sellerId }).whereNot({ state: 'RETIRED' }).first()
  }

  function certificateOf(text: string): Certificate {
    const found = certificates.get(text) ?? readCertificate(text)
    if (certificates.size >= 200) certificates.clear()
    certificates.set(text, found)
    return found
  }
}
