import { isLonger, isWithin } from './ksa-header.js'
import { isSaudiBuyer, ofFormCodes } from './ksa-parties.js'
import { type Rule, rulesOf } from './rule.js'
import { lengthOf, normalOne, one } from './values.js'
import { has, select, type View } from './view.js'

const { warning } = rulesOf('KSA')
const SELLER = 'cac:AccountingSupplierParty/cac:Party'
const SELLER_ADDRESS = `${SELLER}/cac:PostalAddress`
const BUYER_ADDRESS = 'cac:AccountingCustomerParty/cac:Party/cac:PostalAddress'
const COUNTRY = 'cac:Country/cbc:IdentificationCode'
const WHOLE = [
  'cbc:StreetName',
  'cbc:BuildingNumber',
  'cbc:CityName',
  'cbc:PostalZone',
  'cbc:CitySubdivisionName',
  COUNTRY,
]

/** National addresses. */
export const addressRules: Rule[] = [
  warning('BR-KSA-09', view => sellers(view).filter(address => !WHOLE.every(part => has(address, part)))),
  warning('BR-KSA-37', view =>
    view
      .anywhere(SELLER)
      .filter(party => !/^[0-9]{4}$/.test(one(select(party, 'cac:PostalAddress/cbc:BuildingNumber')))),
  ),
  warning('BR-KSA-66', view =>
    sellers(view).filter(address => !/^[0-9]{5}$/.test(one(select(address, 'cbc:PostalZone')))),
  ),
  warning('BR-KSA-F-06-C4', view =>
    sellers(view).filter(
      address => has(address, 'cbc:StreetName') && !isWithin(one(select(address, 'cbc:StreetName')), 1, 1000),
    ),
  ),
  warning('BR-KSA-F-06-C6', view =>
    sellers(view).filter(address => isLonger(select(address, 'cbc:AdditionalStreetName'), 127)),
  ),
  warning('BR-KSA-F-06-C7', view =>
    sellers(view).filter(
      address => has(address, 'cbc:CityName') && !isWithin(one(select(address, 'cbc:CityName')), 1, 127),
    ),
  ),
  // asked at the seller's address, though about the buyer's
  warning('BR-KSA-F-06-C11', view =>
    sellers(view).filter(() => isLonger(buyer(view, 'cbc:AdditionalStreetName'), 127)),
  ),
  // and the other way round, where the buyer is in the country
  warning('BR-KSA-F-06-C9', view => {
    const districts = view.anywhere(`${SELLER_ADDRESS}/cbc:CitySubdivisionName`)
    return isSaudiBuyer(view) && districts.length > 0 && !isWithin(one(districts), 1, 127)
  }),
  warning('BR-KSA-10', view =>
    ofFormCodes(
      view,
      () => view.isStandard && [COUNTRY, 'cbc:StreetName', 'cbc:CityName'].some(part => isEmpty(view, part)),
    ),
  ),
  warning('BR-KSA-63', view =>
    isSaudiBuyer(view) && view.isStandard ? WHOLE.some(part => normalOne(buyer(view, part)) === '') : false,
  ),
  warning('BR-KSA-67', view =>
    isSaudiBuyer(view) && view.isStandard ? !/^[0-9]{5}$/.test(one(buyer(view, 'cbc:PostalZone'))) : false,
  ),
  warning('BR-KSA-F-06-C28', view =>
    isSaudiBuyer(view) && view.isStandard ? isEmpty(view, 'cbc:CitySubdivisionName') : false,
  ),
  warning('BR-KSA-F-06-C29', view =>
    isSaudiBuyer(view) && view.isStandard ? isLonger(buyer(view, 'cbc:CitySubdivisionName'), 127) : false,
  ),
  warning('BR-KSA-F-06-C23', view =>
    ofFormCodes(view, () => view.isStandard && !isWithin(one(buyer(view, 'cbc:StreetName')), 1, 1000)),
  ),
  warning('BR-KSA-F-06-C24', view =>
    ofFormCodes(view, () => view.isSimplified && isLonger(buyer(view, 'cbc:StreetName'), 1000)),
  ),
  warning('BR-KSA-F-06-C25', view =>
    ofFormCodes(view, () => view.isStandard && isEmpty(view, 'cbc:CityName')),
  ),
  warning('BR-KSA-F-06-C26', view => ofFormCodes(view, () => isLonger(buyer(view, 'cbc:CityName'), 127))),
]

const sellers = (view: View) => view.anywhere(SELLER_ADDRESS)
const buyer = (view: View, part: string) => view.anywhere(`${BUYER_ADDRESS}/${part}`)
const isEmpty = (view: View, part: string): boolean => lengthOf(one(buyer(view, part))) === 0
