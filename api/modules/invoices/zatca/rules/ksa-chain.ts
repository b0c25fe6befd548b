import { MIME_TYPES } from './code-lists.js'
import { type Rule, rulesOf } from './rule.js'
import { isFilled, isText, lengthOf, normal, normalOne, one } from './values.js'
import { has, isAttachmentOf, select, type View } from './view.js'
import type { Element } from './xml-tree.js'

const { error, warning } = rulesOf('KSA')
const OBJECT = 'cac:Attachment/cbc:EmbeddedDocumentBinaryObject'
const SIGNATURE = 'urn:oasis:names:specification:ubl:signature:Invoice'

/** Counter, hash before, QR code, signature: what ties a document to the ones before and to who issued it. */
export const chainRules: Rule[] = [
  error('BR-KSA-33', view => !(reference(view, 'ICV').length > 0 && isFilled(view.path(COUNTER)))),
  error('BR-KSA-34', view => !/^[0-9]*$/.test(one(view.path(COUNTER)))),
  warning('BR-KSA-61', view => !isPlainText(objectsOf(view, 'PIH'))),
  warning('BR-KSA-26', view =>
    attachments(view)
      .filter(({ id }) => id === 'PIH')
      .map(({ attachment }) => attachment)
      .filter(attachment => !isPlainText(select(attachment, 'cbc:EmbeddedDocumentBinaryObject'))),
  ),
  warning('BR-KSA-27', view => {
    if (!view.isSimplified) return false
    // here the name has to be QR to the letter, blanks included
    const exact = view
      .path('cac:AdditionalDocumentReference')
      .filter(each => isText(select(each, 'cbc:ID'), 'QR'))
    const objects = exact.flatMap(each => select(each, OBJECT))
    return !(objectsOf(view, 'QR').length > 0 && normalOne(objects) !== '' && objects.some(isOfPlainText))
  }),
  error('BR-CL-KSA-14', view => {
    const codes = objectsOf(view, 'QR')
    return codes.length > 0 && (lengthOf(one(codes)) > 1000 || lengthOf(one(codes)) < 1)
  }),
  error('BR-KSA-28', view =>
    sealed(view).filter(
      attachment =>
        !isFilledObject(attachment) ||
        !isText(
          view.anywhere(`${CONTENT}/sig:UBLDocumentSignatures/sac:SignatureInformation/cbc:ID`),
          'urn:oasis:names:specification:ubl:signature:1',
        ),
    ),
  ),
  warning('BR-KSA-29', view => {
    const referred = `${CONTENT}/sig:UBLDocumentSignatures/sac:SignatureInformation/sbc:ReferencedSignatureID`
    return sealed(view).filter(
      () =>
        !isText(view.anywhere('cac:Signature/cbc:ID'), SIGNATURE) ||
        normalOne(view.anywhere(referred)) !== SIGNATURE,
    )
  }),
  error('BR-KSA-30', view =>
    sealed(view).filter(
      attachment =>
        !isFilledObject(attachment) ||
        !isText(
          view.anywhere('cac:Signature/cbc:SignatureMethod'),
          'urn:oasis:names:specification:ubl:dsig:enveloped:xades',
        ),
    ),
  ),
  warning('BR-KSA-60', view =>
    view
      .anywhere('cbc:InvoiceTypeCode')
      .filter(
        ({ attributes: { name = '' } }) => name.startsWith('02') && !isFilled(view.anywhere('cac:Signature')),
      ),
  ),
  error('BR-KSA-CL-03', view =>
    view
      .anywhere(`cac:AdditionalDocumentReference/${OBJECT}`)
      .filter(object => !MIME_TYPES.has(normal(object.attributes.mimeCode ?? ''))),
  ),
]

const COUNTER = 'cac:AdditionalDocumentReference/cbc:UUID'
const CONTENT = 'ext:UBLExtensions/ext:UBLExtension/ext:ExtensionContent'

const reference = (view: View, id: string): readonly Element[] =>
  view.path('cac:AdditionalDocumentReference').filter(each => isAttachmentOf(each, id))
const objectsOf = (view: View, id: string) => reference(view, id).flatMap(each => select(each, OBJECT))

const isOfPlainText = (object: Element) => normal(object.attributes.mimeCode ?? '') === 'text/plain'
const isPlainText = (objects: readonly Element[]) => isFilled(objects) && objects.some(isOfPlainText)
const isFilledObject = (attachment: Element) =>
  has(attachment, 'cbc:EmbeddedDocumentBinaryObject') &&
  isFilled(select(attachment, 'cbc:EmbeddedDocumentBinaryObject'))

function attachments(view: View): { id: string; attachment: Element }[] {
  return view.anywhere('cac:AdditionalDocumentReference').flatMap(each =>
    select(each, 'cac:Attachment').map(attachment => ({
      id: isAttachmentOf(each, 'PIH') ? 'PIH' : 'other',
      attachment,
    })),
  )
}

/** Of a simplified document every attachment but the hash is asked for the signature. */
const sealed = (view: View): Element[] =>
  view.isSimplified
    ? attachments(view).flatMap(({ id, attachment }) => (id === 'PIH' ? [] : [attachment]))
    : []
