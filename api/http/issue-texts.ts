import type { z } from 'zod'
import type { Locale } from './locale.js'

type Issue = z.core.$ZodRawIssue
type Words = Record<Locale, string>

/** What is wrong with a field, in plain words of either language: no type names of a programming language. */
export const issueText =
  (locale: Locale) =>
  (issue: Issue): string =>
    words(issue)[locale]

const KINDS: Record<string, Words> = {
  string: { en: 'text', ar: 'نصًا' },
  number: { en: 'a number', ar: 'رقمًا' },
  int: { en: 'a whole number', ar: 'عددًا صحيحًا' },
  boolean: { en: 'true or false', ar: 'true أو false' },
  array: { en: 'a list', ar: 'قائمة' },
  object: { en: 'an object', ar: 'كائنًا' },
}

const FORMATS: Record<string, Words> = {
  email: { en: 'must be an e-mail address', ar: 'يجب أن يكون بريدًا إلكترونيًا صحيحًا' },
  uuid: { en: 'must be an id (a UUID)', ar: 'يجب أن يكون معرّفًا صحيحًا (UUID)' },
  url: { en: 'must be a web address', ar: 'يجب أن يكون رابطًا صحيحًا' },
}

function words(issue: Issue): Words {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? { en: 'is required', ar: 'مطلوب' } : wrongKind(issue.expected)
    case 'too_small':
      return bound(issue.origin, Number(issue.minimum), 'least')
    case 'too_big':
      return bound(issue.origin, Number(issue.maximum), 'most')
    case 'invalid_format':
      return FORMATS[issue.format] ?? { en: 'has the wrong form', ar: 'صيغته غير صحيحة' }
    case 'invalid_value':
      return {
        en: `must be one of: ${issue.values.join(', ')}`,
        ar: `يجب أن يكون واحدًا من: ${issue.values.join('، ')}`,
      }
    case 'unrecognized_keys':
      return { en: 'is not a known field', ar: 'حقل غير معروف' }
    default:
      return { en: 'is not valid', ar: 'غير صحيح' }
  }
}

function wrongKind(expected: string): Words {
  const kind = KINDS[expected]
  return kind
    ? { en: `must be ${kind.en}`, ar: `يجب أن يكون ${kind.ar}` }
    : { en: 'is not valid', ar: 'غير صحيح' }
}

/** A limit on characters, on items, or on the number itself. */
function bound(origin: string, limit: number, side: 'least' | 'most'): Words {
  const [en, ar] = side === 'least' ? ['at least', 'على الأقل'] : ['at most', 'على الأكثر']
  if (origin === 'string')
    return { en: `must have ${en} ${limit} characters`, ar: `عدد أحرفه ${limit} ${ar}` }
  if (origin === 'array') return { en: `must have ${en} ${limit} items`, ar: `عدد عناصره ${limit} ${ar}` }
  return { en: `must be ${en} ${limit}`, ar: `قيمته ${limit} ${ar}` }
}
