/** The Saudi national address (SPL): four digits of building, five of postal code, four of additional number. */
export type NationalAddress = {
  buildingNumber: string
  street: string
  district: string
  city: string
  postalCode: string
  additionalNumber?: string | undefined
}
