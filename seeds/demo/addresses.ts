/** National addresses (street, building, district and code as SPL writes them). The buildings are invented. */
const recipient = 'سارة القحطاني'
const phone = '+966500000001'

export const addresses = {
  home: {
    buildingNumber: '2929',
    street: 'شارع العليا العام',
    district: 'حي العليا',
    city: 'الرياض',
    postalCode: '12214',
    additionalNumber: '7418',
    shortAddress: 'RRRD2929',
    recipient,
    phone,
  },
  family: {
    buildingNumber: '4102',
    street: 'شارع الأمير سلطان',
    district: 'حي الروضة',
    city: 'جدة',
    postalCode: '23432',
    recipient,
    phone,
  },
}
