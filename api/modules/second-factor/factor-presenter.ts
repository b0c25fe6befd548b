import { toString as drawQr } from 'qrcode'
import type { z } from 'zod'
import type { EnrolmentView, FactorView } from './factor-schemas.js'
import type { Enrolment, FactorState } from './factor-service.js'

export const presentFactor = ({ confirmedAt, ...state }: FactorState): z.infer<typeof FactorView> => ({
  ...state,
  confirmedAt: confirmedAt?.toISOString() ?? null,
})

export async function presentEnrolment({ secret, uri }: Enrolment): Promise<z.infer<typeof EnrolmentView>> {
  const qrSvg = await drawQr(uri, { type: 'svg', errorCorrectionLevel: 'M', margin: 4 })
  return { secret, otpauthUri: uri, qrSvg }
}
