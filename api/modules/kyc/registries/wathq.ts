import { after, type Clock, days } from '../../../platform/clock.js'
import { withoutArticle, wordsOf } from '../../../platform/fold.js'
import { ask, type RegistryAnswer, unavailable, words } from './ask.js'
import type { Finding, Registries } from './registry.js'

/** A registration may be cancelled any day; a look once a quarter is what the re-check asks for at the least. */
const HOLDS_MS = days(90)
const source = 'wathq'

type Settings = { baseUrl: string; apiKey: string; clock: Clock }

/**
 * The Ministry of Commerce's register through Wathq: `GET /commercial-registration/fullinfo/{number}?language=ar` with
 * the header `apiKey`, for CR and unified numbers alike. The shape of the answer is that of published clients; Wathq
 * shows its own documents to subscribers only. https://developer.wathq.sa
 */
export function createWathq({ baseUrl, apiKey, clock }: Settings): Registries['commercialRegistration'] {
  return async (number, legalName) => {
    try {
      const url = `${baseUrl}/commercial-registration/fullinfo/${encodeURIComponent(number)}?language=ar`
      const answer = await ask(url, { headers: { apiKey, accept: 'application/json' } })
      return findingOf(answer, number, legalName, after(clock.now(), HOLDS_MS))
    } catch {
      return unavailable(source, 'no answer')
    }
  }
}

function findingOf(
  { status, body }: RegistryAnswer,
  number: string,
  legalName: string,
  until: Date,
): Finding {
  if (status === 404)
    return { verdict: 'REJECTED', source, evidence: { why: 'not registered' }, expiresAt: null }
  if (status !== 200) return unavailable(source, `answered ${status} ${words(body.code)}`.trim())
  const numbers = [words(body.crNumber), words(body.crNationalNumber)]
  if (!numbers.includes(number)) return unavailable(source, 'answered about another number')
  const state = (body.status ?? {}) as { id?: unknown; name?: unknown }
  const isActive = ACTIVE.has(wordsOf(words(state.name)).join(' ')) || state.id === 1
  const evidence = {
    status: words(state.name),
    confirmedOn: words((state as { confirmationDate?: { gregorian?: unknown } }).confirmationDate?.gregorian),
    name: words(body.name),
    // registers spell a firm differently: a remark for the officer, never a refusal by itself
    nameMatches: sameName(words(body.name), legalName),
    city: words(body.headquarterCityName),
    issuedOn: words(body.issueDateGregorian),
    inLiquidation: body.inLiquidationProcess === true,
  }
  const isGood = isActive && !evidence.inLiquidation
  return { verdict: isGood ? 'VERIFIED' : 'REJECTED', source, evidence, expiresAt: isGood ? until : null }
}

const ACTIVE = new Set(['نشط', 'قائم', 'active'].flatMap(wordsOf))

/** What firms are called by, written in full here and left out there. */
const FORMS = new Set(
  ['شركة', 'مؤسسة', 'المحدودة', 'المساهمة', 'ذات', 'المسؤولية', 'التجارية', 'للتجارة']
    .flatMap(wordsOf)
    .map(withoutArticle),
)

/** Whether two spellings are of one name: without its form, the article, and the order of its words. */
export function sameName(one: string, other: string): boolean {
  const core = (name: string) =>
    wordsOf(name)
      .map(withoutArticle)
      .filter(word => !FORMS.has(word))
      .sort()
      .join(' ')
  return core(one) !== '' && core(one) === core(other)
}
