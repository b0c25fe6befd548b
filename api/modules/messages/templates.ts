export type Template =
  | 'verify_email'
  | 'reset_password'
  | 'phone_code'
  | 'password_changed'
  | 'second_factor_enabled'
  | 'second_factor_disabled'
  | 'account_blocked'
  | 'kyc_approved'
  | 'kyc_rejected'
  | 'kyc_expiring'
  | 'kyc_expired'
  | 'bank_account_requested'
  | 'bank_account_changed'

type Words = { subject: string; text: string }
export type Values = { name: string; link: string; code: string }
type Both = { channel: 'email' | 'sms'; ar: (v: Values) => Words; en: (v: Values) => Words }

const notYou = {
  ar: 'إن لم تكن أنت من فعل ذلك، فأعد تعيين كلمة المرور فورًا وتواصل معنا.',
  en: 'If this was not you, reset your password now and contact us.',
}
const notice = (ar: Words, en: Words): Both => ({
  channel: 'email',
  ar: ({ name }) => ({ subject: ar.subject, text: `مرحبًا ${name}،\n\n${ar.text}\n${notYou.ar}` }),
  en: ({ name }) => ({ subject: en.subject, text: `Hello ${name},\n\n${en.text}\n${notYou.en}` }),
})

const news = (ar: Words, en: Words): Both => ({
  channel: 'email',
  ar: ({ name }) => ({ subject: ar.subject, text: `مرحبًا ${name}،\n\n${ar.text}` }),
  en: ({ name }) => ({ subject: en.subject, text: `Hello ${name},\n\n${en.text}` }),
})

/** What people are told about their accounts. The words carry no markup: they are text wherever they are shown. */
export const TEMPLATES: Record<Template, Both> = {
  verify_email: {
    channel: 'email',
    ar: ({ name, link }) => ({
      subject: 'تأكيد بريدك الإلكتروني',
      text: `مرحبًا ${name}،\n\nأكّد بريدك في كارجو بارتس من هذا الرابط خلال يوم:\n${link}`,
    }),
    en: ({ name, link }) => ({
      subject: 'Confirm your e-mail address',
      text: `Hello ${name},\n\nConfirm your address at CargoParts with this link, within a day:\n${link}`,
    }),
  },
  reset_password: {
    channel: 'email',
    ar: ({ name, link }) => ({
      subject: 'كلمة مرور جديدة',
      text: `مرحبًا ${name}،\n\nاختر كلمة مرور جديدة من هذا الرابط خلال نصف ساعة:\n${link}\n\nإن لم تطلب ذلك فتجاهل هذه الرسالة.`,
    }),
    en: ({ name, link }) => ({
      subject: 'A new password',
      text: `Hello ${name},\n\nChoose a new password with this link, within half an hour:\n${link}\n\nIf you did not ask for this, ignore this message.`,
    }),
  },
  phone_code: {
    channel: 'sms',
    ar: ({ code }) => ({ subject: '', text: `رمز كارجو بارتس: ${code}. صالح لخمس دقائق، فلا تعطه أحدًا.` }),
    en: ({ code }) => ({
      subject: '',
      text: `CargoParts code: ${code}. Good for five minutes; give it to nobody.`,
    }),
  },
  password_changed: notice(
    { subject: 'تغيّرت كلمة المرور', text: 'تغيّرت كلمة مرور حسابك، وسُجّل الخروج من أجهزتك الأخرى.' },
    {
      subject: 'Your password was changed',
      text: 'Your password was changed, and your other devices were signed out.',
    },
  ),
  second_factor_enabled: notice(
    { subject: 'فُعّل التحقق بخطوتين', text: 'صار الدخول إلى حسابك يحتاج رمزًا من تطبيق المصادقة.' },
    { subject: 'Two-step sign-in is on', text: 'Signing in now needs a code of your authenticator app.' },
  ),
  second_factor_disabled: notice(
    { subject: 'أُوقف التحقق بخطوتين', text: 'لم يعد الدخول إلى حسابك يحتاج رمزًا ثانيًا.' },
    { subject: 'Two-step sign-in is off', text: 'Signing in no longer needs a second code.' },
  ),
  account_blocked: notice(
    { subject: 'أُوقف حسابك', text: 'أوقفنا حسابك وسجّلنا الخروج من أجهزتك.' },
    { subject: 'Your account is blocked', text: 'We blocked your account and signed out its devices.' },
  ),
  kyc_approved: news(
    {
      subject: 'اعتُمد حسابك بائعًا',
      text: 'اكتمل التحقق من منشأتك، وصار بإمكانك نشر إعلاناتك في كارجو بارتس.',
    },
    {
      subject: 'You are approved as a seller',
      text: 'Your firm has been verified: you can publish your listings at CargoParts.',
    },
  ),
  kyc_rejected: news(
    {
      subject: 'طلبك يحتاج تعديلًا',
      text: 'راجعنا طلبك ولم نعتمده. الأسباب في حسابك، فعدّل ما يلزم ثم أرسله من جديد.',
    },
    {
      subject: 'Your application needs a change',
      text: 'We looked at your application and could not approve it. The reasons are in your account: put them right and hand it in again.',
    },
  ),
  kyc_expiring: news(
    {
      subject: 'اقترب انتهاء اعتمادك',
      text: 'ينتهي اعتماد منشأتك قريبًا. أرسل مستنداتك المجددة من حسابك حتى لا تتوقف إعلاناتك.',
    },
    {
      subject: 'Your approval ends soon',
      text: 'The approval of your firm ends soon. Send your renewed documents from your account, so that your listings stay on sale.',
    },
  ),
  kyc_expired: news(
    {
      subject: 'انتهى اعتمادك',
      text: 'انتهى اعتماد منشأتك، فأوقفنا إعلاناتك مؤقتًا. لم يُحذف شيء: تعود كما كانت بعد اعتماد مستنداتك المجددة.',
    },
    {
      subject: 'Your approval has ended',
      text: 'The approval of your firm has ended, and your listings are paused. Nothing is lost: they are back when your renewed documents are approved.',
    },
  ),
  bank_account_requested: notice(
    {
      subject: 'طلب تغيير حسابك البنكي',
      text: 'طُلب تغيير الحساب البنكي الذي نحوّل إليه مستحقاتك. لا يتغير شيء قبل موافقتنا.',
    },
    {
      subject: 'Your bank account is to be changed',
      text: 'Somebody asked to change the bank account we pay you out to. Nothing changes before we agree.',
    },
  ),
  bank_account_changed: notice(
    { subject: 'تغيّر حسابك البنكي', text: 'صار حسابك البنكي الجديد هو الذي نحوّل إليه مستحقاتك.' },
    {
      subject: 'Your bank account was changed',
      text: 'From now on we pay you out to your new bank account.',
    },
  ),
}
