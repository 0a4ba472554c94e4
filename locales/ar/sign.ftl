# draft: no speaker has reviewed these sentences yet.
# صفحات توقيع المستندات: «توقيع ملف»، والنافذة التي تعرض ما يطلب موقع توقيعه.

product-name = بطاقة
language = اللغة

sign-file-title = توقيع ملف
sign-file-lead = اختر ملفات من هذا الحاسوب. تُوقَّع ببطاقتك وتبقى على هذا الحاسوب: لا يُرسل شيء دون أن تُسأل.
choose-files = اختيار ملفات
choose-files-drop = أو أفلتها هنا

site-asks = يطلب هذا الموقع:
site-not-verified = لم يُتحقَّق من الاسم. تأكّد من العنوان.
site-title = { $count ->
    [one] انظر إلى المستند قبل أن توقّع
    [two] انظر إلى المستندين قبل أن توقّع
    [few] انظر إلى المستندات الـ{ $count } قبل أن توقّع
   *[other] انظر إلى المستندات ({ $count }) قبل أن توقّع
}
site-lead = ما تراه هنا هو ما يُوقَّع. بعد ذلك تطلب نافذة من «بطاقة» رقمك السري.

documents = { $count ->
    [one] مستند واحد
    [two] مستندان
    [few] { $count } مستندات
    [many] { $count } مستندًا
   *[other] { $count } مستند
}
seen = اطّلعت عليه
format = ما الذي يُنتَج
format-pades = توقيع داخل كل ملف PDF
format-asic-e = حاوية واحدة فيها كل الملفات وتوقيع واحد (ASiC-E)
format-cades = ملف موقَّع لكل واحد (CAdES)
format-xades = ملف XML موقَّع لكل واحد (XAdES)
format-jades = ملف JSON موقَّع لكل واحد (JAdES)
format-asic-s = حاوية لكل واحد (ASiC-S)
level = مدة إمكان التحقق
level-b-b = توقيع (B-B)
level-b-t = مع ختم زمني (B-T)
level-b-lt = طويل الأمد (B-LT)
level-b-lta = طويل الأمد مع ختم زمني للأرشفة (B-LTA)
visible = توقيع ظاهر على الصفحة
reason-field = السبب (يظهر في التوقيع)
image-field = إضافة صورة (PNG أو JPEG)
remove-image = إزالة الصورة
image-unusable = لا يمكن استعمال هذه الصورة: ليست PNG ولا JPEG، أو هي كبيرة جدًا.
place-signature = التوقيع

# The site decided what is made.
made-pades = يتلقى الموقع كل ملف PDF وفيه توقيعك.
made-asic-e = يتلقى الموقع حاوية واحدة فيها كل المستندات وتوقيعك.
made-other = يتلقى الموقع ملفات موقَّعة، والمستندات فيها أو إلى جانبها.

# Before the reason that the site gives for the signature.
site-reason = سيذكر التوقيع هذا السبب بكلمات الموقع:
site-image = سيعرض التوقيع صورة من الموقع.

# What the signature shows on the page, before the name in the certificate, the date, and the reason.
shown-name = بتوقيع:
shown-date = التاريخ:
shown-reason = السبب:
shown-reason-given = «{ $reason }»
# In place of the name, before the card was asked for its certificate.
shown-name-later = (الاسم الذي في شهادتك)

# Beside a document in the list of which a person should know something, and before the names of all of them.
caution = تنبيه
flagged = { $flagged ->
    [one] مستند واحد من أصل { $total } قد يعرض أو يفعل غير ما تراه هنا:
    [two] مستندان من أصل { $total } قد يعرضان أو يفعلان غير ما تراه هنا:
    [few] { $flagged } مستندات من أصل { $total } قد تعرض أو تفعل غير ما تراه هنا:
    [many] { $flagged } مستندًا من أصل { $total } قد تعرض أو تفعل غير ما تراه هنا:
   *[other] { $flagged } مستند من أصل { $total } قد تعرض أو تفعل غير ما تراه هنا:
}

risk-java-script = في هذا الملف برامج نصية قد تغيّر ما يعرضه.
risk-automatic-actions = يقوم هذا الملف بشيء من تلقاء نفسه عند فتحه أو طباعته أو إغلاقه أو تعبئته.
risk-external-actions = في هذا الملف روابط أو إجراءات تفتح ملفات أو عناوين أخرى، أو تشغّل برامج، أو ترسل النموذج.
risk-external-content = أجزاء من هذا الملف في ملفات أخرى لا تُوقَّع.
risk-xfa = في هذا الملف نموذج XFA تعرضه بعض البرامج بدل صفحاته.
risk-optional-content = في هذا الملف طبقات يمكن إظهارها أو إخفاؤها.
risk-viewer-made-appearances = يرسم كل برنامج حقول هذا الملف بطريقته، وقد تظهر مختلفة في مكان آخر.
risk-media = في هذا الملف صوت أو أفلام أو محتوى ثلاثي الأبعاد تعرضه البرامج بطرق مختلفة.
risk-trailing-bytes = بعد نهاية هذا الملف شيء لا تعرضه صفحاته.
risk-embedded-files = في هذا الملف ملفات أخرى. وهي تُوقَّع أيضًا.
risk-form-fields = في هذا الملف حقول يمكن تعبئتها.
risk-unreadable = لا تستطيع «بطاقة» قراءة بنية هذا الملف: { $reason }

sign = توقيع
cancel = إلغاء
close = إغلاق
try-again = إعادة المحاولة
sign-another = توقيع ملف آخر

stage-receiving = تصل المستندات من الموقع…
stage-inspecting = يجري فحص المستندات: { $signed } من { $total }
    .next = يمكنك التوقيع بعد فحصها كلها.
stage-certificate = تسألك نافذة من «بطاقة» عن شهادتك
    .next = هي نافذة مستقلة أمام هذه النافذة.
stage-preparing = يجري تحضير المستندات…
stage-waiting-for-person = تطلب نافذة من «بطاقة» رقمك السري
    .next = تعرض اسم كل مستند وبصمته الرقمية. هي نافذة مستقلة أمام هذه النافذة.
stage-signing = البطاقة توقّع: { $signed } من { $total }
    .next = اترك البطاقة في القارئ.
stage-finishing = يجري إعداد الملفات الموقَّعة وفحصها…
stage-raising = تُسأل الخدمات عمّا ينقص التوقيع…

unsuited-title = شهادات لا تُستعمل
unsuited-key-usage = ليست لتوقيع المستندات
unsuited-sign-in-key = مفتاحها هو مفتاح تسجيل الدخول
unsuited-expired = انتهت صلاحيتها، أو لم تبدأ بعد
unsuited-key = مفتاحها ضعيف، أو من نوع غير معروف
unsuited-algorithm = لا خوارزمية مشتركة بين البطاقة والشهادة
unsuited-no-pin = لا يحمي مفتاحها رقم سري تعرفه بطاقة
unsuited-not-wanted = يطلب الموقع شهادة من نوع آخر
unsuited = { $name }: { $why }
which-certificate = أي شهادة تريد استعمالها؟
certificate-number = الشهادة { $number }
pin-each-time = تطلب بطاقتك الرقم السري لكل توقيع
pin-each-time-text = عدد المستندات { $count }. يمكنك كتابة الرقم السري { $count ->
    [two] مرتين
    [few] { $count } مرات
   *[other] { $count } مرة
}، أو التوقيع مرة واحدة عليها كلها معًا.
answer-each = كتابة الرقم السري { $count ->
    [two] مرتين
    [few] { $count } مرات
   *[other] { $count } مرة
}
    .text = يُوقَّع كل مستند وحده.
answer-container = التوقيع مرة واحدة
    .text = توضع كل المستندات في حاوية واحدة (ASiC-E) بتوقيع واحد.

ask-services = هل تُسأل هذه الخدمات؟
ask-services-text = { $whom }. تتلقى بصمات رقمية وأسئلة عن الشهادات، ولا تتلقى المستندات أبدًا. وتعرف عنوان هذا الحاسوب وصاحب الشهادة.
answer-ask = اسألها
    .text = يُضاف إلى التوقيع ما تجيب به.
answer-ask-nobody = التوقيع فقط ({ $level })
    .text = لا تُسأل أي منها.

signed = { $count ->
    [one] وُقِّع الملف
    [two] وُقِّع الملفان
    [few] وُقِّعت { $count } ملفات
    [many] وُقِّع { $count } ملفًا
   *[other] وُقِّع { $count } ملف
}
signed-sent = لدى الموقع المستندات الموقَّعة. يمكنك إغلاق هذه النافذة.
signed-files = الملفات الموقَّعة
signed-some = وُقِّعت بعض المستندات لا كلها
level-b = يذكر التوقيع وقت توقيعك حسب ساعة هذا الحاسوب. يمكن إضافة ختم زمني يثبت الوقت لاحقًا.
level-t = يثبت ختم زمني وقت توقيعك.
level-missed = مستوى التوقيع { $reached } وليس { $wanted }.
missing-not-set-up = لم تُضبط خدمة أختام زمنية على هذا الحاسوب، أو لا يمكن استعمال إعداداتها.
missing-no-time-stamp = لم يصل ختم زمني من: { $whom }
missing-no-answer = لم يصل جواب من: { $whom }
missing-not-allowed = لم تُسأل حسب رغبتك: { $whom }
missing-certificates = لا تُعرف جهة تقول هل أُلغيت شهادة أو من أصدرها.
missing-revoked = كانت شهادة للتوقيع أو لختمه الزمني ملغاة. من يتحقق من الملف لن يقبله.
missing-not-raised = لم يمكن إضافة ما أجابت به الخدمات إلى الملف.
level-later = الملف سليم كما هو. يمكن إضافة الباقي لاحقًا بصفحة «التحقق من ملف»، أو بالأمر «bitaqa extend».
save = حفظ

nothing-asked = لا ينتظر أي موقع هذه النافذة. يمكنك إغلاقها.
too-large = الملفات كبيرة جدًا: 1 غيغابايت على الأكثر لكل ملف، و2 غيغابايت معًا.
too-many = 500 ملف على الأكثر في المرة الواحدة.
