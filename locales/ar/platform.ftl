# The trust platform: texts in Arabic.
#
# draft: no speaker has reviewed these texts yet.

platform-name = منصة الثقة الوطنية
platform-note = لا تكتب رمزك السري إلا في نافذة «بطاقة».
skip = انتقل إلى المحتوى
language = اللغة
sandbox = هذه منصة اختبار: لا تُقبل فيها إلا بطاقات الاختبار، ولا يسجل الدخول فيها أي شخص حقيقي.

sign-in-title = سجّل دخولك ببطاقتك الوطنية
step-card = صِل قارئ البطاقات بالحاسوب وضع بطاقتك فيه.
step-button = اضغط على الزر أدناه، فتُفتح نافذة «بطاقة».
step-pin = تأكد من العنوان في تلك النافذة واكتب فيها رمزك السري. لا تكتبه أبدًا في صفحة ويب.
with-pin = بالرمز السري
without-pin = من دون الرمز السري
step-show = اضغط على «وافق وأكمل من دون الرمز السري»، فتُفتح نافذة «بطاقة».
step-number = تأكد من العنوان في تلك النافذة واكتب فيها الرقم المطبوع على بطاقتك. وتُظهر لك ما سيُرسل إلى هذه المنصة.
receives = سيتلقى هذا الموقع:
claim-subject = رقمًا خاصًا به يتعرّف به عليك، لا تعرفه مواقع أخرى
claim-name = اسمك الكامل
claim-given-name = اسمك الشخصي
claim-family-name = اسمك العائلي
claim-personal-number = رقمك الشخصي كما هو في شهادة بطاقتك
claim-verified = كيف تُحُقّق من هذه المعلومات: جهة إصدار بطاقتك ونوعها
claim-offline = وله أن يجدد هذه المعلومات خلال 30 يومًا دون أن تكون حاضرًا
purpose = الغرض:
sign-in = وافق وسجّل الدخول ببطاقتي
show-card = وافق وأكمل من دون الرمز السري
stop = أوقف
cancel = إلغاء والعودة إلى الموقع
no-script = يحتاج تسجيل الدخول إلى JavaScript. اسمح به لهذا الموقع ثم أعد تحميل الصفحة.

agree-title = هل ترسل بياناتك إلى هذا الموقع؟
agree-signed-in = سجّلت دخولك باسم
show-more = ما تطلبه الآن يحتاج إلى أن تُظهر بطاقتك من جديد.
agree = وافق وأكمل
other-card = استعمل بطاقة أخرى

for-service = الخدمات المطلوبة:
services-title = الخدمات
services-text = ما يمكنك فعله ببطاقتك، والمستوى الذي تتطلبه كل خدمة.
services-none = لا توجد خدمات بعد.
services-level = المستوى:
level-none = بدون مستوى
level-low = منخفض
level-substantial = متوسط
level-high = مرتفع

back-title = العودة إلى الموقع
back = أكمل

refusal-title = لا يمكن الإجابة على هذا الطلب
refusal-text = الموقع الذي جئت منه أرسل طلبًا لا تقبله المنصة. لم يُرسل إليه أي شيء. ارجع إليه وحاول مرة أخرى.
for-developers = للمسؤولين عن الموقع:
ended-title = انتهى هذا الطلب
ended-text = انتهى وقته، أو تمت الإجابة عليه، أو بدأ في متصفح آخر. ارجع إلى الموقع وابدأ من جديد.
sign-out-title = هل تريد تسجيل الخروج؟
sign-out-text = تنتهي جلستك في منصة الثقة في هذا المتصفح.
sign-out = تسجيل الخروج
signed-out-title = تم تسجيل خروجك
signed-out-text = انتهت جلستك في هذا المتصفح. قد تبقى مسجلًا في المواقع التي استعملتها.

progress-starting = جارٍ الاتصال بـ«بطاقة»…
progress-queued = هناك طلب آخر قبل هذا في الحاسوب…
progress-waiting-for-card = ضع بطاقتك في القارئ…
progress-reading = جارٍ قراءة البطاقة…
progress-waiting-for-person = تابع في نافذة «بطاقة»…
progress-signing = البطاقة تجيب…
progress-sending = جارٍ إرسال ما وافقت عليه…
progress-verifying = المنصة تتحقق من الجواب…

error-extension-not-reachable = «بطاقة» لا تستجيب في هذا المتصفح.
    .remedy = ثبّت إضافة «بطاقة» أو اسمح بها في هذا الموقع، ثم أعد تحميل الصفحة.
error-gesture-missing = يلزم أن تضغط على الزر بنفسك.
    .remedy = اضغط على الزر مرة أخرى.
error-request-aborted = ألغيتَ العملية. لم يُرسل أي شيء.
    .remedy = اضغط على الزر متى أردت البدء من جديد.
error-platform-unreachable = المنصة لا تستجيب.
    .remedy = تأكد من اتصالك ثم اضغط على الزر مرة أخرى.

refused-challenge = انتهى وقت تسجيل الدخول.
    .remedy = اضغط على الزر مرة أخرى واكتب رمزك السري خلال خمس دقائق.
refused-signature = جواب البطاقة لا يخص هذا الطلب.
    .remedy = اضغط على الزر مرة أخرى. إذا تكرر ذلك فأخبر المسؤولين عن المنصة.
refused-certificate = شهادة هذه البطاقة لم تعد صالحة، أو لم تصبح صالحة بعد.
    .remedy = اطلب بطاقة جديدة من المصلحة التي سلمتك البطاقة.
refused-issuer = هذه المنصة لا تقبل هذا النوع من البطاقات.
    .remedy = استعمل بطاقة أخرى أو اسأل المسؤولين عن المنصة.
refused-request = انتهى وقت هذا الطلب، أو أن الجواب يخص طلبًا آخر.
    .remedy = اضغط على الزر مرة أخرى وأتمم العملية خلال خمس دقائق.
refused-document = هذه المنصة لا تقبل هذه البطاقة: سُحبت أو انتهت صلاحيتها، أو أن بلدها غير معروف هنا.
    .remedy = استعمل بطاقة أخرى أو اسأل المسؤولين عن المنصة.
refused-chip = لم تثبت شريحة هذه البطاقة أنها ليست نسخة.
    .remedy = اضغط على الزر مرة أخرى واترك البطاقة في القارئ حتى النهاية.
refused-other = لم تستطع المنصة قبول جواب البطاقة.
    .remedy = اضغط على الزر مرة أخرى. إذا تكرر ذلك فأعطِ المسؤولين عن المنصة الرمز المكتوب أدناه.
refused-ended = انتهى هذا الطلب.
    .remedy = ارجع إلى الموقع الذي جئت منه وابدأ من جديد.

register-title = تسجيل موقع تجريبي
register-text = هذه منصة اختبار: لا يُسجَّل الدخول فيها إلا ببطاقات الاختبار. يسري التسجيل فورًا وينتهي بعد 30 يومًا.
register-fault = لا يمكن تسجيل هذا:
register-name = الاسم الذي يراه الناس
register-contact = البريد الإلكتروني
register-redirect-uris = عناوين إعادة التوجيه، عنوان في كل سطر
register-redirect-uris-note = https، أو http على حاسوبك (http://localhost:3000/callback)
register-keys = المفاتيح العمومية (JSON Web Key Set) من أجل private_key_jwt
register-keys-note = اتركه فارغًا لتطبيق لا يحفظ سرًا. لا تلصق مفتاحًا خاصًا أبدًا.
register-go = تسجيل
registered-title = سُجّل الموقع التجريبي
registered-text = احتفظ بهذا المعرّف: لن يُعرض عليك مرة أخرى.
registered-id = client_id
registered-discovery = الاستكشاف
registered-authentication = المصادقة
registered-end = ينتهي في
