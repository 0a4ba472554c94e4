# draft: no speaker has reviewed these sentences yet.
# The page "Check a file" of the browser extension: what the signatures of a file are worth.

product-name = بطاقة
language = اللغة
check-title = التحقق من ملف
intro = اعرف قيمة التوقيعات في ملف: من وقّع، وهل تغيّر شيء، وما هو مُثبَت.
intro-privacy = يبقى الملف على هذا الحاسوب. لا يُسأل أحد عن شيء قبل أن تسمح بذلك.
drop-hint = أفلت هنا ملفًا موقّعًا، أو
open-file = فتح ملف
open-another = فتح ملف آخر
kinds = PDF، وتوقيعات بجانب ملف (p7s، p7m)، وحاويات (asice، asics، scs)، وXML وJSON
checking = جارٍ التحقق…

# A verdict that rests on a trust pack marked test; the mark itself is TEST in every language.
test-verdict = تستند هذه النتيجة إلى ثقة مخصّصة للاختبار فقط، ولا تُثبت شيئًا عن شخص حقيقي.
test-trust = للاختبار فقط، حسب حزمة الثقة: { $packs }

authorities-title = الجهات الموثوقة
authorities-hint = أضف شهادات (PEM أو DER) حصلت عليها ممّن تثق به؛ تسري في هذه الصفحة فقط.
computer-packs = موثوقة على هذا الحاسوب، حسب حزم ثقة ثبّتها المسؤول عنه:
computer-none = لا توجد على هذا الحاسوب حزمة ثقة تحدّد جهات للمستندات. يمكن للمسؤول عنه تثبيت واحدة: «bitaqa trust add».
computer-fault = لا تُعرف الجهات التي يثق بها هذا الحاسوب.
ask-fault = لا يمكن سؤال أي خدمة.
fault-again = افتح الملف من جديد.
pack-names = جهات الموقّعين: { $signers }، جهات الأختام الزمنية: { $stamps }، موقّعو قوائم الثقة: { $lists }
authorities-add = إضافة شهادات
lists-title = قوائم الثقة
lists-hint = تبيّن من هو مؤهَّل. تُعتمد القائمة (XML) إذا ضمنت إحدى هذه الجهات أو الحزم من وقّعها، أو أحالت إليها قائمة أخرى.
lists-add = إضافة قائمة ثقة
list-refused = لم تُستعمل لأن التحقق منها لم ينجح: { $list }
beside-title = مستندات بجانب الملف
beside-hint = إذا كان التوقيع ملفًا مستقلًا فأضف المستند الذي وُقّع.
beside-add = إضافة مستند
beside-not-signed = لا يشمل أي من هذه التوقيعات: { $files }
take-out = إزالة: { $file }

# The verdict on the whole file.
file-valid = صحيح
file-undecided = لا يمكن البتّ فيه
file-invalid = غير صحيح
summary = { $count ->
    [zero] لا توقيعات، حُكم عليها يوم { $date } على الساعة { $time }
    [one] توقيع واحد، حُكم عليه يوم { $date } على الساعة { $time }
    [two] توقيعان، حُكم عليهما يوم { $date } على الساعة { $time }
    [few] { $count } توقيعات، حُكم عليها يوم { $date } على الساعة { $time }
    [many] { $count } توقيعًا، حُكم عليها يوم { $date } على الساعة { $time }
   *[other] { $count } توقيع، حُكم عليها يوم { $date } على الساعة { $time }
}
# The verdict on one signature, or time stamp.
signature-valid = صحيح
signature-undecided = لا يمكن البتّ فيه
signature-invalid = غير صحيح

failed-document-invalid = ليس في هذا الملف توقيع يمكن قراءته
    .advice = إذا كان التوقيع ملفًا مستقلًا فافتحه هو، وأضف المستند بجانبه.
failed-too-large = الملف أطول من اللازم
    .advice = يمكن أن يكون ملف PDF بأي حجم، والملفات الأخرى حتى 512 ميغابايت.
failed-file-unreadable = لا يمكن قراءة الملف
    .advice = تغيّر أو نُقل منذ أن اخترته. اختره من جديد.
failed-internal = تعذّر التحقق من الملف
    .advice = هذا خلل في «بطاقة» لا في الملف، ولا يقول شيئًا عن التوقيع. حاول من جديد.
failed-certificates = ليست هناك شهادة يمكن قراءتها في: { $files }
    .advice = أزله من الجهات أدناه. الشهادات ملفات PEM أو DER.

signer-unknown = الموقّع غير معروف
signed-by = وقّعه
# The name is not proven: the signature is not valid, or cannot be decided.
name-in-certificate = الاسم في الشهادة
number = الرقم
organisation = المؤسسة
country = البلد
issuer = أصدر الشهادة
claimed-time = الوقت الذي يذكره الموقّع
proven-time = الوقت المُثبَت
not-proven = لا يوجد
moment = { $date } على الساعة { $time }
moment-latest = في موعد أقصاه { $date } على الساعة { $time }
format = الصيغة والمستوى

intact = لم يتغيّر شيء ممّا وُقّع
changed = تغيّر ما وُقّع بعد توقيعه
not-of-this-key = لم يُصنع التوقيع بمفتاح هذه الشهادة
intact-unknown = لا يمكن معرفة هل تغيّر شيء
covers-whole = يشمل التوقيع المستند كله
covers-earlier = تغيّر الملف بعد هذا التوقيع، وهو يشمل حالة سابقة منه
covers-parts = يشمل التوقيع هذا فقط: { $parts }
covers-unknown = لا يمكن معرفة ما يشمله التوقيع
trusted-by-choice = موثوقة لأنك اخترتها: { $authority }
trusted-by-pack = موثوقة حسب حزمة الثقة { $packs }: { $authority }
not-revoked = لم تكن الشهادة ملغاة
revoked = كانت الشهادة ملغاة
revocation-unknown = لا يُعرف هل أُلغيت الشهادة
time-proven = يُثبت ختم زمني متى كان التوقيع موجودًا على أبعد تقدير
time-stamp-not-accepted = لا يُثبت ختمه الزمني شيئًا ما لم تضمنه جهة
time-claimed-only = لا يُثبت أي ختم زمني متى صُنع
qualification-qualified = توقيع مؤهَّل، حسب قائمة ثقة
qualification-advanced-with-qualified-certificate = توقيع غير مؤهَّل؛ شهادته مؤهَّلة، حسب قائمة ثقة
qualification-not-qualified = توقيع غير مؤهَّل، حسب قوائم الثقة المتاحة
qualification-indeterminate = لا يُعرف هل هو توقيع مؤهَّل
remarks = ملاحظات، بالإنجليزية

# Why a signature is not valid, or cannot be decided (EN 319 102-1), and what the person can do.
reason-format-failure = التوقيع، أو تغيير بعده، يخالف قواعد صيغته.
    .advice = لا تعتمد عليه. اطلب من المرسل الملف كما وُقّع.
reason-hash-failure = ليس هذا المستند الذي وُقّع: تغيّر فيه شيء.
    .advice = لا تعتمد عليه. اطلب من المرسل الملف كما وُقّع.
reason-sig-crypto-failure = لم يُصنع التوقيع بمفتاح الشهادة المذكورة.
    .advice = لا تعتمد عليه ولا على الاسم المذكور فيه.
reason-revoked = وُقّع بعد إلغاء الشهادة.
    .advice = لا تعتمد عليه. اطلب من الموقّع توقيعًا جديدًا.
reason-expired = وُقّع بعد انتهاء صلاحية الشهادة.
    .advice = اطلب من الموقّع توقيعًا جديدًا.
reason-not-yet-valid = وُقّع قبل أن تبدأ صلاحية الشهادة.
    .advice = اطلب من الموقّع توقيعًا جديدًا.
reason-sig-constraints-failure = ينقص التوقيع شيء مطلوب، أو شهادته ليست للمستندات.
    .advice = اطلب من الموقّع توقيعًا بشهادة للمستندات.
reason-chain-constraints-failure = لا يحق لجهة بين الموقّع والجهة التي تثق بها أن تضمن هذا.
    .advice = اسأل الموقّع، أو الجهة التي أصدرت الشهادة.
reason-certificate-chain-general-failure = تعذّر التحقق من الطريق بين الموقّع وجهة ما.
    .advice = اسأل الجهة التي أصدرت الشهادة.
reason-crypto-constraints-failure = يستعمل التوقيع، أو إحدى الشهادات، طريقة أضعف من اللازم.
    .advice = اطلب من الموقّع توقيعًا جديدًا.
reason-crypto-constraints-failure-no-poe = أصبحت الطريقة ضعيفة، ولا شيء يُثبت أنها استُعملت قبل ذلك.
    .advice = اطلب من الموقّع توقيعًا جديدًا.
reason-signature-policy-not-available = يتبع التوقيع قواعد خاصة لا تعرفها «بطاقة».
    .advice = اسأل المرسل أين يمكن التحقق منه.
reason-timestamp-order-failure = تناقض الأختام الزمنية الترتيب الذي لا بد أنها صُنعت به.
    .advice = لا تعتمد عليه. اطلب من المرسل الملف كما وُقّع.
reason-no-signing-certificate-found = شهادة الموقّع ليست في الملف، أو ليست التي وُقّع بها.
    .advice = اطلب من المرسل ملفًا فيه الشهادة.
reason-no-certificate-chain-found = لا تعرف «بطاقة» جهة تضمن هذا الموقّع.
    .advice = إذا أعطاك من تثق به شهادة تلك الجهة فأضفها.
reason-revoked-no-poe = الشهادة ملغاة، ولا شيء يُثبت أن التوقيع أقدم.
    .advice = لا تعتمد عليه دون دليل آخر على وقت التوقيع.
reason-revoked-ca-no-poe = شهادة إحدى الجهات ملغاة، ولا شيء يُثبت أن التوقيع أقدم.
    .advice = لا تعتمد عليه دون دليل آخر على وقت التوقيع.
reason-out-of-bounds-no-poe = انتهت صلاحية الشهادة أو لم تبدأ بعد، ولا شيء يُثبت متى وُقّع.
    .advice = اطلب من المرسل ملفًا بختم زمني.
reason-out-of-bounds-not-revoked = انتهت صلاحية الشهادة منذ ذلك الحين، ولا شيء يُثبت أن التوقيع أقدم.
    .advice = اطلب من المرسل ملفًا بختم زمني.
reason-revocation-out-of-bounds-no-poe = انتهت صلاحية شهادة من يقول إن الشهادة لم تُلغَ.
    .advice = اطلب من المرسل ملفًا بختم زمني.
reason-no-poe = لا شيء يُثبت أن التوقيع كان موجودًا في الوقت المعني.
    .advice = اطلب من المرسل ملفًا بختم زمني.
reason-try-later = لا يُعرف هنا هل أُلغيت الشهادة.
    .advice = اسأل الخدمات أدناه إن وُجدت، أو اطلب من المرسل ملفًا فيه هذه المعلومة (المستوى B-LT).
reason-signed-data-not-found = المستند الذي وُقّع ليس في هذا الملف.
    .advice = أضفه لتعرف هل تغيّر.
reason-generic = لا يمكن البتّ فيه لسبب آخر مذكور في التفاصيل.
    .advice = اسأل المرسل أين يمكن التحقق منه.

needs-title = من يعرف أكثر
needs-hint = بأجوبة هذه الخدمات يمكن قول المزيد. تتلقى أسئلة عن الشهادات ولا تتلقى الملف أبدًا، وتعرف عنوان هذا الحاسوب وصاحب الشهادة. لا تُسأل أي منها قبل أن تسمح بذلك.
about-ocsp = هل أُلغيت شهادة
about-crl = ما الشهادات التي أُلغيت
about-issuer-certificate = شهادة جهة مُصدِرة
about-trusted-list = من هو مؤهَّل
ask = سؤال هذه الخدمات
ask-again = السؤال من جديد
ask-stop = إيقاف
asking = تُسأل { $host }…
asked = سُئلت هذه الخدمات: { $hosts }
no-answer = لم يصل شيء من { $host }
save-report = حفظ التقرير (JSON)
save-report-xml = حفظ التقرير (XML)
not-saved = ليس هناك تقرير XML. تحقق من الملف من جديد.
saved = سُلّم التقرير إلى المتصفح لحفظه.

extend-title = إطالة أمد التوقيع
extend-hint = يُثبت ختم زمني متى كان التوقيع موجودًا على أبعد تقدير، ويُضاف إلى الملف ما يُعرف عن الشهادات ليبقى التحقق منه ممكنًا حين لا يبقى من يُسأل. ويبقى ما وُقّع كما هو.
extend-level = المستوى
extend-go = تمديد
extending = يجري تمديد الملف…
extend-ask = يُضاف إلى الملف ما تجيب به.
extend-ask-nobody = عدم سؤال أحد
extend-failed = تعذّر تمديد الملف. الملف الذي فتحته باقٍ كما كان.
extend-nothing = لم يُضف شيء: يبقى مستوى الملف { $level }.
extend-done = مستوى الملف الممدَّد { $level }.
extend-later = يمكن إضافة الباقي عندما تستجيب الخدمات، من هنا أو بالأمر «bitaqa extend».
extend-verdict = جرى التحقق منه من جديد: { $verdict }.
extend-save = حفظ { $file }

details = تفاصيل للخبراء
technical-name = الاسم في الملف
algorithm = الخوارزمية
fingerprint = بصمة الشهادة الرقمية (SHA-256)
judged-at = حُكم عليه بتاريخ
qualified-because = عن «مؤهَّل»
steps = خطوات التحقق
step-format-checking = قواعد الصيغة
step-identification-of-the-signing-certificate = شهادة الموقّع موجودة
step-validation-context-initialization = القواعد التي يتبعها التوقيع
step-time-stamp-validation = الأختام الزمنية
step-certificate-validation = الطريق إلى جهة موثوقة
step-cryptographic-verification = لم يتغيّر شيء
step-signature-acceptance-validation = ما يجب توقيعه مع المستند
chain = الشهادات، من الموقّع إلى الجهة
certificate-valid = الصلاحية
span = من { $from } إلى { $to }
revocation = الإلغاء
revocation-is-anchor = موثوقة لأنك اخترتها
revocation-is-anchor-of-pack = موثوقة حسب حزمة ثقة
revocation-is-good = غير ملغاة
revocation-is-revoked = ملغاة
revocation-is-unknown = لا يعرف المُصدِر هذه الشهادة
revocation-is-not-determined = غير معروف
time-stamps = الأختام الزمنية
time-stamp-content = للمحتوى، قبل التوقيع
time-stamp-signature = للتوقيع
time-stamp-archive = للملف كله
time = الوقت
authority = الجهة
verdict = الحكم
counter-signature = توقيع على هذا التوقيع
