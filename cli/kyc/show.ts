import type { Context } from '../../api/context.js'
import type { Shown } from '../../api/modules/kyc/kyc-presenter.js'
import type { Day } from '../../api/platform/saudi/hijri.js'
import { table, when } from '../table.js'
import { printable } from '../terminal-text.js'

type Services = Context['services']

/** A seller's file with what is missing and what each check stands at, as the presenters take it. */
export function shownOf(services: Services, file: Shown['file']): Shown {
  return { file, missing: services.kyc.missing(file), standings: services.kycChecks.standings(file) }
}

/** `2026-03-01 (1447-09-12)`: both calendars, as officers compare with what stands on paper. */
export async function bothCalendars(day: Day | null): Promise<string> {
  if (day === null) return '-'
  const { hijriOf } = await import('../../api/platform/saudi/hijri.js')
  return `${day} (${hijriOf(day)})`
}

/** The verdicts, and below them what each was found by: a register's words are too wide for a table. */
export async function checksTable({ standings }: Shown): Promise<string> {
  const rows = standings.map(({ kind, verdict, check }) => [
    kind,
    verdict ?? 'not checked',
    check?.source ?? '-',
    check ? when(check.checkedAt) : '-',
  ])
  const evidence = standings.map(({ kind, check }) => `${kind}  ${evidenceLine(check?.evidence)}`)
  return [await table(['check', 'verdict', 'by', 'at'], rows), ...evidence.map(printable)].join('\n')
}

/** For a person: what a check was found by, in a line. */
function evidenceLine(evidence: Record<string, unknown> | undefined): string {
  if (!evidence) return '-'
  const { words, ...rest } = evidence as { words?: { en?: string } }
  const facts = Object.entries(rest)
    .filter(([, value]) => value !== '' && !(Array.isArray(value) && value.length === 0))
    .map(([name, value]) => `${name}: ${Array.isArray(value) ? value.join(' ') : String(value)}`)
  return [words?.en, ...facts].filter(Boolean).join('; ')
}

export async function documentsTable({ file }: Shown): Promise<string> {
  const rows = await Promise.all(
    file.documents.map(async paper => [
      paper.kind,
      paper.opened,
      await bothCalendars(paper.issuedOn),
      await bothCalendars(paper.expiresOn),
      paper.id,
    ]),
  )
  return table(['document', 'number', 'issued', 'ends', 'id'], rows)
}

/** The head of a file: who, in which state, until when. */
export async function headLines({ file, missing }: Shown): Promise<string[]> {
  const { seller, profile, nationalId, active, requested, current } = file
  const [{ printedIban }, { addressLine }, { reasonText }] = await Promise.all([
    import('../../api/platform/saudi/iban.js'),
    import('../../api/platform/saudi/address-text.js'),
    import('../../api/modules/kyc/kyc-reasons.js'),
  ])
  return [
    `${profile.tradeName} (${profile.legalName})  ${seller.status}`,
    `seller ${seller.id}  CR ${profile.crNumber}  VAT ${profile.vatNumber ?? '-'}  ${profile.city}`,
    `holder ${profile.holderName ?? '-'}  national ID ${nationalId ?? '-'}`,
    `address ${profile.address ? addressLine(profile.address) : '-'}`,
    `approved until ${await bothCalendars(seller.verifiedUntil)}`,
    `account ${active ? `${printedIban(active.opened)} (${active.holderName})` : '-'}`,
    ...(requested
      ? [
          `asked for ${printedIban(requested.opened)} (${requested.holderName}) by ${requested.requestedBy}, ${requested.id}`,
        ]
      : []),
    ...(current
      ? [
          `case ${current.id}  ${current.kind}  ${current.status}  handed in ${when(current.submittedAt)} by ${current.submittedBy}`,
        ]
      : []),
    ...(current?.reviewer ? [`with ${current.reviewer} since ${when(current.claimedAt)}`] : []),
    ...(current?.reasons ?? []).map(reason => `refused: ${reasonText(reason).en} / ${reasonText(reason).ar}`),
    ...(missing.length > 0 ? [`missing: ${missing.join(', ')}`] : []),
  ]
}
