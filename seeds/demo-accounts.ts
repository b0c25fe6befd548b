import type { Role } from '../api/platform/actor.js'

export type DemoAccount = { role: Role; email: string; password: string; name: string }

/** No secret: these accounts never load in production. */
const password = 'demo-parts-2026'

/** Who can sign in to a demo system; `start` prints them. */
export const demoAccounts: readonly DemoAccount[] = [
  { role: 'buyer', email: 'buyer@cargoparts.example', password, name: 'سارة القحطاني' },
  { role: 'seller', email: 'seller@cargoparts.example', password, name: 'عبدالله الدوسري' },
  { role: 'seller', email: 'seller2@cargoparts.example', password, name: 'ياسر الغامدي' },
  { role: 'seller', email: 'seller3@cargoparts.example', password, name: 'فيصل الخالدي' },
  { role: 'seller', email: 'seller4@cargoparts.example', password, name: 'سعيد الشهراني' },
  { role: 'seller', email: 'seller5@cargoparts.example', password, name: 'صالح المطيري' },
  { role: 'officer', email: 'officer@cargoparts.example', password, name: 'نورة الشمري' },
  { role: 'finance', email: 'finance@cargoparts.example', password, name: 'ماجد الحربي' },
  { role: 'admin', email: 'admin@cargoparts.example', password, name: 'خالد العتيبي' },
]
