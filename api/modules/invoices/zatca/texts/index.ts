import { UNREADABLE_VALUE } from '../validate.js'
import { EN_TEXTS } from './en-texts.js'
import { KSA_FORMAT_TEXTS } from './ksa-format-texts.js'
import { KSA_TEXTS } from './ksa-texts.js'
import { SEAL_TEXTS } from './seal-texts.js'
import { type Text, text } from './text.js'

/** What a rule or a check of the seal says, in both languages. */
export function ruleText(id: string): Text {
  return (
    KSA_TEXTS[id] ??
    KSA_FORMAT_TEXTS[id] ??
    EN_TEXTS[id] ??
    (SEAL_TEXTS as Record<string, Text>)[id] ??
    (id === UNREADABLE_VALUE ? UNREADABLE : UNKNOWN)
  )
}

const UNREADABLE = text(
  "A value here cannot be calculated with, or stands there twice: ZATCA's rules give up on the document.",
  'قيمة لا يمكن الحساب بها أو تكررت: تتوقف قواعد الهيئة عند هذا المستند.',
)
const UNKNOWN = text('A rule that is not known here.', 'قاعدة غير معروفة هنا.')
