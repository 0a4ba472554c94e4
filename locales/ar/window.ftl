# The native window: texts in Arabic.
#
# draft: no speaker has reviewed these texts yet.

product-name = بطاقة
window-title = بطاقة: تسجيل الدخول
who-asks = هذا الموقع يطلب:
not-verified = اسم الموقع غير مُتحقَّق منه. تأكد من العنوان.
holder = حامل البطاقة
discloses = سيتلقى الموقع
field-name = الاسم
field-personal-number = الرقم الشخصي
field-country = البلد
field-organisation = المؤسسة
field-email = البريد الإلكتروني
field-issuer = جهة الإصدار

question-sign-in = هل تريد تسجيل الدخول ببطاقتك؟

question-access-number = ما الرقم المطبوع على بطاقتك؟
    .advice = تُفتح البطاقة برقم الولوج إلى البطاقة: ستة أرقام على وجهها، وكثيرًا ما تكون بجانب الحروف CAN. وهو غير رمزك السري، ولا يتلقاه الموقع.
access-number = رقم الولوج إلى البطاقة
access-number-reader = هي البطاقة التي في القارئ { $reader }.
access-number-was-wrong = هذا الرقم غير صحيح.
access-number-remembered-is-another = الرقم المحفوظ ليس لهذه البطاقة. اكتب الرقم المطبوع عليها.
access-number-tries-left = { $tries ->
    [zero] لم تبق أي محاولة
    [one] المحاولة الأخيرة: لن تقبل البطاقة أي رقم بعد رقم خاطئ
    [two] بقيت محاولتان
    [few] بقيت { $tries } محاولات
    [many] بقيت { $tries } محاولة
   *[other] بقي { $tries } من المحاولات
}

pin-authentication = رمز الدخول السري
pin-labelled = { $pin } ({ $label })
pin-prompt = { $pin }، { $length }
length-digits = { $count ->
    [zero] بلا أرقام
    [one] رقم واحد
    [two] رقمان
    [few] { $count } أرقام
    [many] { $count } رقمًا
   *[other] { $count } رقم
}
length-digits-between = من { $min } إلى { $max } رقمًا
length-characters = { $count ->
    [zero] بلا محارف
    [one] محرف واحد
    [two] محرفان
    [few] { $count } محارف
    [many] { $count } محرفًا
   *[other] { $count } محرف
}
length-characters-between = من { $min } إلى { $max } محرفًا
tries-left = { $tries ->
    [zero] لم تبق أي محاولة
    [one] المحاولة الأخيرة: ستُقفل البطاقة بعد رمز خاطئ
    [two] بقيت محاولتان
    [few] بقيت { $tries } محاولات
    [many] بقيت { $tries } محاولة
   *[other] بقي { $tries } من المحاولات
}
pin-was-wrong = الرمز السري غير صحيح.
typed = { $count ->
    [zero] لم تكتب شيئًا
    [one] كُتب محرف واحد
    [two] كُتب محرفان
    [few] كُتبت { $count } محارف
    [many] كُتب { $count } محرفًا
   *[other] كُتب { $count } محرف
}
typed-of = كُتب { $count } من { $total }
hint-digits-only = تُكتب هنا الأرقام فقط.
hint-characters-only = تُكتب هنا الحروف اللاتينية والأرقام والعلامات فقط.
hint-incomplete = طول الرمز: { $length }. اكتبه كاملاً أولاً.
hint-full = لم يبق مكان في هذا الرمز.
hint-number-incomplete = طول الرقم: { $length }. اكتبه كاملاً أولاً.
hint-number-full = لم يبق مكان في هذا الرقم.
hint-too-early = انتظر لحظة ثم اكتب: ما ضُغط قبل ذلك لا يُحتسب.
keypad = لوحة الأرقام
keypad-show = إظهار لوحة الأرقام
keypad-erase = حذف آخر رقم

sign-in = تسجيل الدخول
open-card = فتح البطاقة
cancel = إلغاء
close = إغلاق
progress = جارٍ العمل

waiting-service = خدمة البطاقات في هذا الحاسوب متوقفة
    .advice = شغّل خدمة البطاقات الذكية (pcscd). ستتابع هذه النافذة من تلقاء نفسها.
waiting-reader = لا يوجد قارئ بطاقات متصل
    .advice = صِل قارئ البطاقات بالحاسوب. ستتابع هذه النافذة من تلقاء نفسها.
waiting-card = ضع بطاقتك في القارئ
    .advice = أدخلها من جهة الشريحة. ستتابع هذه النافذة من تلقاء نفسها.
waiting-known-card = لا يمكن تسجيل الدخول بهذه البطاقة
    .advice = ضع بطاقة هويتك في القارئ.
waiting-numbered-card = لا تُفتح هذه البطاقة برقم مطبوع
    .advice = تُفتح فقط بسطور الحروف والأرقام التي على ظهرها، وهي لا تُطلب هنا. ضع بطاقة أخرى.
waiting-answering-card = البطاقة لا تستجيب
    .advice = أخرجها، واقلبها بحيث تدخل الشريحة أولاً، ثم أعد المحاولة.
waiting-free-reader = برنامج آخر يستعمل القارئ
    .advice = أغلق البرنامج الآخر. ستتابع هذه النافذة من تلقاء نفسها.
waiting-same-card = أُخرجت البطاقة من القارئ
    .advice = أعد البطاقة نفسها إلى القارئ.

reading = جارٍ قراءة البطاقة…
    .advice = اترك البطاقة في القارئ.
access-number-on-reader = اكتب رقم الولوج إلى البطاقة على قارئ البطاقات
    .advice = القارئ هو الذي يفتح البطاقة. اكتب على لوحة أرقامه الأرقام الستة التي على وجه البطاقة، وكثيرًا ما تكون بجانب الحروف CAN، ثم اضغط زر التأكيد فيها. وهو غير رمزك السري، ولا يتلقاه هذا الحاسوب ولا الموقع.
pin-pad = اكتب الرمز السري على قارئ البطاقات
    .advice = للقارئ لوحة أرقام خاصة به. اكتب الرمز عليها ثم اضغط زر التأكيد فيها.
signing = جارٍ تسجيل الدخول…
    .advice = اترك البطاقة في القارئ.
done = تم تسجيل الدخول
    .advice = يمكنك إخراج البطاقة. ستُغلق هذه النافذة من تلقاء نفسها.

window-title-identity = بطاقة: هويتك
portal-asks = الطلب من { $name }
portal-asks-through = الطلب من { $name }، عبر { $platform }
portal-reads = لا يقرأ ما ترسله إلا { $name }. ويمر عبر { $platform } دون أن يُقرأ هناك.
platform-reads = يُقرأ ما ترسله لدى { $platform }، ثم يُسلَّم المطلوب منه إلى { $name } ويُمحى الباقي.
verified = الاسم مُتحقَّق منه.
test-portal = تجربة (TEST): هذا الطلب للتجربة فقط، وجوابه لا يثبت شيئًا.

question-consent = هل تريد إظهار هذه البيانات؟
purpose = الغرض
group-identity = بيانات الهوية
group-photo = الصورة
group-signature = صورة توقيعك
group-details = بيانات شخصية أخرى
group-state = بيانات خاصة بالدولة المصدِرة
group-other = مجموعة البيانات { $number }
group-required = ضرورية
group-optional = اختيارية
group-asked = المطلوب: { $claims }
group-comes-along = يُرسل معه: { $claims }
group-age = المطلوب هو العمر فقط، لكنه يُستنتج من تاريخ الميلاد الذي سيُرسل.
group-locked = هذه المجموعة ضرورية. ألغِ الطلب إن كنت لا تريد إظهارها.
groups-whole = كل مجموعة موقَّعة كوحدة واحدة، ولذلك تُرسل كاملة.
recognisable = إثبات أن بطاقتك أصلية يتيح للبوابات أيضًا أن تتعرف عليها من جديد.
certificate-goes-along = يُطلب الرمز السري قبل إرسال أي شيء. وتُرسل معه شهادة البطاقة، وفيها اسمك ورقمك.
list-separator = { "، " }
claim-given-name = الأسماء الشخصية
claim-family-name = الاسم العائلي
claim-given-name-ar = الأسماء الشخصية بالعربية
claim-family-name-ar = الاسم العائلي بالعربية
claim-birthdate = تاريخ الميلاد
claim-age-over = هل تجاوزت { $years ->
    [zero] { $years } سنة
    [one] سنة واحدة
    [two] سنتين
    [few] { $years } سنوات
    [many] { $years } سنة
   *[other] { $years } سنة
}
claim-gender = الجنس
claim-nationalities = الجنسية
claim-personal-number = الرقم الشخصي
claim-document-number = رقم الوثيقة
claim-date-of-expiry = تاريخ انتهاء الصلاحية
claim-photo = الصورة
claim-signature-image = صورة توقيعك
claim-place-of-birth = مكان الميلاد
claim-place-of-birth-ar = مكان الميلاد بالعربية
claim-address = العنوان
claim-address-ar = العنوان بالعربية
claim-other-personal-details = بيانات شخصية أخرى
claim-father-name = اسم الأب
claim-father-name-ar = اسم الأب بالعربية
claim-mother-name = اسم الأم
claim-mother-name-ar = اسم الأم بالعربية
access-number-where = تُفتح البطاقة بستة أرقام على وجهها، وكثيرًا ما تكون بجانب الحروف CAN. وهي غير رمزك السري، ولا يتلقاها أحد غيرك.
mrz-where = تُفتح البطاقة بهذه الثلاثة كما هي مطبوعة عليها. اكتب 00 مكان يوم أو شهر لا تذكره البطاقة.
on-reader-next = سيطلب القارئ بعد ذلك رقم الوصول إلى البطاقة على لوحة مفاتيحه.
use-nothing = الفتح دون كتابة شيء
use-reader = إدخاله على القارئ بدلا من ذلك
use-access-number = استعمال رقم الولوج إلى البطاقة بدل ذلك
use-mrz = استعمال رقم الوثيقة والتاريخين بدل ذلك
remember = تذكُّر هذا الرقم في هذا الحاسوب
remember-as = اسم لهذا الرقم (اختياري)
remember-as-appeared = يمكنك تسمية هذا الرقم في الحقل التالي.
date-prompt = { $date }: اليوم والشهر والسنة
place-day = ي
place-month = ش
place-year = س
mrz-was-wrong = لا تُفتح البطاقة بهذا الرقم وهذين التاريخين.
hint-document-number-only = تُكتب هنا الحروف اللاتينية والأرقام فقط.
hint-document-number-incomplete = اكتب رقم الوثيقة أولاً.
hint-date-incomplete = للتاريخ ثمانية أرقام: اليوم والشهر والسنة.
hint-no-date = لا يوجد تاريخ كهذا. تأكد من اليوم والشهر والسنة.
hint-field-full = لم يبق مكان هنا.
hint-mrz-incomplete = اكتب رقم الوثيقة والتاريخين أولاً.
read-card = قراءة البطاقة

question-release = هذا ما سيُرسل
    .advice = لم يُرسل شيء بعد.
sending = جارٍ الإرسال…
    .advice = يمكنك ترك البطاقة في القارئ.
proving = يتأكد الموقع من أن البطاقة أصلية…
    .advice = اترك البطاقة في القارئ.
sent = تم الإرسال
    .advice = يمكنك إخراج البطاقة. ستُغلق هذه النافذة من تلقاء نفسها.
photo-unreadable = ستُرسل صورتك، لكن لا يمكن عرضها هنا.
signature-image-unreadable = ستُرسل صورة توقيعك، لكن لا يمكن عرضها هنا.
issuer-signed = من البطاقة: يتحقق الموقع من توقيع الجهة التي أصدرتها
unauthenticated = بلا إثبات لمصدرها: لا يمكن لأحد التحقق من هذه البيانات.
send-to = إرسال إلى { $portal }
goes-to = ستُرسل إلى { $portal }.
do-not-send = عدم الإرسال

question-confirm = أكّد برمزك السري أن البطاقة لك
confirm = تأكيد وإرسال
confirming = جارٍ التأكيد…
    .advice = اترك البطاقة في القارئ.

# صفحة «بطاقتي» في الإضافة: يطلب صاحب البطاقة ما في بطاقته.
window-title-my-card = بطاقة: بطاقتي
own-page-asks = متصفّحك نفسه يطلب ذلك لصفحته «بطاقتي»
own-page-gets = تصل البيانات إلى تلك الصفحة في هذا المتصفّح وحدها.
own-page-purpose = أن ترى ما في بطاقتك
question-my-card = هل تريد أن ترى ما في بطاقتك؟
shown-on-page = البيانات في صفحة «بطاقتي»
    .advice = يمكنك إخراج بطاقتك. تُغلق هذه النافذة من تلقاء نفسها.

# المستندات.
window-title-signing = بطاقة: توقيع المستندات
question-sign = هل تريد التوقيع ببطاقتك؟
documents = { $total ->
    [one] سيُوقَّع مستند واحد
    [two] سيُوقَّع مستندان
    [few] ستُوقَّع { $total } مستندات
    [many] سيُوقَّع { $total } مستندًا
   *[other] سيُوقَّع { $total } مستند
}
document-of = المستند { $number } من { $total }
documents-names = الأسماء كما كتبها الموقع. البصمات الرقمية تدل على ما يُوقَّع.
content-not-visible = لا يستطيع هذا الحاسوب رؤية المحتوى: لم يُعطِ الموقع سوى بصمات رقمية. لا توقّع إلا إذا كنت تعلم لأي محتوى هي.
show-digests = إظهار البصمات كاملة
pin-signature = الرقم السري لتوقيع المستندات
sign = توقيع
signing-documents = جارٍ التوقيع…
    .advice = اترك البطاقة في القارئ.
signed = تم التوقيع
    .advice = يمكنك إخراج البطاقة. ستُغلق هذه النافذة من تلقاء نفسها.
question-certificates = هل تريد إعطاء الموقع شهادة التوقيع الخاصة بك؟
    .advice = سيعلم ما هو مكتوب أدناه. لا يُوقَّع شيء، ولا يُطلب رقم سري.
    .main = إرسال الشهادة
# The same where the person signs a file of their own, on the page "Sign a file".
question-own-certificates = هل تسمح لصفحة «توقيع ملف» باستعمال شهادة التوقيع الخاصة بك؟
    .advice = ستكون في الملف الموقَّع. لا يُوقَّع شيء بعد، ولا يُطلب رقم سري.
    .main = استعمال الشهادة
own-signing-asks = متصفّحك نفسه يطلب ذلك لصفحته «توقيع ملف»
own-signing-gets = يصل التوقيع إلى تلك الصفحة في هذا المتصفّح وحدها.
discloses-in-file = سيُذكر في الملف الموقَّع
documents-own-names = الأسماء هي أسماء ملفاتك. البصمات الرقمية تدل على ما يُوقَّع.
waiting-signing-card = لا يمكن توقيع المستندات بهذه البطاقة
    .advice = ضع في القارئ بطاقة فيها شهادة توقيع.
