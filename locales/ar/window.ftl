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
