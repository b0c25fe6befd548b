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
  | 'seller_suspended'
  | 'seller_reinstated'
  | 'bank_account_requested'
  | 'bank_account_changed'
  | 'api_key_created'
  | 'account_unblocked'
  | 'role_changed'
  | 'invitation'

type Words = { subject: string; text: string }
export type Values = { name: string; link: string; code: string }
type Both = { channel: 'email' | 'sms'; ar: (v: Values) => Words; en: (v: Values) => Words }

const notYou = {
  ar: 'إن لم تكن أنت من فعل ذلك، فأعد تعيين كلمة المرور فورًا وتواصل معنا.',
  en: 'If this was not you, reset your password now and contact us.',
}
const notice = (ar: Words, en: Words, end: { ar: string; en: string } | null = notYou): Both => ({
  channel: 'email',
  ar: ({ name }) => ({
    subject: ar.subject,
    text: `مرحبًا ${name}،\n\n${ar.text}${end ? `\n${end.ar}` : ''}`,
  }),
  en: ({ name }) => ({
    subject: en.subject,
    text: `Hello ${name},\n\n${en.text}${end ? `\n${end.en}` : ''}`,
  }),
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
  api_key_created: notice(
    { subject: 'مفتاح API جديد', text: 'أُنشئ في حسابك مفتاح API جديد لأحد أنظمتك.' },
    { subject: 'A new API key', text: 'An API key for one of your systems was made in your account.' },
  ),
  invitation: {
    channel: 'email',
    ar: ({ name, link }) => ({
      subject: 'حسابك في كارجو بارتس',
      text: `مرحبًا ${name}،\n\nفُتح لك حساب في كارجو بارتس. اختر كلمة المرور من هذا الرابط خلال ثلاثة أيام:\n${link}`,
    }),
    en: ({ name, link }) => ({
      subject: 'Your account at CargoParts',
      text: `Hello ${name},\n\nAn account at CargoParts was opened for you. Choose its password with this link, within three days:\n${link}`,
    }),
  },
  role_changed: notice(
    { subject: 'تغيّرت صلاحيات حسابك', text: 'غيّرنا دور حسابك، فسجّل الدخول من جديد.' },
    { subject: 'Your role was changed', text: 'We changed the role of your account: sign in again.' },
    { ar: 'إن لم تكن تتوقع ذلك فتواصل معنا.', en: 'If you did not expect this, contact us.' },
  ),
  account_unblocked: notice(
    { subject: 'عاد حسابك للعمل', text: 'رفعنا الإيقاف عن حسابك، ويمكنك تسجيل الدخول من جديد.' },
    {
      subject: 'Your account is open again',
      text: 'We lifted the block of your account: you can sign in again.',
    },
    null,
  ),
  account_blocked: notice(
    { subject: 'أُوقف حسابك', text: 'أوقفنا حسابك وسجّلنا الخروج من أجهزتك.' },
    { subject: 'Your account is blocked', text: 'We blocked your account and signed out its devices.' },
    { ar: 'إن رأيت في ذلك خطأ فتواصل معنا.', en: 'If you think this is a mistake, contact us.' },
  ),
  kyc_approved: notice(
    {
      subject: 'اعتُمد حسابك بائعًا',
      text: 'اكتمل التحقق من منشأتك، وصار بإمكانك نشر إعلاناتك في كارجو بارتس.',
    },
    {
      subject: 'You are approved as a seller',
      text: 'Your firm has been verified: you can publish your listings at CargoParts.',
    },
    null,
  ),
  kyc_rejected: notice(
    {
      subject: 'طلبك يحتاج تعديلًا',
      text: 'راجعنا طلبك ولم نعتمده. الأسباب في حسابك، فعدّل ما يلزم ثم أرسله من جديد.',
    },
    {
      subject: 'Your application needs a change',
      text: 'We looked at your application and could not approve it. The reasons are in your account: put them right and hand it in again.',
    },
    null,
  ),
  kyc_expiring: notice(
    {
      subject: 'اقترب انتهاء اعتمادك',
      text: 'ينتهي اعتماد منشأتك قريبًا. أرسل مستنداتك المجددة من حسابك حتى لا تتوقف إعلاناتك.',
    },
    {
      subject: 'Your approval ends soon',
      text: 'The approval of your firm ends soon. Send your renewed documents from your account, so that your listings stay on sale.',
    },
    null,
  ),
  kyc_expired: notice(
    {
      subject: 'انتهى اعتمادك',
      text: 'انتهى اعتماد منشأتك، فأوقفنا إعلاناتك مؤقتًا. لم يُحذف شيء: تعود كما كانت بعد اعتماد مستنداتك المجددة.',
    },
    {
      subject: 'Your approval has ended',
      text: 'The approval of your firm has ended, and your listings are paused. Nothing is lost: they are back when your renewed documents are approved.',
    },
    null,
  ),
  seller_suspended: notice(
    {
      subject: 'أُوقف متجرك',
      text: 'أوقفنا متجرك في كارجو بارتس: لا تظهر إعلاناتك ولا تصلك طلبات جديدة. عليك إتمام الطلبات التي وصلتك قبل ذلك.',
    },
    {
      subject: 'Your shop is suspended',
      text: 'We suspended your shop at CargoParts: your listings are not shown, and no new orders come. Orders that came before are still to be served.',
    },
    { ar: 'إن رأيت في ذلك خطأ فتواصل معنا.', en: 'If you think this is a mistake, contact us.' },
  ),
  seller_reinstated: notice(
    { subject: 'عاد متجرك', text: 'رفعنا إيقاف متجرك، وعاد إلى ما كان عليه قبله.' },
    {
      subject: 'Your shop is open again',
      text: 'We lifted the suspension of your shop: it is again what it was before.',
    },
    null,
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
