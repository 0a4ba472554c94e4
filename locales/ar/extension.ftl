# draft: no speaker has reviewed these sentences yet.
# The browser extension's own words: its name, the toolbar button, the page "Check my set-up".

extension-name = بطاقة
extension-description = استعمل بطاقتك الوطنية للتعريف لتسجيل الدخول إلى المواقع.

set-up-title = فحص الإعداد
set-up-language = اللغة
set-up-checking = جارٍ الفحص…
set-up-ready = كل شيء جاهز
set-up-ready-next = أدخل بطاقتك في القارئ عندما يطلبها أحد المواقع.

part-extension = إضافة المتصفح
part-host = البرنامج على هذا الحاسوب
part-sites = المواقع
part-present = الإصدار { $version }
part-checking = جارٍ الفحص…
host-missing = غير موجود
# How to get the program, where it is missing.
host-get = ثبّت البرنامج ⁨bitaqa-host⁩ من حيث حصلت على هذه الإضافة، ثم أعد الفحص. لا حاجة إلى إعادة تشغيل المتصفح.
host-outdated = قديم جدًا
host-refused = لا يجيب
extension-outdated = قديمة جدًا
sites-allowed = مسموح بها
sites-forbidden = غير مسموح بها

# Title of the toolbar button and of the message when the person, or the browser, took site access away.
access-title = لا يُسمح لبطاقة بالعمل على المواقع
access-explanation = من دون هذا الإذن لا يجد أي موقع «بطاقة». وهي لا تنظر إلى شيء ولا تفعل شيئًا ما لم تضغط زرًا لتسجيل الدخول.
access-allow = السماح على المواقع
access-still-missing = لم يُمنح الإذن بعد. يمكنك منحه أيضًا من قائمة الإضافات في المتصفح.

recent-title = الطلبات الأخيرة
recent-none = لا شيء منذ فتح المتصفح.
request-authenticate = تسجيل الدخول
request-identify = الهوية
request-other = غير ذلك
outcome-success = تم
duration = { $milliseconds } م.ث

# Leads to the page "My card".
my-card-open = عرض بطاقتي
# Leads to the page "Sign a file".
sign-file-open = توقيع ملف
# Leads to the page "Check a file".
check-file-open = التحقق من ملف

report-copy = نسخ التقرير
report-copied = تم النسخ
check-again = إعادة الفحص
