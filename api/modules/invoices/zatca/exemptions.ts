/** VAT categories of a Saudi document (UNTDID 5305): standard, zero rate, exempt, out of scope. */
export const VAT_CATEGORIES = ['S', 'Z', 'E', 'O'] as const
export type VatCategory = (typeof VAT_CATEGORIES)[number]
export type UntaxedCategory = Exclude<VatCategory, 'S'>

type Exemption = { category: UntaxedCategory; en: string; ar: string }

/** Why no VAT is charged (BT-121) and how the law calls it (BT-120). Codes and names: ZATCA, XML Implementation Standard, 11.2.4. */
export const EXEMPTIONS = {
  'VATEX-SA-29': [
    'E',
    'Financial services mentioned in Article 29 of the VAT Regulations',
    'الخدمات المالية',
  ],
  'VATEX-SA-29-7': [
    'E',
    'Life insurance services mentioned in Article 29 of the VAT Regulations',
    'عقد تأمين على الحياة',
  ],
  'VATEX-SA-30': [
    'E',
    'Real estate transactions mentioned in Article 30 of the VAT Regulations',
    'التوريدات العقارية المعفاة من الضريبة',
  ],
  'VATEX-SA-32': ['Z', 'Export of goods', 'صادرات السلع من المملكة'],
  'VATEX-SA-33': ['Z', 'Export of services', 'صادرات الخدمات من المملكة'],
  'VATEX-SA-34-1': ['Z', 'The international transport of Goods', 'النقل الدولي للسلع'],
  'VATEX-SA-34-2': ['Z', 'International transport of passengers', 'النقل الدولي للركاب'],
  'VATEX-SA-34-3': [
    'Z',
    'Services directly connected and incidental to a Supply of international passenger transport',
    'الخدمات المرتبطة مباشرة أو عرضيًا بتوريد النقل الدولي للركاب',
  ],
  'VATEX-SA-34-4': ['Z', 'Supply of a qualifying means of transport', 'توريد وسائل النقل المؤهلة'],
  'VATEX-SA-34-5': [
    'Z',
    'Any services relating to Goods or passenger transportation, as defined in article twenty five of these Regulations',
    'الخدمات ذات الصلة بنقل السلع أو الركاب',
  ],
  'VATEX-SA-35': ['Z', 'Medicines and medical equipment', 'الأدوية والمعدات الطبية'],
  'VATEX-SA-36': ['Z', 'Qualifying metals', 'المعادن المؤهلة'],
  'VATEX-SA-EDU': ['Z', 'Private education to citizen', 'الخدمات التعليمية الخاصة للمواطنين'],
  'VATEX-SA-HEA': ['Z', 'Private healthcare to citizen', 'الخدمات الصحية الخاصة للمواطنين'],
  'VATEX-SA-MLTRY': ['Z', 'Supply of qualified military goods', 'توريد السلع العسكرية المؤهلة'],
  'VATEX-SA-OOS': ['O', 'Not subject to VAT', 'غير خاضع لضريبة القيمة المضافة'],
} as const satisfies Record<string, readonly [UntaxedCategory, string, string]>

export type ExemptionCode = keyof typeof EXEMPTIONS

export function exemption(code: ExemptionCode): Exemption {
  const [category, en, ar] = EXEMPTIONS[code]
  return { category, en, ar }
}

export const isExemptionCode = (text: string): text is ExemptionCode => Object.hasOwn(EXEMPTIONS, text)
