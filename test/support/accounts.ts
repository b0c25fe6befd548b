import type { Context } from '../../api/context.js'
import type { DetailRow } from '../../api/modules/listings/listing-presenter.js'
import type { ListingFields } from '../../api/modules/listings/listing-service.js'
import type { Seller } from '../../api/modules/sellers/seller.js'
import { isStaffRole, type Role, type Scope, type UserActor } from '../../api/platform/actor.js'
import type { Db } from '../../api/platform/database.js'
import { newId } from '../../api/platform/ids.js'
import { halalas } from '../../api/platform/money.js'

/** `buyer`, or a second one as `buyer:2`. */
export type Who = Role | `${Role}:${string}`
export type Account = {
  id: string
  email: string
  password: string
  token: string
  refreshToken: string
  actor: UserActor
}

/** Where firms of tests are. */
export const NATIONAL_ADDRESS = {
  buildingNumber: '7421',
  street: 'شارع العليا',
  district: 'العليا',
  city: 'الرياض',
  postalCode: '12211',
}

const PASSWORD = 'a-password-for-tests'
let serial = 0

/** People and shops for a test, each made when first named. */
export function createAccounts({ context, owner }: { context: Context; owner: Db }) {
  const known = new Map<Who, Promise<Account>>()
  const shops = new Map<string, Promise<Seller>>()
  const keys = new Map<string, Promise<string>>()
  const { auth, apiKeys, kyc, sellers, listings } = context.services

  async function open(who: Who): Promise<Account> {
    const role = who.split(':')[0] as Role
    const email = `${who.replace(':', '-').toLowerCase()}-${++serial}@example.sa`
    const signedIn = await auth.register(
      {
        email,
        password: PASSWORD,
        name: `Test ${who}`,
        phone: '+966501234567',
        locale: 'ar',
        consentVersion: 'test',
      },
      { ip: '127.0.0.1' },
    )
    // staff as if they had enrolled their second factor: what they do without is tested where it is the matter
    const has_second_factor = isStaffRole(role)
    if (role !== 'buyer')
      await owner('users').where({ id: signedIn.user.id }).update({ role, has_second_factor })
    const sessionId = signedIn.refreshToken.split('.')[0] as string
    return {
      id: signedIn.user.id,
      email,
      password: PASSWORD,
      token: signedIn.accessToken,
      refreshToken: signedIn.refreshToken,
      actor: { kind: 'user', id: signedIn.user.id, role, sessionId },
    }
  }

  const account = (who: Who): Promise<Account> => {
    const found = known.get(who) ?? open(who)
    known.set(who, found)
    return found
  }

  /** The approved shop of a seller account; without VAT on request. */
  const shop = (who: Who = 'seller', over: { vatNumber?: string | null } = {}): Promise<Seller> => {
    const found = shops.get(who) ?? openShop(who, over)
    shops.set(who, found)
    return found
  }

  async function openShop(who: Who, over: { vatNumber?: string | null }): Promise<Seller> {
    const digits = String(++serial).padStart(9, '0')
    const { actor } = await account(who)
    const made = await kyc.apply(
      {
        tradeName: 'قطع الاختبار',
        legalName: 'شركة قطع الاختبار المحدودة',
        crNumber: `1010${digits.slice(-6)}`,
        vatNumber: `3000${digits}03`,
        city: 'الرياض',
        ...over,
      },
      actor,
    )
    await sellers.keepAddress(NATIONAL_ADDRESS, actor)
    // as if a case had been approved: how that goes is tested where it is the matter
    await owner('sellers')
      .where({ id: made.id })
      .update({ status: 'APPROVED', approved_at: context.clock.now() })
    return sellers.get(made.id)
  }

  /** A listing on sale. */
  async function listing(over: Partial<ListingFields> = {}, who: Who = 'seller'): Promise<DetailRow> {
    await shop(who)
    const made = await listings.create(
      {
        sku: null,
        titleAr: 'فحمات أمامية',
        titleEn: 'Front brake pads',
        descriptionAr: '',
        descriptionEn: '',
        categoryId: await anyCategory(),
        fits: [],
        crossReferences: [],
        warrantyMonths: null,
        partNumber: '04465-33480',
        brand: 'Toyota',
        condition: 'NEW',
        priceHalalas: halalas(11_500),
        stock: 10,
        status: 'ACTIVE',
        ...over,
      },
      (await account(who)).actor,
    )
    return made.listing
  }

  /** An API key of a seller's with these scopes. */
  const apiKey = (scopes: Scope[], who: Who = 'seller'): Promise<string> => {
    const name = `${who} ${scopes.join(' ')}`
    const found = keys.get(name) ?? openKey(scopes, who)
    keys.set(name, found)
    return found
  }

  async function openKey(scopes: Scope[], who: Who): Promise<string> {
    const { actor } = await account(who)
    return (await apiKeys.create({ name: who, scopes, expiresInDays: 30 }, actor, newId())).secret
  }

  async function anyCategory(): Promise<string> {
    return (await context.db('categories').orderBy('id').first('id')).id
  }

  return { account, token: async (who: Who) => (await account(who)).token, shop, listing, apiKey }
}
