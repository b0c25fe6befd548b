import type { SealId } from '../checks/seal-finding.js'
import { type Text, text } from './text.js'

/** What is wrong with hash, signature, certificate or QR code. */
export const SEAL_TEXTS: Record<SealId, Text> = {
  'NOT-SIGNED': text('The document carries no signature.', 'المستند غير موقّع.'),
  'SIGNATURE-FORM': text(
    "Something in or around the signature is not what ZATCA's form has there.",
    'جزء من التوقيع أو مما حوله يخالف الصيغة المعتمدة لدى الهيئة.',
  ),
  'INVALID-INVOICE-HASH': text(
    'The hash of the document is not the one that was signed: these bytes, or the hash beside the signature, were changed.',
    'بصمة المستند ليست البصمة الموقّعة: تغيّرت هذه البايتات أو البصمة المثبتة مع التوقيع.',
  ),
  'INVALID-SIGNATURE': text(
    "The signature over the document's hash was not made with the key of this certificate.",
    'التوقيع على بصمة المستند لم يُنشأ بمفتاح هذه الشهادة.',
  ),
  'SIGNED-PROPERTIES-HASHING': text(
    'The signed properties, or the digest of them, were changed.',
    'تغيّرت خصائص التوقيع أو بصمتها.',
  ),
  'CERTIFICATE-UNREADABLE': text(
    'The certificate is none, or its key is not on the curve secp256k1.',
    'الشهادة غير مقروءة أو أن مفتاحها ليس على المنحنى secp256k1.',
  ),
  'CERTIFICATE-HASHING': text('The digest of the certificate is not its own.', 'بصمة الشهادة لا تطابقها.'),
  'CERTIFICATE-ISSUER': text(
    "The issuer's name is not the one in the certificate.",
    'اسم جهة الإصدار لا يطابق الشهادة.',
  ),
  'CERTIFICATE-SERIAL': text(
    'The serial number is not the one of the certificate.',
    'الرقم التسلسلي لا يطابق الشهادة.',
  ),
  'CERTIFICATE-TIME': text(
    'The certificate was not valid when the document was signed.',
    'لم تكن الشهادة سارية عند توقيع المستند.',
  ),
  'QRCODE-INVALID': text(
    'The QR code is no list of tags, lengths and values in their order.',
    'رمز الاستجابة السريعة ليس قائمة مرتبة من الوسوم والأطوال والقيم.',
  ),
  'QRCODE-VALUE': text(
    'The QR code says something else than the document.',
    'رمز الاستجابة السريعة يخالف ما في المستند.',
  ),
}
