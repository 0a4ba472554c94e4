# draft: no speaker has reviewed these sentences yet.
# A document as the browser extension shows it before it is signed.

document = ⴰⵔⵔⴰ { $name }
opening = ⴰⵔ ⵉⵜⵜⵏⵓⵔⵥⵓⵎ ⵓⵔⵔⴰ…
unreadable = ⵓⵔ ⵙⵓⵍ ⵉⵖⵉⵢ ⵓⴼⴰⵢⵍⵓ ⴰⴷ ⵉⵜⵜⵡⴰⵖⵔ.
kind-not-shown = ⵓⵔ ⵉⵖⵉⵢ ⵡⴰⵏⴰⵡ ⴰⴷ ⵏ ⵉⴼⴰⵢⵍⵓⵜⵏ ⴰⴷ ⵉⵜⵜⵢⵉⵥⵔ ⵖⵉⴷ. ⵔⵥⵎ ⵜ ⵙ ⵓⵖⴰⵡⴰⵙ ⵏⵏⵙ, ⵜⵙⵎⵣⴰⵣⴰⵍⴷ ⵉⵙⵎ ⴷ ⵓⴷⵔⵉⵣ.
file-name = ⵉⵙⵎ
file-type = ⴰⵏⴰⵡ
file-size = ⵜⵉⴷⴷⵉ
type-unknown = ⵓⵔ ⵉⵜⵜⵓⵏⵏⴰ
size-bytes = { $amount } ⵏ ⵢⵉⴱⴰⵢⵜⵏ
size-kilobytes = { $amount } KB
size-megabytes = { $amount } MB
digest-too-large = ⵓⵔ ⴰ ⵉⵜⵜⵓⵙⵙⵉⵟⵏ ⵖⵉⴷ ⵉ ⵉⴼⴰⵢⵍⵓⵜⵏ ⵢⵓⴳⵔⵏ { $most }

page-of = ⵜⴰⵙⵏⴰ { $page } ⵙⴳ { $pages }
page-incomplete = ⵉⵍⵍⴰ ⴽⵔⴰ ⵖ ⵜⴰⵙⵏⴰ ⴰⴷ ⵓⵔ ⵉⵖⵉⵢⵏ ⴰⴷ ⵉⵜⵜⵡⴰⵖⵔ, ⵓⵔ ⵉⵍⵍⵉ ⵖⵉⴷ.
page-missing = ⵓⵔ ⵜⵖⵉⵢ ⵜⴰⵙⵏⴰ ⴰⴷ ⴰⴷ ⵜⵜⵢⵉⵥⵔ.
pages-cut = ⵖⴰⵙ { $shown } ⵏ ⵜⴰⵙⵏⵉⵡⵉⵏ ⵜⵉⵎⵣⵡⵓⵔⴰ ⵙⴳ { $pages } ⴰⴷ ⵉⵜⵜⵢⵉⵥⵔⵏ.
pdf-password = ⵉⵇⵇⵏ PDF ⴰⴷ ⵙ ⵜⴳⵓⵔⵉ ⵏ ⵓⵣⵔⴰⵢ. ⵓⵔ ⵉⵖⵉⵢ ⴰⴷ ⵉⵜⵜⵢⵉⵥⵔ ⵏⵖ ⴰⴷ ⵉⵜⵜⵓⵙⴳⵎⴹ ⵎⴽⴰⴷ.
pdf-unreadable = ⵉⵅⵙⵔ PDF ⴰⴷ, ⵏⵖ ⵓⵔ ⵜⵖⵉⵢ ⵜⴰⵍⵖⴰ ⵏⵏⵙ ⴰⴷ ⵜⵜⵢⵉⵥⵔ.
pdf-form = ⵖ PDF ⴰⴷ ⵜⵍⵍⴰ ⵜⴰⵍⵖⴰ (XFA) ⵜⵜⵎⵍⴰⵏ ⴽⵔⴰ ⵏ ⵉⵖⴰⵡⴰⵙⵏ ⵖⴰⵙ. ⵉⵖⵉ ⴰⵢⵏⵏⴰ ⵎⵎⴰⵍⵏ ⴰⴷ ⵉⵎⵢⴰⵏⴰⵡ ⴷ ⵜⴰⵙⵏⵉⵡⵉⵏ ⴰⴷ.
pdf-scripts = ⵖ PDF ⴰⴷ ⵍⵍⴰⵏ ⵉⵙⴽⵔⵉⴱⵜⵏ. ⵓⵔ ⴰ ⵜⵜⴰⵣⵣⵍⵏ ⵖⵉⴷ; ⵖ ⵉⵖⴰⵡⴰⵙⵏ ⵢⴰⴹⵏⵉ ⵖⵉⵏ ⴰⴷ ⵙⵏⴼⵍⵏ ⴰⵢⵏⵏⴰ ⵉⵜⵜⵢⵉⵥⵔⵏ.
pdf-attachments = ⵍⵍⴰⵏ ⵉⴼⴰⵢⵍⵓⵜⵏ ⵢⴰⴹⵏⵉ ⴷ PDF ⴰⴷ. ⵓⵔ ⴰ ⵜⵜⵢⵉⵥⵔⵏ ⵖⵉⴷ, ⵜⵜⵓⵙⴳⵎⴹⵏ ⴷⵉⴷⵙ.
pdf-layers = ⵍⵍⴰⵏⵜ ⵜⵙⵙⵉⵡⵉⵏ ⵉⵏⵜⵍⵏ ⵖ PDF ⴰⴷ. ⵓⵔ ⴰ ⵜⵜⵢⵉⵥⵔⵏⵜ ⵖⵉⴷ, ⵜⵜⵓⵙⴳⵎⴹⵏⵜ ⴷⵉⴷⵙ.
zoom = ⵜⵉⴷⴷⵉ ⵏ ⵜⴰⵙⵏⵉⵡⵉⵏ
zoom-in = ⵙⵎⵖⵔ ⵜⴰⵙⵏⵉⵡⵉⵏ
zoom-out = ⵙⵎⵥⵉ ⵜⴰⵙⵏⵉⵡⵉⵏ

text-cut = ⵖⴰⵙ { $shown } ⵉⵎⵣⵡⵓⵔⴰ ⵙⴳ { $size } ⴰⴷ ⵉⵜⵜⵢⵉⵥⵔⵏ.
text-hidden = { $count ->
    [one] { $count } ⵓⵙⴽⴽⵉⵍ ⵉⵏⵜⵍⵏ ⵉⵜⵜⵢⵉⵥⵔ ⵙ ⵓⵟⵟⵓⵏ ⵏⵏⵙ: ⵓⵔ ⴰ ⵉⵜⵜⵢⵉⵥⵔ, ⵏⵖ ⴰⵔ ⵉⵙⵏⴼⴰⵍ ⴰⵙⵎⵙⵓⴷⵙ ⵏ ⵡⵉⵢⵢⴰⴹ.
   *[other] { $count } ⵉⵙⴽⴽⵉⵍⵏ ⵉⵏⵜⵍⵏ ⵜⵜⵢⵉⵥⵔⵏ ⵙ ⵡⵓⵟⵟⵓⵏⵏ ⵏⵏⵙⵏ: ⵓⵔ ⴰ ⵜⵜⵢⵉⵥⵔⵏ, ⵏⵖ ⴰⵔ ⵙⵏⴼⴰⵍⵏ ⴰⵙⵎⵙⵓⴷⵙ ⵏ ⵡⵉⵢⵢⴰⴹ.
}
text-empty = ⵉⵅⵡⴰ ⵓⴼⴰⵢⵍⵓ.
not-text = ⵓⵔ ⵉⴳⵉ ⵡⴰⴷ ⴰⴹⵕⵉⵚ ⵉⵜⵜⵡⴰⵖⵔⴰⵏ (UTF-8). ⵜⵜⵢⵉⵥⵔⵏ ⵉⴱⴰⵢⵜⵏ ⵏⵏⵙ ⵉⵎⵣⵡⵓⵔⴰ ({ $shown }).
markup = ⵉⵜⵜⵢⵉⵥⵔ ⵓⴹⵕⵉⵚ ⴰⵖⴱⴰⵍⵓ ⵏⵏⵙ, ⵎⴰⵛⵉ ⴰⵢⵏⵏⴰ ⵣⴳⵙ ⵉⵙⵓⵏⵓⵖ ⵓⵎⵙⵙⴰⵔⴰ.
json-invalid = ⵓⵔ ⵉⵖⵉⵢ ⴰⴷ ⵉⵜⵜⵓⵙⵓⴷⵙ ⵎⴰⵙ ⵉⴳⴰ JSON. ⵉⵜⵜⵢⵉⵥⵔ ⵎⴽⴰⵏⵏ ⵉⵜⵜⵢⴰⵔⴰ.
json-duplicates = { $count ->
    [one] ⵉⵍⵍⴰ ⵢⵉⵙⵎ ⵙⵏⴰⵜ ⵜⵡⴰⵍⴰⵜⵉⵏ ⵖ ⵢⴰⵏ ⵓⴱⵊⵉⴽⵜ; ⵓⵔ ⵎⵙⴰⵙⴰⵏ ⵉⵖⴰⵡⴰⵙⵏ ⵖⴼ ⵡⴰⵜⵉⴳ: { $names }
   *[other] ⵍⵍⴰⵏ ⵢⵉⵙⵎⴰⵡⵏ ⵙⵏⴰⵜ ⵜⵡⴰⵍⴰⵜⵉⵏ ⵖ ⵢⴰⵏ ⵓⴱⵊⵉⴽⵜ; ⵓⵔ ⵎⵙⴰⵙⴰⵏ ⵉⵖⴰⵡⴰⵙⵏ ⵖⴼ ⵡⴰⵜⵉⴳ: { $names }
}
as-it-is = ⵎⴽⴰⵏⵏ ⵉⵜⵜⵢⴰⵔⴰ

picture = ⵜⴰⵡⵍⴰⴼⵜ { $name }, { $width } ⵖ { $height } ⵏ ⵉⴱⵉⴽⵙⵍⵏ
picture-unreadable = ⵜⵅⵙⵔ ⵜⵡⵍⴰⴼⵜ ⴰⴷ, ⵏⵖ ⵓⵔ ⵜⴳⵉ ⴰⵏⴰⵡ ⵏⵏⴰ ⵜⵏⵏⴰ.
picture-large = ⵜⵎⵇⵇⵓⵔ ⵜⵡⵍⴰⴼⵜ ⴰⴷ ⴰⵔ ⵓⵔ ⵜⵖⵉⵢ ⴰⴷ ⵜⵜⵢⵉⵥⵔ ({ $width } ⵖ { $height } ⵏ ⵉⴱⵉⴽⵙⵍⵏ).
picture-animated = ⵉⵖⵉ ⵓⴼⴰⵢⵍⵓ ⴰⴷ ⴰⴷ ⵉⵟⵟⴼ ⵜⵉⵡⵍⴰⴼⵉⵏ ⵢⴰⴹⵏⵉⵏ. ⵖⴰⵙ ⵜⴰⵎⵣⵡⴰⵔⵓⵜ ⴰⴷ ⵉⵜⵜⵢⵉⵥⵔⵏ.

placing-role = ⴰⴷⵖⴰⵔ ⵏ ⵓⵙⴳⵎⴹ ⵉⵜⵜⵎⵓⵙⵙⵓⵏ
placing-keys = ⴰⵔ ⵜ ⵙⵎⵓⵙⵙⵓⵏ ⵉⵏⴰⵎⵎⴰⵍⵏ, ⵙ Shift ⵙ ⵉⵙⵓⵔⵉⴼⵏ ⵎⵇⵇⵓⵔⵏⵉⵏ. Ctrl ⵏⵖ Alt ⴷ ⵓⵏⴰⵎⵎⴰⵍ ⴰⵔ ⵙⵏⴼⴰⵍⵏ ⵜⵉⴷⴷⵉ ⵏⵏⵙ. Page Up ⴷ Page Down ⴰⵔ ⵜ ⵜⵜⴰⵡⵉⵏ ⵖⵔ ⵜⴰⵙⵏⴰ ⵢⴰⴹⵏⵉⵏ. ⴰⵙⵉⵜⵉ ⵖⴼ ⵜⴰⵙⵏⴰ ⴰⵔ ⵜ ⵉⵙⵔⵓⵙⵓ ⴷⵉⵏⵏ.
placing-at = ⵜⴰⵙⵏⴰ { $page } ⵙⴳ { $pages }: { $left } mm ⵙⴳ ⵓⵥⵍⵎⴰⴹ, { $top } mm ⵙⴳ ⵓⴼⵍⵍⴰ, ⵜⵓⵔⵔⵓⵜ { $width } mm, ⵜⴰⵜⵜⵓⵢⵜ { $height } mm
placing-size = ⵜⵉⴷⴷⵉ ⵏ ⵓⵙⴳⵎⴹ
placing-smaller = ⵙⵎⵥⵉ ⴰⵙⴳⵎⴹ
placing-larger = ⵙⵎⵖⵔ ⴰⵙⴳⵎⴹ
