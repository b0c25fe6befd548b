import { F } from './fields.js'
import { missing, notListed, notZero, type Text, text, tooLong } from './text.js'

/** What each rule of ZATCA's extension says, in our words. */
export const KSA_TEXTS: Record<string, Text> = {
  'BR-KSA-03': text(
    'The unique id (KSA-1) is missing, or holds more than letters, digits and dashes.',
    'المعرف الفريد (KSA-1) غير موجود أو يحوي غير الحروف والأرقام والشرطات.',
  ),
  'BR-KSA-04': text('The issue date (BT-2) lies in the future.', 'تاريخ الإصدار (BT-2) في المستقبل.'),
  'BR-KSA-05': text(
    'The type (BT-3) has to be 388, 381, 383 or 386.',
    'يجب أن يكون نوع المستند (BT-3) أحد الرموز 388 أو 381 أو 383 أو 386.',
  ),
  'BR-KSA-06': text(
    'The transaction code (KSA-2) has to be 01 or 02 and five to seven digits of 0 and 1.',
    'يجب أن يتكون رمز نوع المعاملة (KSA-2) من 01 أو 02 ثم خمسة إلى سبعة أرقام من 0 و1.',
  ),
  'BR-KSA-07': text('An export cannot be self-billed.', 'لا تكون فاتورة التصدير ذاتية الفوترة.'),
  'BR-KSA-08': text(
    "The seller's other id (BT-29) has to stand there once, with one of the schemes CRN, MOM, MLS, SAG, OTH, 700.",
    'يجب ذكر المعرف الآخر للبائع (BT-29) مرة واحدة بأحد الأنواع CRN أو MOM أو MLS أو SAG أو OTH أو 700.',
  ),
  'BR-KSA-09': text(
    "The seller's address needs street, building number, postal code, city, district and country.",
    'يجب أن يضم عنوان البائع الشارع ورقم المبنى والرمز البريدي والمدينة والحي والدولة.',
  ),
  'BR-KSA-10': text(
    "The buyer's address on a tax invoice needs street, city and country.",
    'يجب أن يضم عنوان المشتري في الفاتورة الضريبية الشارع والمدينة والدولة.',
  ),
  'BR-KSA-11': notZero(F.lineRate),
  'BR-KSA-12': notZero(F.allowanceRate),
  'BR-KSA-13': notZero(F.chargeRate),
  'BR-KSA-14': text(
    "The scheme of the buyer's other id (BT-46) has to be one of TIN, CRN, MOM, MLS, 700, SAG, NAT, GCC, IQA, PAS, OTH.",
    'يجب أن يكون نوع المعرف الآخر للمشتري (BT-46) أحد الأنواع TIN أو CRN أو MOM أو MLS أو 700 أو SAG أو NAT أو GCC أو IQA أو PAS أو OTH.',
  ),
  'BR-KSA-15': missing(F.supplyDate),
  'BR-KSA-16': notListed(F.paymentCode, 'UNTDID 4461'),
  'BR-KSA-17': missing(F.noteReason),
  'BR-KSA-18': text('A VAT category has to be S, Z, E or O.', 'يجب أن تكون فئة الضريبة S أو Z أو E أو O.'),
  'BR-KSA-19': missing(F.chargeCode),
  'BR-KSA-20': missing(F.lineChargeCode),
  'BR-KSA-21': missing(F.chargeReason),
  'BR-KSA-22': missing(F.lineChargeReason),
  'BR-KSA-23': text(
    'An exempt category needs the code of its reason (BT-121).',
    'الفئة المعفاة تحتاج إلى رمز سبب الإعفاء (BT-121).',
  ),
  'BR-KSA-24': text(
    'A category out of scope needs the code of its reason (BT-121).',
    'الفئة غير الخاضعة تحتاج إلى رمز السبب (BT-121).',
  ),
  'BR-KSA-25': text(
    'Private schooling and health care at zero rate need the name of the buyer (BT-44).',
    'التعليم الخاص والرعاية الصحية الخاصة بنسبة الصفر يحتاجان إلى اسم المشتري (BT-44).',
  ),
  'BR-KSA-26': text(
    'The hash of the document before (KSA-13) has to stand there as plain text.',
    'يجب أن ترد بصمة المستند السابق (KSA-13) نصًا عاديًا.',
  ),
  'BR-KSA-27': text(
    'A simplified document needs a QR code (KSA-14) as plain text.',
    'المستند المبسط يحتاج إلى رمز الاستجابة السريعة (KSA-14) نصًا عاديًا.',
  ),
  'BR-KSA-28': text(
    "The signature's own id has to be urn:oasis:names:specification:ubl:signature:1.",
    'يجب أن يكون معرف التوقيع urn:oasis:names:specification:ubl:signature:1.',
  ),
  'BR-KSA-29': text(
    'The signature and what refers to it have to carry the id urn:oasis:names:specification:ubl:signature:Invoice.',
    'يجب أن يحمل التوقيع ومرجعه المعرف urn:oasis:names:specification:ubl:signature:Invoice.',
  ),
  'BR-KSA-30': text(
    'The signature method has to be urn:oasis:names:specification:ubl:dsig:enveloped:xades.',
    'يجب أن تكون طريقة التوقيع urn:oasis:names:specification:ubl:dsig:enveloped:xades.',
  ),
  'BR-KSA-31': text(
    'A simplified document may be by a third party, nominal, an export or a summary, but not self-billed.',
    'المستند المبسط قد يكون لطرف ثالث أو اسميًا أو تصديرًا أو ملخصًا، ولا يكون ذاتي الفوترة.',
  ),
  'BR-KSA-33': missing(F.counter),
  'BR-KSA-34': text(
    'The document counter (KSA-16) holds more than digits.',
    'عداد المستندات (KSA-16) يحوي غير الأرقام.',
  ),
  'BR-KSA-35': text(
    'A last supply date (KSA-24) needs a first one (KSA-5).',
    'تاريخ نهاية التوريد (KSA-24) يحتاج إلى تاريخ بدايته (KSA-5).',
  ),
  'BR-KSA-36': text(
    'The last supply date (KSA-24) lies before the first (KSA-5).',
    'تاريخ نهاية التوريد (KSA-24) قبل تاريخ بدايته (KSA-5).',
  ),
  'BR-KSA-37': text(
    "The seller's building number (KSA-17) has to be four digits.",
    'يجب أن يكون رقم مبنى البائع (KSA-17) أربعة أرقام.',
  ),
  'BR-KSA-39': text("The seller's VAT number (BT-31) is missing.", 'الرقم الضريبي للبائع (BT-31) غير موجود.'),
  'BR-KSA-40': text(
    "The seller's VAT number (BT-31) has to be 15 digits, of which the first and the last are 3.",
    'يجب أن يكون الرقم الضريبي للبائع (BT-31) خمسة عشر رقمًا أولها وآخرها 3.',
  ),
  'BR-KSA-42': missing(F.buyerName),
  'BR-KSA-44': text(
    "The buyer's VAT number (BT-48) has to be 15 digits, of which the first and the last are 3.",
    'يجب أن يكون الرقم الضريبي للمشتري (BT-48) خمسة عشر رقمًا أولها وآخرها 3.',
  ),
  'BR-KSA-49': text(
    "Private schooling and health care at zero rate need the buyer's national id (BT-46, scheme NAT).",
    'التعليم الخاص والرعاية الصحية الخاصة بنسبة الصفر يحتاجان إلى الهوية الوطنية للمشتري (BT-46، النوع NAT).',
  ),
  'BR-KSA-51': text(
    'The sum of the line with VAT (KSA-12) is not its net (BT-131) plus its VAT (KSA-11).',
    'إجمالي البند (KSA-12) لا يساوي صافيه (BT-131) مع ضريبته (KSA-11).',
  ),
  'BR-KSA-52': missing(F.lineVat),
  'BR-KSA-53': missing(F.lineGross),
  'BR-KSA-56': text(
    'A credit or debit note has to name the invoice it is about (BT-25).',
    'يجب أن يذكر الإشعار الدائن أو المدين رقم الفاتورة التي يخصها (BT-25).',
  ),
  'BR-KSA-60': text(
    'A simplified document needs a signature (KSA-15).',
    'المستند المبسط يحتاج إلى توقيع (KSA-15).',
  ),
  'BR-KSA-61': missing(F.previousHash),
  'BR-KSA-63': text(
    "A Saudi buyer's address on a tax invoice needs street, building number, postal code, city and district.",
    'عنوان المشتري السعودي في الفاتورة الضريبية يجب أن يضم الشارع ورقم المبنى والرمز البريدي والمدينة والحي.',
  ),
  'BR-KSA-66': text(
    "The seller's postal code (BT-38) has to be five digits.",
    'يجب أن يكون الرمز البريدي للبائع (BT-38) خمسة أرقام.',
  ),
  'BR-KSA-67': text(
    "A Saudi buyer's postal code (BT-53) has to be five digits.",
    'يجب أن يكون الرمز البريدي للمشتري السعودي (BT-53) خمسة أرقام.',
  ),
  'BR-KSA-68': missing(F.taxCurrency),
  'BR-KSA-69': text(
    'A zero-rated category needs the code of its reason (BT-121).',
    'الفئة الخاضعة لنسبة الصفر تحتاج إلى رمز السبب (BT-121).',
  ),
  'BR-KSA-70': text(
    'The issue time (KSA-25) has to be hh:mm:ss, or hh:mm:ssZ for universal time.',
    'يجب أن يكون وقت الإصدار (KSA-25) بصيغة hh:mm:ss، أو hh:mm:ssZ للتوقيت العالمي.',
  ),
  'BR-KSA-71': text(
    'A simplified summary needs the name of the buyer (BT-44).',
    'الفاتورة المبسطة الملخصة تحتاج إلى اسم المشتري (BT-44).',
  ),
  'BR-KSA-72': text(
    'A simplified summary needs the first and the last supply date (KSA-5, KSA-24).',
    'الفاتورة المبسطة الملخصة تحتاج إلى تاريخي بداية التوريد ونهايته (KSA-5، KSA-24).',
  ),
  'BR-KSA-73': text(
    'A prepaid sum (BT-113) needs a line that names number, date, time and type of the advance (KSA-26, KSA-28 to KSA-30).',
    'المبلغ المدفوع مسبقًا (BT-113) يحتاج إلى بند يذكر رقم الدفعة المقدمة وتاريخها ووقتها ونوعها (KSA-26، KSA-28 إلى KSA-30).',
  ),
  'BR-KSA-74': text(
    'The type of an advance (KSA-30) has to be 386.',
    'يجب أن يكون نوع الدفعة المقدمة (KSA-30) 386.',
  ),
  'BR-KSA-75': text(
    'A line about an advance needs its taxable sum, VAT, category and rate (KSA-31 to KSA-34).',
    'بند الدفعة المقدمة يحتاج إلى مبلغها وضريبتها وفئتها ونسبتها (KSA-31 إلى KSA-34).',
  ),
  'BR-KSA-76': notZero(F.advanceRate),
  'BR-KSA-77': notZero(F.advanceRate),
  'BR-KSA-78': notZero(F.advanceRate),
  'BR-KSA-79': text(
    'The VAT of an advance (KSA-32) is not its taxable sum (KSA-31) times its rate (KSA-34).',
    'ضريبة الدفعة المقدمة (KSA-32) لا تساوي مبلغها (KSA-31) مضروبًا في نسبتها (KSA-34).',
  ),
  'BR-KSA-80': text(
    'The prepaid sum (BT-113) is not what the advances were with their VAT (KSA-31, KSA-32).',
    'المبلغ المدفوع مسبقًا (BT-113) لا يساوي مجموع الدفعات المقدمة مع ضريبتها (KSA-31، KSA-32).',
  ),
  'BR-KSA-81': text(
    'A buyer without a VAT number needs another id (BT-46) on a tax invoice.',
    'المشتري الذي ليس له رقم ضريبي يحتاج إلى معرف آخر (BT-46) في الفاتورة الضريبية.',
  ),
  'BR-KSA-82': text(
    'In a line about an advance, price, net, VAT, sum and allowances have to be 0.',
    'في بند الدفعة المقدمة يجب أن يكون السعر والصافي والضريبة والإجمالي والخصومات صفرًا.',
  ),
  'BR-KSA-83': missing(F.exemptionText),
  'BR-KSA-84': text('The standard rate has to be 15 or 5.', 'يجب أن تكون النسبة الأساسية 15 أو 5.'),
  'BR-KSA-85': text(
    "The phone number of the buyer's contact (BT-57) has to begin with 0 or +, and go on with 4 to 15 digits.",
    'يجب أن يبدأ هاتف جهة اتصال المشتري (BT-57) بـ 0 أو + تليه 4 إلى 15 رقمًا.',
  ),
  'BR-KSA-86': text(
    "The e-mail address of the buyer's contact (BT-58) has to end in two or three letters.",
    'يجب أن ينتهي بريد جهة اتصال المشتري (BT-58) بحرفين أو ثلاثة.',
  ),
  'BR-KSA-87': text(
    'An exchange rate needs both currencies and the rate (KSA-36 to KSA-38).',
    'سعر الصرف يحتاج إلى العملتين والسعر (KSA-36 إلى KSA-38).',
  ),
  'BR-KSA-88': text(
    "The exchange rate has to start from the document's currency (KSA-36, BT-5).",
    'يجب أن يبدأ سعر الصرف من عملة المستند (KSA-36، BT-5).',
  ),
  'BR-KSA-89': text(
    'The exchange rate has to lead to the tax currency (KSA-37, BT-6).',
    'يجب أن ينتهي سعر الصرف إلى عملة الضريبة (KSA-37، BT-6).',
  ),
  'BR-KSA-90': tooLong(F.exchangeRate, 14),
  'BR-KSA-91': text(
    "A government buyer's legal form (KSA-40) has to be GOV.",
    'يجب أن يكون الشكل النظامي للمشتري الحكومي (KSA-40) GOV.',
  ),
  'BR-KSA-92': text(
    'A sale to the government needs the number of its contract (BT-12).',
    'البيع للجهات الحكومية يحتاج إلى رقم العقد (BT-12).',
  ),
  'BR-KSA-93': text(
    'A zero-rated advance needs the code of its reason.',
    'الدفعة المقدمة الخاضعة لنسبة الصفر تحتاج إلى رمز السبب.',
  ),
  'BR-KSA-94': text(
    'An exempt advance needs the code of its reason.',
    'الدفعة المقدمة المعفاة تحتاج إلى رمز سبب الإعفاء.',
  ),
  'BR-KSA-95': text(
    'An advance out of scope needs the code of its reason.',
    'الدفعة المقدمة غير الخاضعة تحتاج إلى رمز السبب.',
  ),
  'BR-KSA-96': missing(F.advanceText),
  'BR-KSA-97': text(
    'In a foreign currency, the VAT (BT-110) cannot be the same number as in riyals (BT-111).',
    'في العملة الأجنبية لا تتساوى قيمة الضريبة (BT-110) مع قيمتها بالريال (BT-111).',
  ),
  'BR-KSA-98': text(
    'A simplified document has to be reported within 24 hours of its issue.',
    'يجب إبلاغ المستند المبسط خلال 24 ساعة من إصداره.',
  ),
  'BR-KSA-99': missing(F.buyerVat),
}
