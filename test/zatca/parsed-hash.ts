import { createHash } from 'node:crypto'
import { XmlC14NMode, XmlDocument } from 'libxml2-wasm'

const NAMESPACES = {
  cac: 'urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2',
  cbc: 'urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2',
  ext: 'urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2',
}
/** What ZATCA's hash leaves out. */
const LEFT_OUT = ['//ext:UBLExtensions', '//cac:Signature', "//cac:AdditionalDocumentReference[cbc:ID='QR']"]

/** As ZATCA's SDK does it: parse, take the three out, canonicalise, digest. By libxml2, which is none of ours. */
export function parsedHash(xml: string): string {
  const document = XmlDocument.fromString(xml)
  try {
    for (const path of LEFT_OUT) for (const node of document.find(path, NAMESPACES)) node.remove()
    const canonical = document.canonicalizeToString({ mode: XmlC14NMode.XML_C14N_1_1 })
    return createHash('sha256').update(canonical).digest('base64')
  } finally {
    document.dispose()
  }
}
