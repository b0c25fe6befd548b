import { F } from './fields.js'
import { decimals, missing, notListed, outside, type Text, text, tooLong } from './text.js'

/** The same of the rules about codes, decimals, sums and lengths. */
export const KSA_FORMAT_TEXTS: Record<string, Text> = {
  'BR-KSA-CL-01': notListed(F.currency, 'ISO 4217'),
  'BR-KSA-CL-02': text(
    "An amount has to be in the document's currency (BT-5).",
    'يجب أن يكون المبلغ بعملة المستند (BT-5).',
  ),
  'BR-KSA-CL-03': text('This type of attachment is not allowed.', 'نوع المرفق غير مسموح به.'),
  'BR-KSA-CL-04': text(
    'The code of the reason (BT-121) does not belong to the VAT category.',
    'رمز السبب (BT-121) لا يخص فئة الضريبة.',
  ),
  'BR-KSA-CL-06': notListed(F.chargeCode, 'UNTDID 7161'),
  'BR-KSA-CL-07': text(
    "The code of the reason does not belong to the advance's VAT category.",
    'رمز السبب لا يخص فئة ضريبة الدفعة المقدمة.',
  ),
  'BR-KSA-DEC-01': text(
    'A percentage of an allowance has to be between 0 and 100, with two decimals at most.',
    'يجب أن تكون نسبة الخصم بين 0 و100 وبمنزلتين عشريتين على الأكثر.',
  ),
  'BR-KSA-DEC-02': text(
    'A VAT rate has to be between 0 and 100, with two decimals at most and no sign.',
    'يجب أن تكون نسبة الضريبة بين 0 و100 وبمنزلتين عشريتين على الأكثر دون علامة.',
  ),
  'BR-KSA-DEC-03': decimals(F.lineVat),
  'BR-KSA-DEC-04': decimals(F.lineGross),
  'BR-KSA-DEC-06': text(
    'Sum and VAT of an advance (KSA-31, KSA-32) have more than two decimals.',
    'في مبلغ الدفعة المقدمة أو ضريبتها (KSA-31، KSA-32) أكثر من منزلتين عشريتين.',
  ),
  'BR-KSA-EN16931-01': text(
    'The process (BT-23) has to be reporting:1.0.',
    'يجب أن يكون نوع العملية (BT-23) reporting:1.0.',
  ),
  'BR-KSA-EN16931-02': text('The tax currency (BT-6) has to be SAR.', 'يجب أن تكون عملة الضريبة (BT-6) SAR.'),
  'BR-KSA-EN16931-03': text(
    'An allowance or charge is not its base times its percentage.',
    'الخصم أو الرسم لا يساوي أساسه مضروبًا في نسبته.',
  ),
  'BR-KSA-EN16931-04': text(
    'A percentage of an allowance or charge needs its base.',
    'نسبة الخصم أو الرسم تحتاج إلى أساسها.',
  ),
  'BR-KSA-EN16931-05': text(
    'The base of an allowance or charge needs its percentage.',
    'أساس الخصم أو الرسم يحتاج إلى نسبته.',
  ),
  'BR-KSA-EN16931-06': text(
    'A price can hold a discount, but no charge.',
    'قد يحوي السعر خصمًا، ولا يحوي رسمًا.',
  ),
  'BR-KSA-EN16931-07': text(
    'The unit price (BT-146) is not the list price (BT-148) less the discount (BT-147).',
    'سعر الوحدة (BT-146) لا يساوي السعر المعلن (BT-148) ناقصًا الخصم (BT-147).',
  ),
  'BR-KSA-EN16931-08': text(
    'There has to be exactly one VAT total with a breakdown (BT-110).',
    'يجب أن يوجد مجموع ضريبة واحد مع تفصيله (BT-110).',
  ),
  'BR-KSA-EN16931-09': text(
    'There has to be exactly one VAT total in riyals without a breakdown (BT-111).',
    'يجب أن يوجد مجموع ضريبة واحد بالريال دون تفصيل (BT-111).',
  ),
  'BR-KSA-EN16931-11': text(
    'The net of the line (BT-131) is not price × quantity, less allowances, plus charges.',
    'صافي البند (BT-131) لا يساوي السعر × الكمية ناقصًا الخصومات زائدًا الرسوم.',
  ),
  'BR-KSA-EN16931-12': text(
    'A base quantity (BT-149) has to be more than 0.',
    'يجب أن تكون الكمية الأساس (BT-149) أكبر من صفر.',
  ),
  'BR-KSA-F-01': text('A date has to be YYYY-MM-DD.', 'يجب أن يكون التاريخ بصيغة YYYY-MM-DD.'),
  'BR-KSA-F-02': text(
    'The mark of an allowance or charge has to be false or true.',
    'يجب أن تكون علامة الخصم أو الرسم false أو true.',
  ),
  'BR-KSA-F-04': text('Amounts and quantities cannot be negative.', 'لا تكون المبالغ والكميات سالبة.'),
  'BR-KSA-F-05': text('The time of an advance (KSA-29) is no time.', 'وقت الدفعة المقدمة (KSA-29) غير صالح.'),
  'BR-KSA-F-07': text(
    "The buyer's TIN has to be ten digits and begin with 3.",
    'يجب أن يكون الرقم المميز للمشتري عشرة أرقام أولها 3.',
  ),
  'BR-KSA-F-08': text(
    'A commercial registration has to be ten digits.',
    'يجب أن يكون رقم السجل التجاري عشرة أرقام.',
  ),
  'BR-KSA-F-09': text(
    'A unified national number (700) has to be ten digits and begin with 7.',
    'يجب أن يكون الرقم الوطني الموحد (700) عشرة أرقام أولها 7.',
  ),
  'BR-KSA-F-10': text(
    'A national id has to be ten digits and begin with 1.',
    'يجب أن تكون الهوية الوطنية عشرة أرقام أولها 1.',
  ),
  'BR-KSA-F-11': text(
    'An iqama number has to be ten digits and begin with 2.',
    'يجب أن يكون رقم الإقامة عشرة أرقام أولها 2.',
  ),
  'BR-KSA-F-12': text('There are blanks around the scheme of an id.', 'حول نوع المعرف مسافات زائدة.'),
  'BR-KSA-F-13': text(
    "An id holds eight digits in a row that count up, count down or repeat: nobody's number.",
    'المعرف يحوي ثمانية أرقام متتالية أو متكررة، فليس رقمًا حقيقيًا.',
  ),
  'BR-KSA-F-06-C3': tooLong(F.order, 127),
  'BR-KSA-F-06-C4': outside(F.sellerStreet, 1, 1000),
  'BR-KSA-F-06-C5': tooLong(F.contract, 127),
  'BR-KSA-F-06-C6': tooLong(F.sellerStreet2, 127),
  'BR-KSA-F-06-C7': outside(F.sellerCity, 1, 127),
  'BR-KSA-F-06-C9': outside(F.sellerDistrict, 1, 127),
  'BR-KSA-F-06-C11': tooLong(F.buyerStreet2, 127),
  'BR-KSA-F-06-C12': outside(F.buyerName, 1, 1000),
  'BR-KSA-F-06-C13': outside(F.noteReason, 1, 1000),
  'BR-KSA-F-06-C14': outside(F.paymentNote, 1, 1000),
  'BR-KSA-F-06-C15': tooLong(F.paymentAccount, 127),
  'BR-KSA-F-06-C16': outside(F.exemptionText, 1, 1000),
  'BR-KSA-F-06-C21': tooLong(F.baseUnit, 127),
  'BR-KSA-F-06-C22': outside(F.billingReference, 1, 5000),
  'BR-KSA-F-06-C23': outside(F.buyerStreet, 1, 1000),
  'BR-KSA-F-06-C24': tooLong(F.buyerStreet, 1000),
  'BR-KSA-F-06-C25': missing(F.buyerCity),
  'BR-KSA-F-06-C26': tooLong(F.buyerCity, 127),
  'BR-KSA-F-06-C28': missing(F.buyerDistrict),
  'BR-KSA-F-06-C29': tooLong(F.buyerDistrict, 127),
  'BR-KSA-F-06-C32': tooLong(F.buyerName, 1000),
  'BR-KSA-F-06-C33': outside(F.chargeReason, 1, 1000),
  'BR-KSA-F-06-C34': outside(F.lineChargeReason, 1, 1000),
  'BR-KSA-F-06-C35': outside(F.allowanceReason, 1, 1000),
  'BR-KSA-F-06-C36': outside(F.lineAllowanceReason, 1, 1000),
  'BR-KSA-F-06-C37': tooLong(F.contactName, 1000),
  'BR-KSA-F-06-C38': tooLong(F.contactNote, 1000),
  'BR-KSA-F-06-C39': outside(F.advanceText, 1, 1000),
  'BR-KSA-F-06-C40': outside(F.flags, 7, 9),
  'BR-CL-KSA-14': outside(F.qr, 1, 1000),
  'BR-CUSTOM-VALIDATION-01': text(
    'Seller and buyer cannot have the same VAT number (BT-31, BT-48).',
    'لا يكون للبائع والمشتري الرقم الضريبي نفسه (BT-31، BT-48).',
  ),
}
