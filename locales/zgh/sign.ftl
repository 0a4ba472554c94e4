# draft: no speaker has reviewed these sentences yet.
# Tisniwin n usgmḍ n iskkinn.

product-name = ⴱⵉⵟⴰⵇⴰ
language = ⵜⵓⵜⵍⴰⵢⵜ

sign-file-title = ⵙⴳⵎⴹ ⴰⴼⴰⵢⵍⵓ
sign-file-lead = ⵙⵜⵢ ⵉⴼⴰⵢⵍⵓⵜⵏ ⵙⴳ ⵓⵎⵙⵙⵓⴷⵙ ⴰⴷ. ⴷⴰ ⵜⵜⵓⵙⴳⵎⴹⵏ ⵙ ⵜⴽⴰⵕⴹⴰ ⵏⵏⴽ, ⵇⵇⵉⵎⵏ ⴳ ⵓⵎⵙⵙⵓⴷⵙ ⴰⴷ: ⵓⵔ ⴷⴰ ⵉⵜⵜⵓⵣⵏ ⴰⵡⴷ ⵢⴰⵜ ⴱⵍⴰ ⴰⵙⵇⵙⵉ ⵏⵏⴽ.
choose-files = ⵙⵜⵢ ⵉⴼⴰⵢⵍⵓⵜⵏ
choose-files-drop = ⵏⵖ ⵙⵔⵙ ⵜⵏ ⴷⴰ

site-asks = ⵉⵙⵙⵓⵜⵔ ⵓⵙⵉⵜ ⴰⴷ:
site-not-verified = ⵓⵔ ⵉⵜⵜⵓⵙⵙⵉⴷⵜ ⵢⵉⵙⵎ. ⵙⵙⵉⴷⵜ ⵜⴰⵏⵙⴰ.
site-title = { $count ->
    [one] ⵥⵕ ⴰⵙⴽⴽⵉⵏ ⵇⴱⵍ ⴰⴷ ⵜⵙⴳⵎⴹⴷ
   *[other] ⵥⵕ { $count } ⵉⵙⴽⴽⵉⵏⵏ ⵇⴱⵍ ⴰⴷ ⵜⵙⴳⵎⴹⴷ
}
site-lead = ⴰⵢⵏⵏⴰ ⵜⵥⵕⵕⵉⴷ ⴷⴰ ⴰⵢⴷ ⵉⵜⵜⵓⵙⴳⵎⴹⵏ. ⴷⴼⴼⵉⵔ ⵓⵢⴰ, ⴰⴷ ⵜⵙⵙⵓⵜⵔ ⵜⴰⵙⴽⵙⵍⵜ ⵏ ⴱⵉⵟⴰⵇⴰ ⵜⴰⵏⴳⴰⵍⵜ ⵏⵏⴽ.

documents = { $count ->
    [one] 1 ⵓⵙⴽⴽⵉⵏ
   *[other] { $count } ⵉⵙⴽⴽⵉⵏⵏ
}
seen = ⵉⵜⵜⵓⵥⵕⴰ
format = ⴰⵢⵏⵏⴰ ⵉⵜⵜⵓⵙⴽⴰⵔⵏ
format-pades = ⴰⵙⴳⵎⴹ ⴳ ⴽⵓ PDF
format-asic-e = ⵢⴰⵏ ⵓⵎⴰⵔⵓ ⵙ ⵉⴼⴰⵢⵍⵓⵜⵏ ⴰⴽⴽⵯ ⴷ ⵢⴰⵏ ⵓⵙⴳⵎⴹ (ASiC-E)
format-cades = ⴰⴼⴰⵢⵍⵓ ⵉⵜⵜⵓⵙⴳⵎⴹⵏ ⵉ ⴽⵓ ⵢⴰⵏ (CAdES)
format-xades = ⴰⴼⴰⵢⵍⵓ XML ⵉⵜⵜⵓⵙⴳⵎⴹⵏ ⵉ ⴽⵓ ⵢⴰⵏ (XAdES)
format-jades = ⴰⴼⴰⵢⵍⵓ JSON ⵉⵜⵜⵓⵙⴳⵎⴹⵏ ⵉ ⴽⵓ ⵢⴰⵏ (JAdES)
format-asic-s = ⴰⵎⴰⵔⵓ ⵉ ⴽⵓ ⵢⴰⵏ (ASiC-S)
level = ⴰⵙⵡⵉⵔ ⵏ ⵓⵙⴳⵎⴹ
level-b-b = ⴰⵙⴳⵎⴹ (B-B)
level-b-t = ⵙ ⵓⵙⵎⵉⵔ ⵏ ⵡⴰⴽⵓⴷ (B-T)
level-b-lt = ⵉ ⵡⴰⴽⵓⴷ ⵉⵖⵣⵣⵉⴼⵏ (B-LT)
level-b-lta = ⵉ ⵡⴰⴽⵓⴷ ⵉⵖⵣⵣⵉⴼⵏ, ⵙ ⵓⵙⵎⵉⵔ ⵏ ⵡⴰⴽⵓⴷ (B-LTA)
visible = ⴰⵙⴳⵎⴹ ⵉⵜⵜⵓⵥⵕⴰⵏ ⴳ ⵜⴰⵙⵏⴰ
reason-field = ⴰⵙⵔⴰⴳ (ⵉⵜⵜⵓⵥⵕⴰ ⴳ ⵓⵙⴳⵎⴹ)
image-field = ⵔⵏⵓ ⵜⴰⵡⵍⴰⴼⵜ (PNG ⵏⵖ JPEG)
remove-image = ⴽⴽⵙ ⵜⴰⵡⵍⴰⴼⵜ
image-unusable = ⵓⵔ ⵜⵣⵎⵎⵔ ⵜⵡⵍⴰⴼⵜ ⴰⴷ ⴰⴷ ⵜⵜⵓⵙⵎⵔⵙ: ⵓⵔ ⵜⴳⵉ PNG ⵓⵍⴰ JPEG, ⵏⵖ ⵜⵎⵇⵇⵓⵔ.
place-signature = ⴰⵙⴳⵎⴹ

# The site decided what is made.
made-pades = ⴰⴷ ⵢⴰⵎⵥ ⵓⵙⵉⵜ ⴽⵓ PDF ⵙ ⵓⵙⴳⵎⴹ ⵏⵏⴽ.
made-asic-e = ⴰⴷ ⵢⴰⵎⵥ ⵓⵙⵉⵜ ⵢⴰⵏ ⵓⵎⴰⵔⵓ ⵙ ⵉⵙⴽⴽⵉⵏⵏ ⴰⴽⴽⵯ ⴷ ⵓⵙⴳⵎⴹ ⵏⵏⴽ.
made-other = ⴰⴷ ⵢⴰⵎⵥ ⵓⵙⵉⵜ ⵉⴼⴰⵢⵍⵓⵜⵏ ⵉⵜⵜⵓⵙⴳⵎⴹⵏ.

# Before the reason that the site gives for the signature.
site-reason = ⴰⴷ ⵉⵏⵉ ⵓⵙⴳⵎⴹ ⴰⵙⵔⴰⴳ ⴰⴷ, ⵙ ⵡⴰⵡⴰⵍ ⵏ ⵓⵙⵉⵜ:
site-image = ⴰⴷ ⵉⵙⴽⵏ ⵓⵙⴳⵎⴹ ⵜⴰⵡⵍⴰⴼⵜ ⵙⴳ ⵓⵙⵉⵜ.

# What the signature shows on the page, before the name in the certificate, the date, and the reason.
shown-name = ⴰⵎⵙⴳⵎⴹ:
shown-date = ⴰⵙⴰⴽⵓⴷ:
shown-reason = ⴰⵙⵔⴰⴳ:
shown-reason-given = «{ $reason }»
# In place of the name, before the card was asked for its certificate.
shown-name-later = (ⵉⵙⵎ ⵏⵏⴰ ⵉⵍⵍⴰⵏ ⴳ ⵜⵙⴷⵉⴷⵜ ⵏⵏⴽ)

# Beside a document in the list of which a person should know something, and before the names of all of them.
caution = ⴰⵍⵖⵓ
flagged = { $flagged ->
    [one] 1 ⵙⴳ { $total } ⵉⵙⴽⴽⵉⵏⵏ ⵉⵣⵎⵎⵔ ⴰⴷ ⵉⵙⴽⵏ ⵏⵖ ⴰⴷ ⵉⵙⴽⵔ ⴽⵔⴰ ⵢⴰⴹⵏ ⴱⵍⴰ ⴰⵢⵏⵏⴰ ⵜⵥⵕⵕⵉⴷ ⴷⴰ:
   *[other] { $flagged } ⵙⴳ { $total } ⵉⵙⴽⴽⵉⵏⵏ ⵣⵎⵔⵏ ⴰⴷ ⵙⴽⵏⵏ ⵏⵖ ⴰⴷ ⵙⴽⵔⵏ ⴽⵔⴰ ⵢⴰⴹⵏ ⴱⵍⴰ ⴰⵢⵏⵏⴰ ⵜⵥⵕⵕⵉⴷ ⴷⴰ:
}

risk-java-script = ⵍⵍⴰⵏ ⴳ PDF ⴰⴷ ⵉⵙⴽⵔⵉⴱⵜⵏ ⵉⵣⵎⵔⵏ ⴰⴷ ⵙⵏⴼⵍⵏ ⴰⵢⵏⵏⴰ ⵉⵙⵙⴽⴰⵏ.
risk-automatic-actions = ⴷⴰ ⵉⵙⵡⵓⵔⵉ PDF ⴰⴷ ⵙ ⵉⵅⴼ ⵏⵏⵙ ⵍⵍⵉⴳ ⵉⵜⵜⵓⵔⵥⵎ, ⵉⵜⵜⵓⵙⵉⴳⴳⵣ, ⵉⵜⵜⵓⵔⴳⵍ ⵏⵖ ⵉⵜⵜⵓⵄⵎⵎⵔ.
risk-external-actions = ⵍⵍⴰⵏ ⴳ PDF ⴰⴷ ⵉⵙⵖⵓⵏⵏ ⵏⵖ ⵜⵉⴳⴰⵡⵉⵏ ⵉⵔⵥⵎⵏ ⵉⴼⴰⵢⵍⵓⵜⵏ ⵏⵖ ⵜⴰⵏⵙⵉⵡⵉⵏ ⵢⴰⴹⵏ, ⵙⵙⵓⴷⵓⵏ ⵉⵖⴰⵡⴰⵙⵏ ⵏⵖ ⴰⵣⵏⵏ ⵜⴰⴼⵔⴽⵉⵜ.
risk-external-content = ⵍⵍⴰⵏ ⵉⴳⵣⵎⵏ ⵏ PDF ⴰⴷ ⴳ ⵉⴼⴰⵢⵍⵓⵜⵏ ⵢⴰⴹⵏ, ⵏⵏⴰ ⵓⵔ ⵉⵜⵜⵓⵙⴳⵎⴹⵏ.
risk-xfa = ⵜⵍⵍⴰ ⴳ PDF ⴰⴷ ⵜⴼⵔⴽⵉⵜ XFA, ⵏⵏⴰ ⵙⵙⴽⴰⵏⵏ ⴽⵔⴰ ⵏ ⵉⵖⴰⵡⴰⵙⵏ ⴳ ⵓⴷⵖⴰⵔ ⵏ ⵜⴰⵙⵏⵉⵡⵉⵏ ⵏⵏⵙ.
risk-optional-content = ⵍⵍⴰⵏⵜ ⴳ PDF ⴰⴷ ⵜⵉⵙⵙⵉⵡⵉⵏ ⵉⵣⵎⵔⵏ ⴰⴷ ⵜⵜⵓⵙⴽⵏⵏⵜ ⵏⵖ ⴰⴷ ⵜⵜⵓⵙⵙⵏⵜⵍⵏⵜ.
risk-viewer-made-appearances = ⴽⵓ ⴰⵖⴰⵡⴰⵙ ⵉⵙⵓⵏⵖ ⵉⴳⵔⴰⵏ ⵏ PDF ⴰⴷ ⵙ ⵉⵅⴼ ⵏⵏⵙ. ⵣⵎⵔⵏ ⴰⴷ ⵎⵣⴰⵔⴰⵢⵏ ⴳ ⵓⴷⵖⴰⵔ ⵢⴰⴹⵏ.
risk-media = ⵍⵍⴰⵏ ⴳ PDF ⴰⴷ ⵉⵎⵙⵍⵉ, ⵉⴼⵉⵍⵎⵏ ⵏⵖ ⵜⵓⵎⴰⵢⵜ ⴳ ⴽⵕⴰⴹ ⵉⵙⵓⴳⵓⵔⵏ, ⵏⵏⴰ ⵙⵙⴽⴰⵏⵏ ⵉⵖⴰⵡⴰⵙⵏ ⵙ ⵜⴱⵔⵉⴷⵉⵏ ⵉⵎⵣⴰⵔⴰⵢⵏ.
risk-trailing-bytes = ⵉⵍⵍⴰ ⴽⵔⴰ ⴷⴼⴼⵉⵔ ⵜⴳⵉⵔⴰ ⵏ PDF ⴰⴷ, ⵏⵏⴰ ⵓⵔ ⵙⵙⴽⴰⵏⵏⵜ ⵜⴰⵙⵏⵉⵡⵉⵏ ⵏⵏⵙ.
risk-embedded-files = ⵍⵍⴰⵏ ⴳ PDF ⴰⴷ ⵉⴼⴰⵢⵍⵓⵜⵏ ⵢⴰⴹⵏ. ⵜⵜⵓⵙⴳⵎⴹⵏ ⴰⵡⴷ ⵏⵜⵏⵉ.
risk-form-fields = ⵍⵍⴰⵏ ⴳ PDF ⴰⴷ ⵉⴳⵔⴰⵏ ⵉ ⵓⵄⵎⵎⵔ.
risk-unreadable = ⵓⵔ ⵜⵣⵎⵎⵔ ⴱⵉⵟⴰⵇⴰ ⴰⴷ ⵜⵖⵔ PDF ⴰⴷ: { $reason }

sign = ⵙⴳⵎⴹ
cancel = ⵙⵔ
close = ⵔⴳⵍ
try-again = ⴰⵍⵙ
sign-another = ⵙⴳⵎⴹ ⴰⴼⴰⵢⵍⵓ ⵢⴰⴹⵏ

stage-receiving = ⴷⴰ ⴷ ⵜⵜⵉⵡⴹⵏ ⵉⵙⴽⴽⵉⵏⵏ ⵙⴳ ⵓⵙⵉⵜ…
stage-inspecting = ⴷⴰ ⵜⵜⵓⵙⵉⴳⴳⵍⵏ ⵉⵙⴽⴽⵉⵏⵏ: { $signed } ⵙⴳ { $total }
    .next = ⵜⵣⵎⵔⴷ ⴰⴷ ⵜⵙⴳⵎⴹⴷ ⵍⵍⵉⴳ ⴽⵎⵎⵍⵏ ⴰⴽⴽⵯ.
stage-certificate = ⴷⴰ ⵜⵙⵇⵙⴰ ⵜⴰⵙⴽⵙⵍⵜ ⵏ ⴱⵉⵟⴰⵇⴰ ⵅⴼ ⵜⵙⴷⵉⴷⵜ ⵏⵏⴽ
    .next = ⵜⵉⵍⵍⴰ ⴷⴰⵜ ⵜⴰⴷ.
stage-preparing = ⴷⴰ ⵜⵜⵓⵙⵡⵊⴰⴷⵏ ⵉⵙⴽⴽⵉⵏⵏ…
stage-waiting-for-person = ⴷⴰ ⵜⵙⵙⵓⵜⵔ ⵜⴰⵙⴽⵙⵍⵜ ⵏ ⴱⵉⵟⴰⵇⴰ ⵜⴰⵏⴳⴰⵍⵜ ⵏⵏⴽ
    .next = ⴷⴰ ⵜⵙⵙⴽⴰⵏ ⵉⵙⵎ ⴷ ⵓⴷⵙⵉⵍ ⵏ ⴽⵓ ⴰⵙⴽⴽⵉⵏ. ⵜⵉⵍⵍⴰ ⴷⴰⵜ ⵜⴰⴷ.
stage-signing = ⴷⴰ ⵜⵙⴳⵎⴰⴹ ⵜⴽⴰⵕⴹⴰ: { $signed } ⵙⴳ { $total }
    .next = ⴰⴷⵊ ⵜⴰⴽⴰⵕⴹⴰ ⴳ ⵉⵎⵖⵔⵉ.
stage-finishing = ⴷⴰ ⵜⵜⵓⵙⴽⴰⵔⵏ ⵉⴼⴰⵢⵍⵓⵜⵏ ⵉⵜⵜⵓⵙⴳⵎⴹⵏ ⵜⵜⵓⵙⵙⵉⴷⵜⵏ…
stage-raising = ⴷⴰ ⵜⵜⵓⵙⵇⵙⴰⵏⵜ ⵜⵏⴰⴼⵓⵜⵉⵏ…

unsuited-title = ⵜⵉⵙⴷⵉⴷⵜⵉⵏ ⵏⵏⴰ ⵓⵔ ⵉⵜⵜⵓⵙⵎⵔⴰⵙⵏ
unsuited-key-usage = ⵓⵔ ⵜⴳⵉ ⵜⵉⵏ ⵓⵙⴳⵎⴹ ⵏ ⵉⵙⴽⴽⵉⵏⵏ
unsuited-sign-in-key = ⵜⴰⵙⴰⵔⵓⵜ ⵏⵏⵙ ⵜⴳⴰ ⵜⵉⵏ ⵓⴽⵛⵛⵓⵎ
unsuited-expired = ⵉⵣⵔⵉ ⵡⴰⴽⵓⴷ ⵏⵏⵙ, ⵏⵖ ⵓⵔ ⵜⴰ ⵉⴱⴷⵉ
unsuited-key = ⵜⴰⵙⴰⵔⵓⵜ ⵏⵏⵙ ⵜⴹⵄⴼ, ⵏⵖ ⵓⵔ ⵜⴻⵜⵜⵡⴰⵙⵙⵏ
unsuited-algorithm = ⵓⵔ ⵉⵍⵍⵉ ⵓⵍⴳⵓⵔⵉⵜⵎ ⵉⵛⵔⴽⵏ ⴳⵔ ⵜⴽⴰⵕⴹⴰ ⴷ ⵜⵙⴷⵉⴷⵜ
unsuited-no-pin = ⵓⵔ ⵜⵍⵍⵉ ⵜⴰⵏⴳⴰⵍⵜ ⵉⵜⵜⵃⵟⵟⵓⵏ ⵜⴰⵙⴰⵔⵓⵜ ⵏⵏⵙ
unsuited-not-wanted = ⴷⴰ ⵉⵙⵙⵓⵜⵓⵔ ⵓⵙⵉⵜ ⵢⴰⵜ ⵜⵙⴷⵉⴷⵜ ⵢⴰⴹⵏⵉⵏ
unsuited = { $name }: { $why }
which-certificate = ⵎⴰⵏ ⵜⴰⵙⴷⵉⴷⵜ ⵜⵔⵉⴷ ⴰⴷ ⵜⵙⵙⵎⵔⵙⴷ?
certificate-number = ⵜⴰⵙⴷⵉⴷⵜ { $number }
pin-each-time = ⴷⴰ ⵜⵙⵙⵓⵜⵔ ⵜⴽⴰⵕⴹⴰ ⵏⵏⴽ ⵜⴰⵏⴳⴰⵍⵜ ⵉ ⴽⵓ ⴰⵙⴳⵎⴹ
pin-each-time-text = ⵍⵍⴰⵏ { $count } ⵉⵙⴽⴽⵉⵏⵏ. ⵜⵣⵎⵔⴷ ⴰⴷ ⵜⴰⵔⴰⴷ ⵜⴰⵏⴳⴰⵍⵜ { $count } ⵜⵉⴽⴽⴰⵍ, ⵏⵖ ⴰⴷ ⵜⵙⴳⵎⴹⴷ ⵢⴰⵜ ⵜⵉⴽⴽⵍⵜ.
answer-each = ⴰⵔⴰ ⵜⴰⵏⴳⴰⵍⵜ { $count } ⵜⵉⴽⴽⴰⵍ
    .text = ⴽⵓ ⴰⵙⴽⴽⵉⵏ ⴷⴰ ⵉⵜⵜⵓⵙⴳⵎⴰⴹ ⵡⴰⵃⴷⵙ.
answer-container = ⵙⴳⵎⴹ ⵢⴰⵜ ⵜⵉⴽⴽⵍⵜ
    .text = ⴰⴷ ⴽⵛⵎⵏ ⵉⵙⴽⴽⵉⵏⵏ ⴰⴽⴽⵯ ⵢⴰⵏ ⵓⵎⴰⵔⵓ (ASiC-E), ⵙ ⵢⴰⵏ ⵓⵙⴳⵎⴹ.

ask-services = ⵉⵙ ⴰⴷ ⵜⵜⵓⵙⵇⵙⴰⵏⵜ ⵜⵏⴰⴼⵓⵜⵉⵏ ⴰⴷ?
ask-services-text = { $whom }. ⴷⴰ ⵜⵜⴰⵎⵥⵏⵜ ⵉⴷⵙⵉⵍⵏ ⴷ ⵉⵙⵇⵙⵉⵜⵏ ⵅⴼ ⵜⵙⴷⵉⴷⵉⵏ, ⵓⵔ ⵊⵊⵓ ⵉⵙⴽⴽⵉⵏⵏ. ⴷⴰ ⵜⵜⵉⵙⵉⵏⵏⵜ ⵜⴰⵏⵙⴰ ⵏ ⵓⵎⵙⵙⵓⴷⵙ ⴰⴷ ⴷ ⴱⴰⴱ ⵏ ⵜⵙⴷⵉⴷⵜ.
answer-ask = ⵙⵇⵙⴰ ⵜⵏⵜ
    .text = ⴰⴷ ⵢⴰⵎⵥ ⵓⵙⴳⵎⴹ ⴰⵢⵏⵏⴰ ⵙ ⵔⴰⵔⵏⵜ.
answer-ask-nobody = ⵙⴳⵎⴹ ⵖⴰⵙ ({ $level })
    .text = ⵓⵔ ⴷⴰ ⵜⵜⵓⵙⵇⵙⴰ ⴰⵡⴷ ⵢⴰⵜ.

signed = { $count ->
    [one] ⵉⵜⵜⵓⵙⴳⵎⴹ ⵓⴼⴰⵢⵍⵓ
   *[other] ⵜⵜⵓⵙⴳⵎⴹⵏ { $count } ⵉⴼⴰⵢⵍⵓⵜⵏ
}
signed-sent = ⵖⵓⵔ ⵓⵙⵉⵜ ⵉⵙⴽⴽⵉⵏⵏ ⵉⵜⵜⵓⵙⴳⵎⴹⵏ. ⵜⵣⵎⵔⴷ ⴰⴷ ⵜⵔⴳⵍⴷ ⵜⴰⵙⴽⵙⵍⵜ ⴰⴷ.
signed-files = ⵉⴼⴰⵢⵍⵓⵜⵏ ⵉⵜⵜⵓⵙⴳⵎⴹⵏ
signed-some = ⵜⵜⵓⵙⴳⵎⴹⵏ ⴽⵔⴰ ⵏ ⵉⵙⴽⴽⵉⵏⵏ, ⵓⵔⴷ ⴰⴽⴽⵯ
level-b = ⴷⴰ ⵉⵜⵜⵉⵏⵉ ⵓⵙⴳⵎⴹ ⵎⴰⵏⴰⴳⵓ ⵜⵙⴳⵎⴹⴷ ⵙ ⵜⵙⵔⴰⴳⵜ ⵏ ⵓⵎⵙⵙⵓⴷⵙ ⴰⴷ. ⵉⵣⵎⵎⵔ ⴰⴷ ⵉⵜⵜⵓⵔⵏⵓ ⵓⵙⵎⵉⵔ ⵏ ⵡⴰⴽⵓⴷ ⴷⴼⴼⵉⵔ ⵓⵢⴰ.
level-t = ⴷⴰ ⵉⵙⴽⴰⵏ ⵓⵙⵎⵉⵔ ⵏ ⵡⴰⴽⵓⴷ ⵎⴰⵏⴰⴳⵓ ⵜⵙⴳⵎⴹⴷ.
level-missed = ⴰⵙⴳⵎⴹ { $reached } ⴰⵢⴷ ⵉⴳⴰ, ⵓⵔⴷ { $wanted }.
missing-not-set-up = ⵓⵔ ⵜⵍⵍⵉ ⵜⵏⴰⴼⵓⵜ ⵏ ⵓⵙⵎⵉⵔ ⵏ ⵡⴰⴽⵓⴷ ⴳ ⵓⵎⵙⵙⵓⴷⵙ ⴰⴷ.
missing-no-time-stamp = ⵓⵔ ⴷ ⵢⵉⵡⵉⴹ ⵓⵙⵎⵉⵔ ⵏ ⵡⴰⴽⵓⴷ ⵙⴳ: { $whom }
missing-no-answer = ⵓⵔ ⴷ ⵜⵉⵡⵉⴹ ⵜⵎⵔⴰⵔⵓⵜ ⵙⴳ: { $whom }
missing-not-allowed = ⵓⵔ ⵜⵜⵓⵙⵇⵙⴰⵏ, ⴰⵎⵎ ⵜⵔⵉⴷ: { $whom }
missing-certificates = ⵓⵔ ⵉⵜⵜⵓⵙⵙⴰⵏ ⵎⴰⵢⴷ ⵉⵜⵜⵉⵏⵉⵏ ⵉⵙ ⵜⵜⵓⵙⵔ ⵜⵙⴷⵉⴷⵜ ⵏⵖ ⵎⴰⵢⴷ ⵜⵜ ⵉⴼⴽⴰⵏ.
missing-revoked = ⵜⵜⵓⵙⵔ ⵜⵙⴷⵉⴷⵜ ⵏ ⵓⵙⴳⵎⴹ, ⵏⵖ ⵏ ⵓⵙⵎⵉⵔ ⵏ ⵡⴰⴽⵓⴷ ⵏⵏⵙ. ⵓⵔ ⵔⴰⴷ ⵉⵜⵜⵓⵇⴱⵍ ⵓⴼⴰⵢⵍⵓ.
missing-not-raised = ⵓⵔ ⵉⵣⵎⵎⵔ ⴰⴷ ⵉⵜⵜⵓⵔⵏⵓ ⵡⴰⵢⵏⵏⴰ ⵙ ⵔⴰⵔⵏⵜ ⵜⵏⴰⴼⵓⵜⵉⵏ ⵖⵔ ⵓⴼⴰⵢⵍⵓ.
level-later = ⵉⵖⵓⴷⴰ ⵓⴼⴰⵢⵍⵓ. ⵉⵣⵎⵎⵔ ⴰⴷ ⵉⵜⵜⵓⵔⵏⵓ ⵎⴰⵢⴷ ⵉⵇⵇⵉⵎⵏ ⴷⴼⴼⵉⵔ ⵓⵢⴰ, ⵙ “ⵙⵙⵉⵔⵎ ⴰⴼⴰⵢⵍⵓ”, ⵏⵖ ⵙ “bitaqa extend”.
save = ⵃⴹⵓ

nothing-asked = ⵓⵔ ⵉⵜⵜⵇⵇⵍ ⴰⵡⴷ ⵢⴰⵏ ⵓⵙⵉⵜ ⵜⴰⵙⴽⵙⵍⵜ ⴰⴷ. ⵜⵣⵎⵔⴷ ⴰⴷ ⵜⵜ ⵜⵔⴳⵍⴷ.
too-large = ⵎⵇⵇⵓⵔⵏ ⵉⴼⴰⵢⵍⵓⵜⵏ: 1 GB ⵉ ⴽⵓ ⵢⴰⵏ, 2 GB ⵎⴰⵀⴷ.
too-many = 500 ⵉⴼⴰⵢⵍⵓⵜⵏ ⵙ ⵓⵎⴰⵏⵏ ⵢⴰⵜ ⵜⵉⴽⴽⵍⵜ.
