# The example portal: texts in Arabic.
#
# draft: no speaker has reviewed these texts yet.

portal-name = بوابة تجريبية للمطورين
portal-note = مثال للمطورين، لا يحتفظ بأي شيء بعد تسجيل الخروج.
skip = انتقل إلى المحتوى
language = اللغة

sign-in-title = سجّل دخولك ببطاقتك الوطنية
sign-in-intro = دون كلمة مرور: بطاقتك تُعرّف بك، ورمزك السري يثبت أنها في يدك.
step-card = صِل قارئ البطاقات بالحاسوب وضع بطاقتك فيه.
step-button = اضغط على الزر أدناه، فتُفتح نافذة «بطاقة».
step-pin = تأكد من العنوان في تلك النافذة واكتب فيها رمزك السري. لا تكتبه أبدًا في صفحة ويب.
receives = سيتلقى هذا الموقع:
receives-what = اسمك ورقمك الشخصي وشهادة بطاقتك.
sign-in = سجّل الدخول ببطاقتي
cancel = إلغاء
check = هل كل شيء جاهز في هذا الحاسوب؟
no-script = يحتاج تسجيل الدخول إلى JavaScript. اسمح به لهذا الموقع ثم أعد تحميل الصفحة.
no-sdk = الوحدة ⁦@bitaqa/web⁩ غير موجودة: شغّل البوابة بالخيار ⁦--sdk⁩.

progress-starting = جارٍ الاتصال بـ«بطاقة»…
progress-queued = هناك طلب آخر قبل هذا في الحاسوب…
progress-waiting-for-card = ضع بطاقتك في القارئ…
progress-reading = جارٍ قراءة البطاقة…
progress-waiting-for-person = تابع في نافذة «بطاقة»…
progress-signing = البطاقة تجيب…
progress-verifying = البوابة تتحقق من الجواب…
check-running = جارٍ الفحص…
check-ready = كل شيء جاهز.

error-extension-not-reachable = «بطاقة» لا تستجيب في هذا المتصفح.
    .remedy = ثبّت إضافة «بطاقة» أو اسمح بها في هذا الموقع، ثم أعد تحميل الصفحة.
error-gesture-missing = يلزم أن تضغط على الزر بنفسك.
    .remedy = اضغط على الزر مرة أخرى.
error-request-aborted = ألغيتَ العملية. لم يُرسل أي شيء.
    .remedy = اضغط على الزر متى أردت البدء من جديد.
error-portal-unreachable = البوابة لا تستجيب.
    .remedy = تأكد من اتصالك ثم اضغط على الزر مرة أخرى.

refused-challenge = انتهى وقت تسجيل الدخول.
    .remedy = اضغط على الزر مرة أخرى واكتب رمزك السري خلال خمس دقائق.
refused-signature = جواب البطاقة لا يخص هذا الطلب.
    .remedy = اضغط على الزر مرة أخرى. إذا تكرر ذلك فأخبر المسؤولين عن البوابة.
refused-certificate = شهادة هذه البطاقة لم تعد صالحة، أو لم تصبح صالحة بعد.
    .remedy = اطلب بطاقة جديدة من المصلحة التي سلمتك البطاقة.
refused-issuer = هذه البوابة لا تقبل هذا النوع من البطاقات.
    .remedy = استعمل بطاقة أخرى أو اسأل المسؤولين عن البوابة.
refused-other = لم تستطع البوابة قبول جواب البطاقة.
    .remedy = اضغط على الزر مرة أخرى. إذا تكرر ذلك فأعطِ المسؤولين عن البوابة الرمز المكتوب أدناه.

signed-in-title = تم تسجيل دخولك
number = الرقم الشخصي
issuer = جهة الإصدار
level = مستوى الضمان
level-none = غير محدد
level-low = منخفض
level-substantial = متوسط
level-high = مرتفع
valid-until = الشهادة صالحة حتى
revocation = هل سُحبت الشهادة؟
revocation-good = لا
revocation-unchecked = لم يُتحقق من ذلك
sign-out = تسجيل الخروج

test-banner = هذه بطاقة اختبار: لم يسجل الدخول أي شخص حقيقي.
test-accepted = تقبل هذه البوابة بطاقات الاختبار أيضًا.
