import { readFileSync } from 'node:fs'
import path from 'node:path'
import { XmlDocument, XmlValidateError, XsdValidator } from 'libxml2-wasm'
import { xmlRegisterFsInputProviders } from 'libxml2-wasm/lib/nodejs.mjs'

/** ZATCA's copy of the UBL 2.1 schema: what it says against a document. */
export function officialSchema(sdk: string): (xml: string) => string[] {
  xmlRegisterFsInputProviders()
  const file = path.join(sdk, 'Data/Schemas/xsds/UBL2.1/xsd/maindoc/UBL-Invoice-2.1.xsd')
  const source = XmlDocument.fromBuffer(readFileSync(file), { url: file })
  const schema = XsdValidator.fromDoc(source)
  return xml => {
    const document = XmlDocument.fromString(xml)
    try {
      schema.validate(document)
      return []
    } catch (error) {
      if (!(error instanceof XmlValidateError)) throw error
      return error.details.map(detail => `line ${detail.line}: ${detail.message.trim()}`)
    } finally {
      document.dispose()
    }
  }
}
