import type { AppError, ErrorKind } from '../platform/errors.js'
import type { Locale } from './locale.js'

/** One code has a status and a title of its own: HTTP has a word for the wrong method. */
const WRONG_METHOD = 'request.method_not_allowed'

export const statusOf = (error: AppError): number => (error.code === WRONG_METHOD ? 405 : STATUS[error.kind])

export const STATUS: Record<ErrorKind, number> = {
  internal: 500,
  not_found: 404,
  conflict: 409,
  malformed: 400,
  too_large: 413,
  unsupported_type: 415,
  invalid: 422,
  unauthenticated: 401,
  forbidden: 403,
  rate_limited: 429,
  unavailable: 503,
}

const TITLES: Record<ErrorKind, Record<Locale, string>> = {
  internal: { en: 'Something went wrong on our side', ar: 'حدث خطأ لدينا' },
  not_found: { en: 'Not found', ar: 'غير موجود' },
  conflict: { en: 'Not possible in the present state', ar: 'غير ممكن في الحالة الحالية' },
  malformed: { en: 'The request cannot be read', ar: 'تعذرت قراءة الطلب' },
  too_large: { en: 'The request is too large', ar: 'الطلب أكبر من المسموح' },
  unsupported_type: { en: 'This kind of content is not accepted', ar: 'نوع المحتوى غير مقبول' },
  invalid: { en: 'Some of the input is not valid', ar: 'بعض المدخلات غير صحيحة' },
  unauthenticated: { en: 'Sign in first', ar: 'سجّل الدخول أولًا' },
  forbidden: { en: 'You may not do this', ar: 'لا تملك صلاحية هذا الإجراء' },
  rate_limited: { en: 'Too many requests', ar: 'طلبات كثيرة جدًا' },
  unavailable: { en: 'Not available just now', ar: 'الخدمة غير متاحة الآن' },
}

const WRONG_METHOD_TITLE = { en: 'Not with this method', ar: 'الطريقة غير مسموح بها' }

/** Details in Arabic, by code; `{name}` is filled from the error's details. English is the error's own message. */
const ARABIC: Record<string, string> = {
  internal: 'حدث خطأ غير متوقع، وقد سُجِّل لدينا.',
  'database.unavailable': 'تعذر الوصول إلى قاعدة البيانات، حاول بعد قليل.',
  'redis.unavailable': 'إحدى خدماتنا متوقفة مؤقتًا، حاول بعد قليل.',
  'provider.unavailable': 'تعذر الوصول إلى مزود الدفع، حاول بعد قليل.',
  'api.version_conflict': 'الإصدار في المسار يخالف ترويسة api-version. الإصدارات المدعومة: {supported}.',
  'api.version_unsupported': 'إصدار الواجهة غير مدعوم. الإصدارات المدعومة: {supported}.',
  'request.not_found': 'لا يوجد شيء على هذا المسار.',
  'request.method_not_allowed': 'هذه الطريقة غير متاحة على هذا المسار.',
  'request.invalid': 'راجع الحقول المذكورة في errors.',
  'request.not_json': 'محتوى الطلب ليس JSON صحيحًا.',
  'request.too_large': 'أقصى حجم مسموح به هو {limit} بايت.',
  'request.too_deep': 'تداخل المحتوى أعمق من المسموح.',
  'request.bad_url': 'تعذرت قراءة عنوان الطلب.',
  'request.unsupported_encoding': 'أرسل المحتوى دون ضغط.',
  'request.bad_text': 'يحتوي أحد الحقول على رمز لا يمكن حفظه.',
  'request.bad_cursor': 'مؤشر الصفحة لا يخص هذه القائمة.',
  'request.incomplete': 'لم يصل محتوى الطلب كاملًا.',
  'request.unsupported_type': 'أرسل المحتوى بصيغة {accepted}.',
  'request.card_number': 'لا ترسل رقم بطاقة هنا أبدًا.',
  'request.lost_race': 'غيّر طلب آخر الشيء نفسه، حاول مرة أخرى.',
  'auth.required': 'سجّل الدخول أولًا.',
  'auth.bad_token': 'رمز الدخول غير صالح أو منتهٍ.',
  'auth.bad_credentials': 'البريد الإلكتروني أو كلمة المرور غير صحيحة.',
  'auth.busy': 'عدد كبير يسجّل الدخول الآن، حاول بعد لحظات.',
  'auth.blocked': 'هذا الحساب موقوف.',
  'auth.email_taken': 'هذا البريد الإلكتروني مسجل من قبل.',
  'auth.bad_proof': 'كلمة المرور غير صحيحة.',
  'auth.person_only': 'هذا الإجراء لشخص سجّل الدخول، لا لمفتاح API.',
  'auth.scope': 'لا يملك هذا المفتاح الصلاحية {scope}.',
  'auth.second_factor_required': 'يحتاج دورك إلى التحقق بخطوتين، ففعّله أولًا.',
  'second_factor.wrong_code': 'الرمز غير صحيح، أو استُخدم، أو انتهى وقته.',
  'second_factor.code_needed': 'أرسل رمزًا من تطبيق المصادقة أو أحد رموز الاسترداد.',
  'second_factor.locked': 'رموز خاطئة كثيرة. حاول بعد {retryAfter} ثانية.',
  'second_factor.not_offered': 'التحقق بخطوتين غير متاح هنا.',
  'second_factor.not_begun': 'لا يوجد تطبيق مصادقة بانتظار التأكيد: ابدأ بالحصول على المفتاح.',
  'second_factor.required': 'دورك يحتاج إلى التحقق بخطوتين: استبدل التطبيق بدل إيقافه.',
  'operations.token_needed': 'يحتاج هذا الإجراء إلى Operation-Token من POST /api/v1/auth/operations.',
  'operations.bad_token': 'رمز العملية (Operation-Token) غير صالح لهذا الطلب.',
  'account.bad_link': 'هذا الرابط مستخدم أو منتهٍ أو ليس منا، فاطلب غيره.',
  'account.no_phone': 'لا يوجد رقم جوال في الحساب، أرسل رقمًا.',
  'account.wrong_code': 'الرمز غير صحيح.',
  'account.code_over': 'انتهى الرمز أو كثرت محاولاته، فاطلب غيره.',
  'account.too_many_messages': 'أُرسلت رسائل كثيرة. اطلب بعد {retryAfter} ثانية.',
  'sessions.not_found': 'الجلسة غير موجودة.',
  'auth.forbidden': 'صلاحية حسابك لا تسمح بهذا الإجراء.',
  'idempotency.key_missing': 'أرسل ترويسة Idempotency-Key مع هذا الطلب.',
  'idempotency.key_malformed': 'ترويسة Idempotency-Key من 1 إلى 255 حرفًا.',
  'idempotency.key_reused': 'استُخدم هذا المفتاح مع طلب مختلف.',
  'idempotency.in_progress': 'الطلب الأول بهذا المفتاح ما زال قيد التنفيذ.',
  'users.not_found': 'المستخدم غير موجود.',
  'sellers.not_found': 'البائع غير موجود.',
  'sellers.exists': 'لديك حساب بائع من قبل.',
  'sellers.identifier_taken': 'السجل التجاري أو الرقم الضريبي مسجل لبائع آخر.',
  'sellers.not_approved': 'لم يُعتمد حساب البائع بعد.',
  'listings.not_found': 'الإعلان غير موجود.',
  'listings.unknown_reference': 'التصنيف أو الشركة الصانعة أو الموديل أو المحرك غير معروف.',
  'listings.too_many_years': 'عدد سنوات السيارات المناسبة أكثر من المسموح.',
  'listings.sku_taken': 'لديك إعلان آخر بهذا الرمز.',
  'listings.stock_changed': 'تغيرت الكمية منذ أن اطلعت عليها، وهي الآن {stock}.',
  'photos.unreadable': 'هذه ليست صورة JPEG أو PNG أو WebP يمكن قراءتها.',
  'photos.too_many': 'أقصى عدد لصور الإعلان هو {most}.',
  'photos.busy': 'تُعالَج صور كثيرة الآن، أرسلها بعد لحظات.',
  'photos.changed': 'اذكر كل صورة من صور الإعلان مرة واحدة، فقد تغيرت.',
  'photos.not_found': 'الصورة غير موجودة.',
  'files.link_over': 'هذا الرابط لا يفتح شيئًا، أو انتهى وقته.',
  'files.gone': 'لم يعد الملف محفوظًا.',
  'storage.unavailable': 'تعذر الوصول إلى مخزن الملفات، حاول بعد قليل.',
  'sellers.suspended': 'حساب البائع موقوف.',
  'listings.insufficient_stock': 'الكمية المطلوبة غير متوفرة لبعض القطع.',
  'imports.not_utf8': 'الملف ليس بترميز UTF-8. احفظه بصيغة «CSV UTF-8».',
  'imports.bad_csv': 'تعذرت قراءة الصف {row}: علامة تنصيص في غير موضعها، أو الصف أطول من المسموح.',
  'imports.line_too_long': 'أحد أسطر الملف أطول من المسموح.',
  'imports.too_many_rows': 'أقصى عدد للصفوف في الملف هو {limit}.',
  'imports.unknown_columns': 'أعمدة غير معروفة: {columns}.',
  'imports.repeated_columns': 'أعمدة مكررة: {columns}.',
  'imports.missing_column': 'ينقص الملف عمود {columns} (رمز الصنف).',
  'orders.not_found': 'الطلب غير موجود.',
  'orders.own_listing': 'لا يمكنك شراء ما تبيعه.',
  'orders.not_cancellable': 'لا يمكن إلغاء الطلب وهو في حالة {orderStatus}.',
  'orders.wrong_state': 'لا يمكن تنفيذ هذا الإجراء والطلب في حالة {orderStatus}.',
  'checkouts.not_found': 'عملية الشراء غير موجودة.',
  'payments.not_found': 'الدفعة غير موجودة.',
  'payments.nothing_due': 'لا يوجد مبلغ مستحق على هذه الطلبات.',
  'payments.foreign_return_url': 'صفحة العودة ليست من مواقع التطبيق.',
  'payments.under_review': 'توجد دفعة لهذه العملية قيد المراجعة.',
  'payments.already_open': 'توجد صفحة دفع مفتوحة لهذه العملية.',
  'payments.method_not_offered': 'طريقة الدفع غير متاحة لدى هذا المزود.',
  'payments.refused_by_provider': 'رفض مزود الدفع الطلب.',
  'invoices.not_found': 'الفاتورة غير موجودة.',
  'webhooks.bad_signature': 'توقيع الإشعار غير صحيح.',
  'webhooks.disabled': 'استقبال الإشعارات متوقف حاليًا.',
  'webhooks.unknown_provider': 'مزود غير معروف.',
}

export function titleOf({ code, kind }: AppError, locale: Locale): string {
  return (code === WRONG_METHOD ? WRONG_METHOD_TITLE : TITLES[kind])[locale]
}

export function detailOf(error: AppError, locale: Locale): string {
  if (locale === 'en') return error.message
  const text = ARABIC[error.code]
  if (text === undefined) return TITLES[error.kind].ar
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(error.details[name] ?? ''))
}
