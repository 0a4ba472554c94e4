# draft: no speaker has reviewed these sentences yet.
# The page "My card" of the browser extension: what is on the holder's own card.

my-card-title = بطاقتي
intro = اطّلع على ما في بطاقتك: بياناتك بالحرفين، وصورتك، والشهادات، وعدد محاولات الرمز السري المتبقية.
intro-privacy = يبقى كل شيء على هذا الحاسوب. تنسى هذه الصفحة كل شيء عندما تغلقها أو تمحوها، وبعد خمس دقائق على الأكثر.
read-my-card = قراءة بطاقتي
read-again = القراءة من جديد
stop = إلغاء
clear = المحو الآن
language = اللغة

stage-starting = جارٍ البدء…
stage-queued = هناك طلب آخر أولًا
stage-waiting-for-card = أدخل بطاقتك في القارئ
stage-waiting-for-person = تسألك نافذة «بطاقة» عمّا يُقرأ
stage-reading = جارٍ قراءة البطاقة…
cleared = تم المحو: نسيت الصفحة بياناتك
cleared-in-time = انقضت خمس دقائق: نسيت الصفحة بياناتك
ready = هذا ما في بطاقتك
read-at = قُرئت يوم { $date } على الساعة { $time }

photo = صورتك
photo-unreadable = لا يمكن عرض الصورة.
signature-image = صورة توقيعك
signature-image-unreadable = لا يمكن عرض صورة توقيعك.
section-data = بياناتك
section-certificates = الشهادات
section-pins = محاولات الرمز السري
section-authenticity = هل هي أصلية؟
nothing-read = اخترت ألا تُقرأ أي بيانات، أو أن البطاقة لا تحوي شيئًا منها.
no-certificates = لا تعطي البطاقة أي شهادة.
no-pins = لا تعطي البطاقة أي عدد.
group-unreadable = في البطاقة شيء لا يمكن قراءته: { $group }
group-not-given = ليس في البطاقة، أو لا تعطيه: { $group }

genuine = موقّعة من البلد المُصدِر ({ $country })
genuine-test = TEST: موقّعة للاختبار فقط ({ $country })، ولا تثبت شيئًا
not-genuine = لا تثق بها: توقيع البلد المُصدِر غير صحيح
not-genuine-code = السبب: { $code }
not-checked-no-authorities = لم يجرِ التحقق: لا توجد شهادات أي بلد على هذا الحاسوب
not-checked-authority-unknown = لم يجرِ التحقق: شهادات البلد الموقِّع غير مثبّتة على هذا الحاسوب
# Of a card whose data nobody signed (the Bahraini cards before 2025); stands on the page and on every copy.
cannot-be-checked = لا يمكن التحقق من هذه البيانات: لم يوقّعها أحد. قد تكون البطاقة منسوخة أو مختلقة، ولا يستطيع أي حاسوب أن يعرف ذلك
chip-proven = الشريحة هي الأصل
chip-not-proven = قد تكون الشريحة نسخة: لم تثبت أنها الأصل
chip-not-offered = ليس للبطاقة وسيلة لإثبات أن شريحتها هي الأصل
chip-not-checked = تعذّر التحقق من أن الشريحة هي الأصل

purpose-authentication = لتسجيل الدخول
purpose-signature = لتوقيع المستندات
certificate-holder = صاحبها
certificate-number = الرقم
certificate-issuer = أصدرها
certificate-valid = الصلاحية
certificate-span = من { $from } إلى { $to }
certificate-unreadable = لا يمكن قراءة هذه الشهادة.
certificate-expired = منتهية الصلاحية
certificate-early = لم تبدأ صلاحيتها بعد
pin-tries = { $tries ->
    [0] مقفل: لم تبق أي محاولة
    [zero] مقفل: لم تبق أي محاولة
    [one] بقيت محاولة واحدة
    [two] بقيت محاولتان
    [few] بقيت { $tries } محاولات
    [many] بقيت { $tries } محاولة
   *[other] بقيت { $tries } محاولة
}
pin-tries-of = { $tries ->
    [0] مقفل: لم تبق أي محاولة
    [zero] مقفل: لم تبق أي محاولة
    [one] بقيت محاولة واحدة من { $most }
    [two] بقيت محاولتان من { $most }
    [few] بقيت { $tries } محاولات من { $most }
    [many] بقيت { $tries } محاولة من { $most }
   *[other] بقيت { $tries } محاولة من { $most }
}
pin-unknown = لا تذكره البطاقة
pin-not-activated = لم يُختر بعد
sex-female = أنثى
sex-male = ذكر

export-title = حفظ نسخة
export-warning = يحوي الملف بياناتك الشخصية، ويقرؤها كل من حصل عليه. احفظه في مكان آمن.
export-data = البيانات والصورة
export-certificates = الشهادات
export-pins = محاولات الرمز السري
export-nothing = اختر جزءًا واحدًا على الأقل أولًا.
save-pdf = حفظ بصيغة PDF
save-json = حفظ بصيغة JSON
saving = جارٍ إعداد الملف…
saved = سُلّم الملف إلى المتصفح لحفظه.
not-saved = تعذّر إعداد الملف.
