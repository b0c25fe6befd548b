import { F } from './fields.js'
import { decimals, missing, notListed, notMore, notZero, outside, type Text, text, tooLong } from './text.js'

const CATEGORIES = {
  S: ['the standard rate', 'النسبة الأساسية'],
  Z: ['the zero rate', 'نسبة الصفر'],
  E: ['exempt supplies', 'التوريدات المعفاة'],
  O: ['supplies out of scope', 'التوريدات غير الخاضعة'],
} as const

/** What each rule of the European standard says, in our words. */
export const EN_TEXTS: Record<string, Text> = {
  'BR-02': missing(F.number),
  'BR-03': missing(F.issueDate),
  'BR-04': missing(F.typeCode),
  'BR-05': missing(F.currency),
  'BR-06': missing(F.sellerName),
  'BR-08': missing(F.sellerAddress),
  'BR-09': missing(F.sellerCountry),
  'BR-10': missing(F.buyerAddress),
  'BR-13': missing(F.net),
  'BR-14': missing(F.gross),
  'BR-15': missing(F.payable),
  'BR-16': text('There is no line.', 'لا يوجد أي بند.'),
  'BR-21': missing(F.lineId),
  'BR-22': missing(F.quantity),
  'BR-24': missing(F.lineNet),
  'BR-25': missing(F.itemName),
  'BR-26': missing(F.price),
  'BR-31': missing(F.allowance),
  'BR-32': missing(F.allowanceCategory),
  'BR-36': missing(F.charge),
  'BR-37': missing(F.chargeCategory),
  'BR-41': missing(F.lineAllowance),
  'BR-43': missing(F.lineCharge),
  'BR-45': missing(F.taxable),
  'BR-46': missing(F.categoryVat),
  'BR-47': missing(F.category),
  'BR-48': missing(F.rate),
  'BR-49': missing(F.paymentCode),
  'BR-52': missing(F.referenceId),
  'BR-53': text(
    'The VAT total without a breakdown (BT-111) has to be in the tax currency (BT-6).',
    'يجب أن يكون مجموع الضريبة دون تفصيل (BT-111) بعملة الضريبة (BT-6).',
  ),
  'BR-54': text(
    'A property of an item needs name and value (BT-160, BT-161).',
    'خاصية الصنف تحتاج إلى اسم وقيمة (BT-160، BT-161).',
  ),
  'BR-55': missing(F.billingReference),
  'BR-CL-01': notListed(F.typeCode, 'UNTDID 1001'),
  'BR-CL-03': text(
    'The currency of an amount is not a code of the list ISO 4217.',
    'عملة المبلغ ليست رمزًا في القائمة ISO 4217.',
  ),
  'BR-CL-04': notListed(F.currency, 'ISO 4217'),
  'BR-CL-05': notListed(F.taxCurrency, 'ISO 4217'),
  'BR-CL-14': notListed(F.country, 'ISO 3166-1'),
  'BR-CL-16': notListed(F.paymentCode, 'UNTDID 4461'),
  'BR-CL-18': notListed(F.category, 'UNTDID 5305'),
  'BR-CO-04': missing(F.lineCategory),
  'BR-CO-10': text(
    'The sum of the lines (BT-106) is not what the lines add up to (BT-131).',
    'مجموع البنود (BT-106) لا يساوي مجموع صافي البنود (BT-131).',
  ),
  'BR-CO-11': text(
    'The sum of the allowances (BT-107) is not what they add up to (BT-92).',
    'مجموع الخصومات (BT-107) لا يساوي مجموع مبالغها (BT-92).',
  ),
  'BR-CO-12': text(
    'The sum of the charges (BT-108) is not what they add up to (BT-99).',
    'مجموع الرسوم (BT-108) لا يساوي مجموع مبالغها (BT-99).',
  ),
  'BR-CO-13': text(
    'The sum without VAT (BT-109) is not lines less allowances plus charges.',
    'المجموع دون الضريبة (BT-109) لا يساوي البنود ناقصًا الخصومات زائدًا الرسوم.',
  ),
  'BR-CO-14': text(
    "The sum of the VAT (BT-110) is not what the categories' VAT adds up to (BT-117).",
    'مجموع الضريبة (BT-110) لا يساوي مجموع ضرائب الفئات (BT-117).',
  ),
  'BR-CO-15': text(
    'The sum with VAT (BT-112) is not the sum without (BT-109) plus the VAT (BT-110).',
    'المجموع شامل الضريبة (BT-112) لا يساوي المجموع دونها (BT-109) مع الضريبة (BT-110).',
  ),
  'BR-CO-16': text(
    'The sum to pay (BT-115) is not the sum with VAT, less what was prepaid (BT-113), plus the rounding (BT-114).',
    'المبلغ المستحق (BT-115) لا يساوي المجموع شامل الضريبة ناقصًا المدفوع مسبقًا (BT-113) زائدًا التقريب (BT-114).',
  ),
  'BR-CO-17': text(
    'The VAT of a category (BT-117) is not its taxable sum (BT-116) times its rate (BT-119).',
    'ضريبة الفئة (BT-117) لا تساوي مبلغها (BT-116) مضروبًا في نسبتها (BT-119).',
  ),
  'BR-CO-18': text('There is no VAT breakdown.', 'لا يوجد تفصيل للضريبة.'),
  'BR-DEC-01': decimals(F.allowance),
  'BR-DEC-02': decimals(F.allowanceBase),
  'BR-DEC-05': decimals(F.charge),
  'BR-DEC-06': decimals(F.chargeBase),
  'BR-DEC-09': decimals(F.lineSum),
  'BR-DEC-10': decimals(F.allowanceSum),
  'BR-DEC-11': decimals(F.chargeSum),
  'BR-DEC-12': decimals(F.net),
  'BR-DEC-13': decimals(F.vat),
  'BR-DEC-14': decimals(F.gross),
  'BR-DEC-15': decimals(F.vatSar),
  'BR-DEC-16': decimals(F.prepaid),
  'BR-DEC-17': decimals(F.rounding),
  'BR-DEC-18': decimals(F.payable),
  'BR-DEC-19': decimals(F.taxable),
  'BR-DEC-20': decimals(F.categoryVat),
  'BR-DEC-23': decimals(F.lineNet),
  'BR-DEC-24': decimals(F.lineAllowance),
  'BR-DEC-25': decimals(F.lineAllowanceBase),
  'BR-DEC-27': decimals(F.lineCharge),
  'BR-DEC-28': decimals(F.lineChargeBase),
  'BR-Z-05': notZero(F.lineRate),
  'BR-E-05': notZero(F.lineRate),
  'BR-Z-06': notZero(F.allowanceRate),
  'BR-E-06': notZero(F.allowanceRate),
  'BR-Z-07': notZero(F.chargeRate),
  'BR-E-07': notZero(F.chargeRate),
  'BR-S-05': notMore(F.lineRate),
  'BR-S-06': notMore(F.allowanceRate),
  'BR-S-07': notMore(F.chargeRate),
  'BR-S-09': text(
    'The VAT of the standard rate (BT-117) is not its taxable sum (BT-116) times its rate (BT-119).',
    'ضريبة النسبة الأساسية (BT-117) لا تساوي مبلغها (BT-116) مضروبًا في نسبتها (BT-119).',
  ),
  'BR-S-10': text(
    'The standard rate cannot have a reason why no VAT is charged (BT-120, BT-121).',
    'النسبة الأساسية لا يكون لها سبب إعفاء (BT-120، BT-121).',
  ),
  'BR-KSA-F-06-C1': tooLong(F.number, 127),
  'BR-KSA-F-06-C2': tooLong(F.note, 1000),
  'BR-KSA-F-06-C8': tooLong(F.sellerProvince, 127),
  'BR-KSA-F-06-C10': outside(F.sellerName, 1, 1000),
  'BR-KSA-F-06-C17': outside(F.lineId, 1, 6),
  'BR-KSA-F-06-C18': tooLong(F.unit, 127),
  'BR-KSA-F-06-C19': outside(F.itemName, 3, 1000),
  'BR-KSA-F-06-C20': tooLong(F.standardItem, 127),
  'BR-KSA-F-06-C27': tooLong(F.buyerProvince, 127),
  'BR-KSA-F-06-C30': tooLong(F.buyerItem, 127),
  'BR-KSA-F-06-C31': tooLong(F.sellerItem, 127),
  'BR-KSA-F-C-01': text(
    'The name of an item (BT-153) cannot be digits only.',
    'لا يتكون اسم الصنف (BT-153) من أرقام فقط.',
  ),
}

for (const [code, [en, ar]] of Object.entries(CATEGORIES)) {
  EN_TEXTS[`BR-${code}-01`] = text(
    `Something is of ${en}, but the VAT breakdown has no such category.`,
    `في المستند ما يخص ${ar}، ولا فئة لها في تفصيل الضريبة.`,
  )
  EN_TEXTS[`BR-${code}-08`] = text(
    `The taxable sum of ${en} (BT-116) is not what its lines, charges and allowances add up to.`,
    `مبلغ ${ar} (BT-116) لا يساوي مجموع بنودها ورسومها ناقصًا خصوماتها.`,
  )
  if (code !== 'S')
    EN_TEXTS[`BR-${code}-09`] = text(
      `The VAT of ${en} (BT-117) has to be 0.`,
      `يجب أن تكون ضريبة ${ar} (BT-117) صفرًا.`,
    )
}
