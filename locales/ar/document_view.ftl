# draft: no speaker has reviewed these sentences yet.
# A document as the browser extension shows it before it is signed.

document = المستند { $name }
opening = جارٍ فتح المستند…
unreadable = لم تعد قراءة الملف ممكنة.
kind-not-shown = لا يمكن عرض هذا النوع من الملفات هنا. افتحه بالبرنامج الخاص به، ثم قارن الاسم والبصمة الرقمية.
file-name = الاسم
file-type = النوع
file-size = الحجم
type-unknown = غير مذكور
size-bytes = { $amount } بايت
size-kilobytes = { $amount } كيلوبايت
size-megabytes = { $amount } ميغابايت
digest-too-large = لا تُحسب هنا للملفات التي تزيد على { $most }

page-of = الصفحة { $page } من { $pages }
page-incomplete = في هذه الصفحة شيء تعذّرت قراءته، وهو ناقص هنا.
page-missing = لا يمكن عرض هذه الصفحة.
pages-cut = تُعرض أول { $shown } صفحة فقط من أصل { $pages }.
pdf-password = ملف PDF هذا مقفل بكلمة مرور، ولا يمكن عرضه أو توقيعه هكذا.
pdf-unreadable = ملف PDF هذا تالف، أو لا يمكن عرض شكله.
pdf-form = يحوي ملف PDF هذا استمارة (XFA) لا تعرضها إلا بعض البرامج، وقد يختلف ما تعرضه عن هذه الصفحات.
pdf-scripts = يحوي ملف PDF هذا برامج نصية. لا تُشغَّل هنا، وقد تغيّر ما يُرى في برامج أخرى.
pdf-attachments = أُرفقت بملف PDF هذا ملفات أخرى. لا تُعرض هنا، وتُوقَّع معه.
pdf-layers = في ملف PDF هذا طبقات مخفية. لا تُعرض هنا، وتُوقَّع معه.
zoom = حجم الصفحات
zoom-in = تكبير الصفحات
zoom-out = تصغير الصفحات

text-cut = يُعرض أول { $shown } فقط من أصل { $size }.
text-hidden = { $count ->
    [one] يُعرض حرف خفي واحد برقمه: إما أنه لا يُرى، وإما أنه يغيّر ترتيب غيره.
    [two] يُعرض حرفان خفيان برقميهما: إما أنهما لا يُريان، وإما أنهما يغيّران ترتيب غيرهما.
    [few] تُعرض { $count } حروف خفية بأرقامها: إما أنها لا تُرى، وإما أنها تغيّر ترتيب غيرها.
   *[other] يُعرض { $count } حرفًا خفيًا بالأرقام: إما أنها لا تُرى، وإما أنها تغيّر ترتيب غيرها.
}
text-empty = الملف فارغ.
not-text = هذا ليس نصًا مقروءًا (UTF-8). تُعرض بدلًا منه بايتاته الأولى ({ $shown }).
markup = يُعرض نصه المصدري، لا ما يرسمه منه المتصفح.
json-invalid = لا يمكن ترتيب هذا النص بصيغة JSON. يُعرض كما كُتب.
json-duplicates = { $count ->
    [one] تكرر اسم في كائن واحد، والبرامج تختلف في القيمة المعتبرة: { $names }
   *[other] تكررت أسماء في كائن واحد، والبرامج تختلف في القيمة المعتبرة: { $names }
}
as-it-is = كما كُتب

picture = الصورة { $name }، { $width } في { $height } بكسل
picture-unreadable = هذه الصورة تالفة، أو نوعها غير ما تذكره.
picture-large = هذه الصورة أكبر من أن تُعرض ({ $width } في { $height } بكسل).
picture-animated = قد يحوي هذا الملف صورًا أخرى. لا تُعرض إلا الأولى.

placing-role = موضع التوقيع القابل للتحريك
placing-keys = تحركه أسهم لوحة المفاتيح، ومع Shift بخطوات كبيرة. يغيّر Ctrl أو Alt مع السهم حجمه. ينقله Page Up وPage Down إلى صفحة أخرى. النقر على صفحة يضعه هناك.
placing-at = الصفحة { $page } من { $pages }: على بعد { $left } مم من اليسار و{ $top } مم من الأعلى، عرضه { $width } مم وارتفاعه { $height } مم
placing-size = حجم التوقيع
placing-smaller = تصغير التوقيع
placing-larger = تكبير التوقيع
