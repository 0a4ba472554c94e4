# The native window: texts in Standard Moroccan Tamazight.
#
# draft: no speaker has reviewed these texts yet.

product-name = ⴱⵉⵟⴰⵇⴰ
window-title = ⴱⵉⵟⴰⵇⴰ: ⴰⴽⵛⵓⵎ
who-asks = ⴰⵙⵉⵜ ⴰⴷ ⵉⵜⵜⵔ:
not-verified = ⵓⵔ ⵉⵜⵜⵓⵙⵏⵇⴷ ⵢⵉⵙⵎ ⵏ ⵓⵙⵉⵜ. ⵙⵏⵇⴷ ⵜⴰⵏⵙⴰ.
holder = ⴱⴰⴱ ⵏ ⵜⴽⴰⵕⴹⴰ
discloses = ⴰⴷ ⵢⴰⵎⵥ ⵓⵙⵉⵜ
field-name = ⵉⵙⵎ
field-personal-number = ⵓⵟⵟⵓⵏ ⵓⴷⵎⴰⵡⴰⵏ
field-country = ⵜⴰⵎⴰⵣⵉⵔⵜ
field-organisation = ⵜⵓⴷⴷⵙⴰ
field-email = ⵉⵎⴰⵢⵍ
field-issuer = ⵉⴼⴽⴰ ⵜⵜ

question-sign-in = ⵉⵙ ⵜⵔⵉⴷ ⴰⴷ ⵜⴽⵛⵎⴷ ⵙ ⵜⴽⴰⵕⴹⴰ ⵏⵏⴽ?

question-access-number = ⵎⴰⵏ ⵓⵟⵟⵓⵏ ⴰⵢ ⵉⵜⵜⵢⴰⵔⴰⵏ ⵅⴼ ⵜⴽⴰⵕⴹⴰ ⵏⵏⴽ?
    .advice = ⴷⴰ ⵜⵜⵕⵥⴰⵎ ⵜⴽⴰⵕⴹⴰ ⵙ ⵓⵟⵟⵓⵏ ⵏ ⵓⴽⵛⵓⵎ ⵖⵔ ⵜⴽⴰⵕⴹⴰ: 6 ⵏ ⵉⵎⴹⴰⵏⵏ ⵅⴼ ⵓⴷⵎ ⵏⵏⵙ, ⵙ ⵓⵎⴰⵜⴰ ⵜⴰⵎⴰ ⵏ ⵉⵙⴽⴽⵉⵍⵏ CAN. ⵓⵔ ⵉⴳⵉ ⵜⴰⵏⴳⴰⵍⵜ ⵏⵏⴽ, ⵓⵔ ⵜ ⵉⵜⵜⴰⵎⵥ ⵓⵙⵉⵜ.
access-number = ⵓⵟⵟⵓⵏ ⵏ ⵓⴽⵛⵓⵎ ⵖⵔ ⵜⴽⴰⵕⴹⴰ
access-number-reader = ⵜⴳⴰ ⵜⴰⴽⴰⵕⴹⴰ ⵏⵏⴰ ⵉⵍⵍⴰⵏ ⴳ ⵓⵎⵖⵔⵉ { $reader }.
access-number-was-wrong = ⵓⵟⵟⵓⵏ ⴰⴷ ⵉⵅⵙⵔ.
access-number-remembered-is-another = ⵓⵟⵟⵓⵏ ⵏⵏⴰ ⵉⵜⵜⵓⴽⵜⵉⵏ ⵓⵔ ⵉⴳⵉ ⵡⵉⵏ ⵜⴽⴰⵕⴹⴰ ⴰⴷ. ⴰⵔⴰ ⵡⴰⵏⵏⴰ ⵉⵜⵜⵢⴰⵔⴰⵏ ⵅⴼⴰⵙ.
access-number-tries-left = { $tries ->
    [0] ⵓⵔ ⵉⵇⵇⵉⵎⵉ ⴰⵡⴷ ⵢⴰⵏ ⵓⵔⵔⵓⵎ
    [one] ⴰⵔⵔⵓⵎ ⴰⵎⴳⴳⴰⵔⵓ: ⵓⵔ ⵙⵓⵍ ⴰⴷ ⵜⴰⵎⵥ ⵜⴽⴰⵕⴹⴰ ⴰⵡⴷ ⵢⴰⵏ ⵎⴽ ⵉⵅⵙⵔ ⵓⵟⵟⵓⵏ
   *[other] ⵇⵇⵉⵎⵏ { $tries } ⵏ ⵡⴰⵔⵔⵓⵎⵏ
}

pin-authentication = ⵜⴰⵏⴳⴰⵍⵜ ⵏ ⵓⴽⵛⵓⵎ
pin-labelled = { $pin } ({ $label })
pin-prompt = { $pin }, { $length }
length-digits = { $count ->
    [one] { $count } ⵏ ⵓⵎⴹⴰⵏ
   *[other] { $count } ⵏ ⵉⵎⴹⴰⵏⵏ
}
length-digits-between = ⵙⴳ { $min } ⴰⵔ { $max } ⵏ ⵉⵎⴹⴰⵏⵏ
length-characters = { $count ->
    [one] { $count } ⵏ ⵓⵙⴽⴽⵉⵍ
   *[other] { $count } ⵏ ⵉⵙⴽⴽⵉⵍⵏ
}
length-characters-between = ⵙⴳ { $min } ⴰⵔ { $max } ⵏ ⵉⵙⴽⴽⵉⵍⵏ
tries-left = { $tries ->
    [0] ⵓⵔ ⵉⵇⵇⵉⵎⵉ ⴰⵡⴷ ⵢⴰⵏ ⵓⵔⵔⵓⵎ
    [one] ⴰⵔⵔⵓⵎ ⴰⵎⴳⴳⴰⵔⵓ: ⴰⴷ ⵜⵇⵇⵏ ⵜⴽⴰⵕⴹⴰ ⵎⴽ ⵜⵅⵙⵔ ⵜⵏⴳⴰⵍⵜ
   *[other] ⵇⵇⵉⵎⵏ { $tries } ⵏ ⵡⴰⵔⵔⵓⵎⵏ
}
pin-was-wrong = ⵜⴰⵏⴳⴰⵍⵜ ⴰⴷ ⵜⵅⵙⵔ.
typed = { $count ->
    [0] ⵓⵔ ⵉⵜⵜⵢⴰⵔⴰ ⵢⴰⵜ
    [one] ⵉⵜⵜⵢⴰⵔⴰ { $count }
   *[other] ⵜⵜⵢⴰⵔⴰⵏ { $count }
}
typed-of = ⵜⵜⵢⴰⵔⴰⵏ { $count } ⵙⴳ { $total }
hint-digits-only = ⵉⵎⴹⴰⵏⵏ ⴽⴰ ⴰⵢ ⵉⵜⵜⵢⴰⵔⴰⵏ ⴷⴰ.
hint-characters-only = ⵉⵙⴽⴽⵉⵍⵏ ⵉⵍⴰⵜⵉⵏⵉⵢⵏ, ⵉⵎⴹⴰⵏⵏ ⴷ ⵜⵎⴰⵜⴰⵔⵉⵏ ⴽⴰ ⴰⵢ ⵉⵜⵜⵢⴰⵔⴰⵏ ⴷⴰ.
hint-incomplete = ⵜⴰⵏⴳⴰⵍⵜ ⵖⵓⵔⵙ { $length }. ⴰⵔⴰ ⵜⵜ ⴰⴽⴽⵯ.
hint-full = ⵓⵔ ⵉⵇⵇⵉⵎⵉ ⵡⴰⵏⵙⴰ ⴳ ⵜⵏⴳⴰⵍⵜ ⴰⴷ.
hint-number-incomplete = ⵓⵟⵟⵓⵏ ⵖⵓⵔⵙ { $length }. ⴰⵔⴰ ⵜ ⴰⴽⴽⵯ.
hint-number-full = ⵓⵔ ⵉⵇⵇⵉⵎⵉ ⵡⴰⵏⵙⴰ ⴳ ⵓⵟⵟⵓⵏ ⴰⴷ.
hint-too-early = ⵇⵇⵍ ⵉⵎⵉⴽⴽ, ⴷⵖⵢⴰ ⴰⵔⴰ: ⵜⵉⵙⵓⵔⴰ ⵏ ⴷⴰⵜ ⵓⵔ ⵜⵜⵓⵙⵉⵏⵜ.
keypad = ⴰⵏⴰⵙⵉⵡ ⵏ ⵉⵎⴹⴰⵏⵏ
keypad-show = ⵙⴽⵏ ⴰⵏⴰⵙⵉⵡ
keypad-erase = ⴽⴽⵙ ⴰⵎⴳⴳⴰⵔⵓ

sign-in = ⴽⵛⵎ
open-card = ⵕⵥⵎ ⵜⴰⴽⴰⵕⴹⴰ
cancel = ⵙⵙⵔ
close = ⵔⴳⵍ
progress = ⴷⴰ ⵉⵜⵜⵉⵍⵉ ⵓⵙⵡⵓⵔⵉ

waiting-service = ⵜⴱⴷⴷ ⵜⵏⴰⴼⵓⵜ ⵏ ⵜⴽⴰⵕⴹⵉⵡⵉⵏ ⴳ ⵓⵎⵙⵙⵓⴷⵙ ⴰⴷ
    .advice = ⵙⵙⵏⴽⵔ ⵜⴰⵏⴰⴼⵓⵜ ⵏ ⵜⴽⴰⵕⴹⵉⵡⵉⵏ (pcscd). ⴰⴷ ⵜⴽⵎⵎⵍ ⵜⵙⴽⴰⵍⵜ ⴰⴷ ⵙ ⵉⵅⴼ ⵏⵏⵙ.
waiting-reader = ⵓⵔ ⵉⵍⵍⵉ ⵓⵎⵖⵔⵉ ⵏ ⵜⴽⴰⵕⴹⵉⵡⵉⵏ
    .advice = ⵣⴷⵉ ⴰⵎⵖⵔⵉ ⵏ ⵜⴽⴰⵕⴹⵉⵡⵉⵏ. ⴰⴷ ⵜⴽⵎⵎⵍ ⵜⵙⴽⴰⵍⵜ ⴰⴷ ⵙ ⵉⵅⴼ ⵏⵏⵙ.
waiting-card = ⵙⵔⵙ ⵜⴰⴽⴰⵕⴹⴰ ⵏⵏⴽ ⴳ ⵓⵎⵖⵔⵉ
    .advice = ⵙⵙⴽⵛⵎ ⵜⵜ ⵙ ⵜⵎⴰ ⵏ ⵜⴱⵔⵉⵛⵜ. ⴰⴷ ⵜⴽⵎⵎⵍ ⵜⵙⴽⴰⵍⵜ ⴰⴷ ⵙ ⵉⵅⴼ ⵏⵏⵙ.
waiting-known-card = ⵓⵔ ⵜⵣⵎⵎⵔ ⵜⴽⴰⵕⴹⴰ ⴰⴷ ⴰⴷ ⵜⵙⵙⴽⵛⵎ
    .advice = ⵙⵔⵙ ⵜⴰⴽⴰⵕⴹⴰ ⵏ ⵜⵎⴰⴳⵉⵜ ⵏⵏⴽ ⴳ ⵓⵎⵖⵔⵉ.
waiting-numbered-card = ⵓⵔ ⴷⴰ ⵜⵜⵕⵥⴰⵎ ⵜⴽⴰⵕⴹⴰ ⴰⴷ ⵙ ⵓⵟⵟⵓⵏ ⵉⵜⵜⵢⴰⵔⴰⵏ
    .advice = ⴷⴰ ⵜⵜⵕⵥⴰⵎ ⵖⴰⵙ ⵙ ⵉⵣⵔⵉⵔⵉⴳⵏ ⵏ ⵉⵙⴽⴽⵉⵍⵏ ⴷ ⵉⵎⴹⴰⵏⵏ ⵏⵏⴰ ⵉⵍⵍⴰⵏ ⵅⴼ ⵓⵣⴳⵏⵏⵙ, ⵓⵔ ⵜⵏ ⵏⵜⵜⵔ ⴷⴰ. ⵙⵔⵙ ⵜⴰⴽⴰⵕⴹⴰ ⵢⴰⴹⵏ.
waiting-answering-card = ⵓⵔ ⴷⴰ ⵜⵔⴰⵔⴰ ⵜⴽⴰⵕⴹⴰ
    .advice = ⵙⵙⵓⴼⵖ ⵜⵜ, ⵙⵡⵓⵔⵔⵉ ⵜⵜ ⴰⴼⴰⴷ ⴰⴷ ⵜⴽⵛⵎ ⵜⴱⵔⵉⵛⵜ ⵜⴰⵎⵣⵡⴰⵔⵓⵜ, ⵜⴰⵔⵎⴷ ⴷⴰⵖ.
waiting-free-reader = ⴷⴰ ⵉⵙⵙⵎⵔⴰⵙ ⵢⴰⵏ ⵓⵙⵖⵣⵏ ⵢⴰⴹⵏ ⴰⵎⵖⵔⵉ
    .advice = ⵔⴳⵍ ⴰⵙⵖⵣⵏ ⵢⴰⴹⵏ. ⴰⴷ ⵜⴽⵎⵎⵍ ⵜⵙⴽⴰⵍⵜ ⴰⴷ ⵙ ⵉⵅⴼ ⵏⵏⵙ.
waiting-same-card = ⵜⴼⴼⵖ ⵜⴽⴰⵕⴹⴰ ⵙⴳ ⵓⵎⵖⵔⵉ
    .advice = ⵔⴰⵔ ⵜⴰⴽⴰⵕⴹⴰ ⵏⵏⵉⴽ ⵙ ⵓⵎⵖⵔⵉ.

reading = ⴷⴰ ⵜⵜⵓⵖⵔⴰ ⵜⴽⴰⵕⴹⴰ…
    .advice = ⴰⴷⵊ ⵜⴰⴽⴰⵕⴹⴰ ⴳ ⵓⵎⵖⵔⵉ.
access-number-on-reader = ⴰⵔⴰ ⵓⵟⵟⵓⵏ ⵏ ⵓⴽⵛⵓⵎ ⵖⵔ ⵜⴽⴰⵕⴹⴰ ⵅⴼ ⵓⵎⵖⵔⵉ ⵏ ⵜⴽⴰⵕⴹⵉⵡⵉⵏ
    .advice = ⴰⵎⵖⵔⵉ ⴰⵢ ⵉⵔⵥⵎⵏ ⵜⴰⴽⴰⵕⴹⴰ. ⴰⵔⴰ ⴳ ⵓⵏⴰⵙⵉⵡ ⵏⵏⵙ 6 ⵏ ⵉⵎⴹⴰⵏⵏ ⵉⵍⵍⴰⵏ ⵅⴼ ⵓⴷⵎ ⵏ ⵜⴽⴰⵕⴹⴰ, ⵙ ⵓⵎⴰⵜⴰ ⵜⴰⵎⴰ ⵏ ⵉⵙⴽⴽⵉⵍⵏ CAN, ⵜⴰⴷⵔⴷ ⵅⴼ ⵜⵇⴼⴼⴰⵍⵜ ⵏ ⵓⵙⵙⵏⵜⵎ. ⵓⵔ ⵉⴳⵉ ⵜⴰⵏⴳⴰⵍⵜ ⵏⵏⴽ, ⵓⵔ ⵜ ⵉⵜⵜⴰⵎⵥ ⵓⵙⵉⵜ.
pin-pad = ⴰⵔⴰ ⵜⴰⵏⴳⴰⵍⵜ ⵅⴼ ⵓⵎⵖⵔⵉ ⵏ ⵜⴽⴰⵕⴹⵉⵡⵉⵏ
    .advice = ⵖⵓⵔ ⵓⵎⵖⵔⵉ ⴰⵏⴰⵙⵉⵡ ⵏⵏⵙ. ⴰⵔⴰ ⵜⴰⵏⴳⴰⵍⵜ ⴳⵉⵙ, ⵜⴰⴷⵔⴷ ⵅⴼ ⵜⵇⴼⴼⴰⵍⵜ ⵏ ⵓⵙⵙⵏⵜⵎ.
signing = ⴷⴰ ⵉⵜⵜⵉⵍⵉ ⵓⴽⵛⵓⵎ…
    .advice = ⴰⴷⵊ ⵜⴰⴽⴰⵕⴹⴰ ⴳ ⵓⵎⵖⵔⵉ.
done = ⵜⴽⵛⵎⴷ
    .advice = ⵜⵣⵎⵎⵔⴷ ⴰⴷ ⵜⵙⵙⵓⴼⵖⴷ ⵜⴰⴽⴰⵕⴹⴰ. ⴰⴷ ⵜⵔⴳⵍ ⵜⵙⴽⴰⵍⵜ ⴰⴷ ⵙ ⵉⵅⴼ ⵏⵏⵙ.

window-title-identity = ⴱⵉⵟⴰⵇⴰ: ⵜⵉⵎⴰⴳⵉⵜ ⵏⵏⴽ
portal-asks = ⴷⴰ ⵉⵜⵜⵔ { $name }
portal-asks-through = ⴷⴰ ⵉⵜⵜⵔ { $name }, ⵙ { $platform }
portal-reads = ⵖⴰⵙ { $name } ⴰⵢ ⵉⵖⵉⵏ ⴰⴷ ⵉⵖⵔ ⴰⵢⵏⵏⴰ ⵜⵜⴰⵣⵏⴷ. ⴷⴰ ⵜ ⵉⵜⵜⴰⵣⵏ { $platform } ⴱⵍⴰ ⵜⴰⵖⵓⵔⵉ.
platform-reads = ⴷⴰ ⵉⵇⵇⵔⴰ { $platform } ⴰⵢⵏⵏⴰ ⵜⵜⴰⵣⵏⴷ, ⵉⴼⴽ ⵉ { $name } ⴰⵢⵏⵏⴰ ⵉⵜⵜⵡⴰⵜⵔⵏ, ⵉⴽⴽⵙ ⴰⵢⵏⵏⴰ ⵉⵇⵇⵉⵎⵏ.
verified = ⵉⵜⵜⵓⵙⵏⵇⴷ ⵢⵉⵙⵎ.
test-portal = ⴰⵔⵎ (TEST): ⴰⵙⵓⵜⵔ ⴰⴷ ⵉⴳⴰ ⴰⵔⵎ ⴽⴰ. ⵓⵔ ⴷⴰ ⵉⵙⵙⴽⵏ ⵡⴰⵎⵎⵔ ⵏⵏⵙ ⴰⵡⴷ ⵢⴰⵜ.

question-consent = ⵉⵙ ⵜⵔⵉⴷ ⴰⴷ ⵜⵙⵙⴽⵏⴷ ⵉⵙⴼⴽⴰ ⴰⴷ?
purpose = ⵎⴰⵅ
group-identity = ⵉⵙⴼⴽⴰ ⵏ ⵜⵎⴰⴳⵉⵜ
group-photo = ⵜⴰⵡⵍⴰⴼⵜ
group-signature = ⵜⴰⵡⵍⴰⴼⵜ ⵏ ⵓⵙⴳⵎⴹ ⵏⵏⴽ
group-details = ⵉⵙⴼⴽⴰ ⵉⵎⴰⴷⴰⵏⵏ ⵢⴰⴹⵏ
group-state = ⵉⵙⴼⴽⴰ ⵏ ⵡⴰⵏⴽ
group-other = ⵜⴰⵔⴰⴱⴱⵓⵜ { $number }
group-required = ⵉⵅⵚⵚⴰ
group-optional = ⵙ ⵓⵙⵜⴰⵢ
group-asked = ⵎⴰⵢ ⵉⵜⵜⵡⴰⵜⵔⵏ: { $claims }
group-comes-along = ⵔⴰⴷ ⵉⴷⴷⵓ ⴷⵉⴷⵙ: { $claims }
group-age = ⵉⵜⵜⵡⴰⵜⵔ ⵖⴰⵙ ⵓⵡⵜⴰⵢ, ⵎⴰⵛⴰ ⴷⴰ ⴷ ⵉⵜⵜⴼⴼⵖ ⵙⴳ ⵓⵙⴰⴽⵓⴷ ⵏ ⵜⵍⴰⵍⵉⵜ, ⵏⵏⴰ ⵔⴰⴷ ⵉⵜⵜⵡⴰⵣⵏ.
group-locked = ⵜⴰⵔⴰⴱⴱⵓⵜ ⴰⴷ ⵜⵅⵚⵚⴰ. ⵙⵙⵔ ⵎⴽ ⵓⵔ ⵜⵔⵉⴷ ⴰⴷ ⵜⵜ ⵜⵙⵙⴽⵏⴷ.
groups-whole = ⴽⵓ ⵜⴰⵔⴰⴱⴱⵓⵜ ⵜⴻⵜⵜⵓⵙⴳⵎⴹ ⴰⴽⴽⵯ, ⴰⵢⵏⵏⴰⵖ ⴰⴼ ⵔⴰⴷ ⵜⵜⵡⴰⵣⵏ ⴰⴽⴽⵯ.
recognisable = ⴰⵏⵣⴰ ⵏ ⵜⵉⴷⵜ ⵏ ⵜⴽⴰⵕⴹⴰ ⵏⵏⴽ ⴷⴰ ⵉⵜⵜⴰⴷⵊⴰ ⵉⵙⵉⵜⵏ ⴰⴷ ⵜⵜ ⴰⴽⵣⵏ.
certificate-goes-along = ⵔⴰⴷ ⵜⵜⵓⵙⵓⵜⵔ ⵜⴰⵏⴳⴰⵍⵜ ⵓⵔ ⵜⴰ ⵉⵜⵜⵡⴰⵣⵏ ⴰⵡⴷ ⵢⴰⵜ. ⵔⴰⴷ ⵜⴷⴷⵓ ⵜⵙⵍⴽⵉⵏⵜ ⵏ ⵜⴽⴰⵕⴹⴰ, ⵙ ⵢⵉⵙⵎ ⴷ ⵓⵟⵟⵓⵏ ⵏⵏⴽ.
list-separator = { ", " }
claim-given-name = ⵉⵙⵎⴰⵡⵏ
claim-family-name = ⵉⵙⵎ ⵏ ⵜⵡⴰⵛⵓⵍⵜ
claim-given-name-ar = ⵉⵙⵎⴰⵡⵏ ⵙ ⵜⴰⵄⵔⴰⴱⵜ
claim-family-name-ar = ⵉⵙⵎ ⵏ ⵜⵡⴰⵛⵓⵍⵜ ⵙ ⵜⴰⵄⵔⴰⴱⵜ
claim-birthdate = ⴰⵙⴰⴽⵓⴷ ⵏ ⵜⵍⴰⵍⵉⵜ
claim-age-over = ⵉⵙ ⵜⵣⵔⵉⴷ { $years } ⵏ ⵉⵙⴳⴳⵯⴰⵙⵏ
claim-gender = ⵜⴰⵣⵓⵏⵜ
claim-nationalities = ⵜⴰⵏⴰⵎⵓⵔⵜ
claim-personal-number = ⵓⵟⵟⵓⵏ ⵓⴷⵎⴰⵡⴰⵏ
claim-document-number = ⵓⵟⵟⵓⵏ ⵏ ⵜⴽⴰⵕⴹⴰ
claim-date-of-expiry = ⴰⵙⴰⴽⵓⴷ ⵏ ⵜⴳⵉⵔⴰ
claim-photo = ⵜⴰⵡⵍⴰⴼⵜ
claim-signature-image = ⵜⴰⵡⵍⴰⴼⵜ ⵏ ⵓⵙⴳⵎⴹ ⵏⵏⴽ
claim-place-of-birth = ⴰⴷⵖⴰⵔ ⵏ ⵜⵍⴰⵍⵉⵜ
claim-place-of-birth-ar = ⴰⴷⵖⴰⵔ ⵏ ⵜⵍⴰⵍⵉⵜ ⵙ ⵜⴰⵄⵔⴰⴱⵜ
claim-address = ⵜⴰⵏⵙⴰ
claim-address-ar = ⵜⴰⵏⵙⴰ ⵙ ⵜⴰⵄⵔⴰⴱⵜ
claim-other-personal-details = ⵉⵙⴼⴽⴰ ⵉⵎⴰⴷⴰⵏⵏ ⵢⴰⴹⵏ
claim-father-name = ⵉⵙⵎ ⵏ ⴱⴰⴱⴰ
claim-father-name-ar = ⵉⵙⵎ ⵏ ⴱⴰⴱⴰ ⵙ ⵜⴰⵄⵔⴰⴱⵜ
claim-mother-name = ⵉⵙⵎ ⵏ ⵎⴰ
claim-mother-name-ar = ⵉⵙⵎ ⵏ ⵎⴰ ⵙ ⵜⴰⵄⵔⴰⴱⵜ
access-number-where = ⴷⴰ ⵜⵜⵕⵥⴰⵎ ⵜⴽⴰⵕⴹⴰ ⵙ 6 ⵏ ⵉⵎⴹⴰⵏⵏ ⵅⴼ ⵓⴷⵎ ⵏⵏⵙ, ⵙ ⵓⵎⴰⵜⴰ ⵜⴰⵎⴰ ⵏ ⵉⵙⴽⴽⵉⵍⵏ CAN. ⵓⵔ ⴳⵉⵏ ⵜⴰⵏⴳⴰⵍⵜ ⵏⵏⴽ, ⵓⵔ ⵜⵏ ⵉⵜⵜⴰⵎⵥ ⴰⵡⴷ ⵢⴰⵏ.
mrz-where = ⴷⴰ ⵜⵜⵕⵥⴰⵎ ⵜⴽⴰⵕⴹⴰ ⵙ ⴽⵕⴰⴹ ⴰⴷ, ⵎⴽⵍⵍⵉ ⵜⵜⵢⴰⵔⴰⵏ ⴳⵉⵙ. ⴰⵔⴰ 00 ⵉ ⵡⴰⵙⵙ ⵏⵖ ⴰⵢⵢⵓⵔ ⵏⵏⴰ ⴳⵉⵙ ⵓⵔ ⵉⵍⵍⵉⵏ.
on-reader-next = ⴰⵎⵖⵔⵉ ⵔⴰⴷ ⵉⵙⵓⵜⵔ ⴷⴼⴼⵉⵔ ⵓⵢⴰ ⵓⵟⵟⵓⵏ ⵏ ⵡⴰⴽⵛⵛⵓⵎ ⵏ ⵜⴽⴰⵕⴹⴰ ⵖ ⵓⵏⴰⵙⵉⵡ ⵏⵏⵙ.
use-nothing = ⵕⵥⵎ ⴱⵍⴰ ⵜⵉⵔⵔⴰ
use-reader = ⴰⵔⴰ ⵜ ⵖ ⵓⵎⵖⵔⵉ
use-access-number = ⵙⵎⵔⵙ ⵓⵟⵟⵓⵏ ⵏ ⵓⴽⵛⵓⵎ
use-mrz = ⵙⵎⵔⵙ ⵓⵟⵟⵓⵏ ⵏ ⵜⴽⴰⵕⴹⴰ ⴷ ⵉⵙⴰⴽⵓⴷⵏ
remember = ⴽⵜⵉ ⵓⵟⵟⵓⵏ ⴰⴷ ⴳ ⵓⵎⵙⵙⵓⴷⵙ ⴰⴷ
remember-as = ⵉⵙⵎ ⵉ ⵓⵟⵟⵓⵏ ⴰⴷ (ⵙ ⵓⵙⵜⴰⵢ)
remember-as-appeared = ⵜⵣⵎⵎⵔⴷ ⴰⴷ ⵜⴰⵔⴰⴷ ⵉⵙⵎ ⵉ ⵓⵟⵟⵓⵏ ⴰⴷ ⴷⴷⴰⵡ ⴰⵙ.
date-prompt = { $date }: ⴰⵙⵙ, ⴰⵢⵢⵓⵔ, ⴰⵙⴳⴳⵯⴰⵙ
place-day = ⵙ
place-month = ⵢ
place-year = ⴳ
mrz-was-wrong = ⵓⵔ ⴷⴰ ⵜⵜⵕⵥⴰⵎ ⵜⴽⴰⵕⴹⴰ ⵙ ⵓⵟⵟⵓⵏ ⴷ ⵉⵙⴰⴽⵓⴷⵏ ⴰⴷ.
hint-document-number-only = ⵉⵙⴽⴽⵉⵍⵏ ⵉⵍⴰⵜⵉⵏⵉⵢⵏ ⴷ ⵉⵎⴹⴰⵏⵏ ⴽⴰ ⴰⵢ ⵉⵜⵜⵢⴰⵔⴰⵏ ⴷⴰ.
hint-document-number-incomplete = ⴰⵔⴰ ⵓⵟⵟⵓⵏ ⵏ ⵜⴽⴰⵕⴹⴰ.
hint-date-incomplete = ⴰⵙⴰⴽⵓⴷ ⵖⵓⵔⵙ 8 ⵏ ⵉⵎⴹⴰⵏⵏ: ⴰⵙⵙ, ⴰⵢⵢⵓⵔ, ⴰⵙⴳⴳⵯⴰⵙ.
hint-no-date = ⵓⵔ ⵉⵍⵍⵉ ⵓⵙⴰⴽⵓⴷ ⴰⴷ. ⵙⵏⵇⴷ ⴰⵙⵙ, ⴰⵢⵢⵓⵔ, ⴰⵙⴳⴳⵯⴰⵙ.
hint-field-full = ⵓⵔ ⵉⵇⵇⵉⵎⵉ ⵡⴰⵏⵙⴰ ⴷⴰ.
hint-mrz-incomplete = ⴰⵔⴰ ⵓⵟⵟⵓⵏ ⵏ ⵜⴽⴰⵕⴹⴰ ⴷ ⵉⵙⴰⴽⵓⴷⵏ.
read-card = ⵖⵔ ⵜⴰⴽⴰⵕⴹⴰ

question-release = ⴰⵢⴰ ⴰⵢ ⵔⴰⴷ ⵉⵜⵜⵡⴰⵣⵏ
    .advice = ⵓⵔ ⵜⴰ ⵉⵜⵜⵡⴰⵣⵏ ⴰⵡⴷ ⵢⴰⵜ.
sending = ⴷⴰ ⵉⵜⵜⵉⵍⵉ ⵡⴰⵣⴰⵏ…
    .advice = ⵜⵣⵎⵎⵔⴷ ⴰⴷ ⵜⴰⴷⵊⴷ ⵜⴰⴽⴰⵕⴹⴰ ⴳ ⵓⵎⵖⵔⵉ.
proving = ⴷⴰ ⵉⵙⵙⵉⴷⵉⵜ ⵓⵙⵉⵜ ⵉⵙ ⵜⴳⴰ ⵜⴽⴰⵕⴹⴰ ⵜⵉⵏ ⵜⵉⴷⵜ…
    .advice = ⴰⴷⵊ ⵜⴰⴽⴰⵕⴹⴰ ⴳ ⵓⵎⵖⵔⵉ.
sent = ⵉⵜⵜⵡⴰⵣⵏ
    .advice = ⵜⵣⵎⵎⵔⴷ ⴰⴷ ⵜⵙⵙⵓⴼⵖⴷ ⵜⴰⴽⴰⵕⴹⴰ. ⴰⴷ ⵜⵔⴳⵍ ⵜⵙⴽⴰⵍⵜ ⴰⴷ ⵙ ⵉⵅⴼ ⵏⵏⵙ.
photo-unreadable = ⵔⴰⴷ ⵜⵜⵡⴰⵣⵏ ⵜⵡⵍⴰⴼⵜ ⵏⵏⴽ, ⵎⴰⵛⴰ ⵓⵔ ⵜⵣⵎⵎⵔ ⴰⴷ ⵜⵜⵡⴰⵙⴽⵏ ⴷⴰ.
signature-image-unreadable = ⵔⴰⴷ ⵜⵜⵡⴰⵣⵏ ⵜⵡⵍⴰⴼⵜ ⵏ ⵓⵙⴳⵎⴹ ⵏⵏⴽ, ⵎⴰⵛⴰ ⵓⵔ ⵜⵣⵎⵎⵔ ⴰⴷ ⵜⵜⵡⴰⵙⴽⵏ ⴷⴰ.
issuer-signed = ⵙⴳ ⵜⴽⴰⵕⴹⴰ: ⴷⴰ ⵉⵙⵏⵇⴰⴷ ⵓⵙⵉⵜ ⴰⵙⴳⵎⴹ ⵏ ⵡⴰⵏⵏⴰ ⵜⵜ ⵉⴼⴽⴰⵏ
unauthenticated = ⴱⵍⴰ ⴰⵏⵣⴰ ⵏ ⵓⵥⵓⵕ: ⵓⵔ ⵉⵣⵎⵎⵔ ⴰⵡⴷ ⵢⴰⵏ ⴰⴷ ⵉⵙⵏⵇⴷ ⵉⵙⴼⴽⴰ ⴰⴷ.
send-to = ⴰⵣⵏ ⵉ { $portal }
goes-to = ⵔⴰⴷ ⵉⵜⵜⵡⴰⵣⵏ ⵉ { $portal }.
do-not-send = ⴰⴷ ⵓⵔ ⵜⴰⵣⵏⴷ

question-confirm = ⵙⵙⵉⴷⵜ ⵙ ⵜⴰⵏⴳⴰⵍⵜ ⵏⵏⴽ ⵉⵙ ⵜⴳⴰ ⵜⴽⴰⵕⴹⴰ ⵜⵉⵏⵏⴽ
confirm = ⵙⵙⵉⴷⵜ ⵜⴰⵣⵏⴷ
confirming = ⴷⴰ ⵉⵜⵜⵉⵍⵉ ⵓⵙⵙⵉⴷⵜ…
    .advice = ⴰⴷⵊ ⵜⴰⴽⴰⵕⴹⴰ ⴳ ⵓⵎⵖⵔⵉ.

# ⵜⴰⵙⵏⴰ « ⵜⴰⴽⴰⵕⴹⴰ ⵉⵏⵓ » ⵏ ⵓⵎⵙⵙⵓⴷⴷⵙ.
window-title-my-card = Bitaqa: ⵜⴰⴽⴰⵕⴹⴰ ⵉⵏⵓ
own-page-asks = ⵉⵙⵙⵓⵜⵔ ⵜ ⵓⵎⵙⵙⴰⵔⴰ ⵏⵏⴽ, ⵉ ⵜⴰⵙⵏⴰ ⵏⵏⵙ « ⵜⴰⴽⴰⵕⴹⴰ ⵉⵏⵓ »
own-page-gets = ⵖⴰⵙ ⵜⴰⵙⵏⴰ ⴰⵏⵏ ⴳ ⵓⵎⵙⵙⴰⵔⴰ ⴰⴷ ⴰⴷ ⵉⵟⵟⴼⵏ ⵉⵙⴼⴽⴰ.
own-page-purpose = ⴰⴷ ⵜⵥⵔⴷ ⴰⵢⵏⵏⴰ ⵉⵍⵍⴰⵏ ⴳ ⵜⴽⴰⵕⴹⴰ ⵏⵏⴽ
question-my-card = ⵉⵙ ⵜⵔⵉⴷ ⴰⴷ ⵜⵥⵔⴷ ⴰⵢⵏⵏⴰ ⵉⵍⵍⴰⵏ ⴳ ⵜⴽⴰⵕⴹⴰ ⵏⵏⴽ?
shown-on-page = ⵉⵍⵍⴰ ⴳ ⵜⴰⵙⵏⴰ « ⵜⴰⴽⴰⵕⴹⴰ ⵉⵏⵓ »
    .advice = ⵜⵣⵎⵔⴷ ⴰⴷ ⵜⵙⵙⵓⴼⵖⴷ ⵜⴰⴽⴰⵕⴹⴰ ⵏⵏⴽ. ⴰⵙⴰⵔⴰⴳ ⴰⴷ ⴰⴷ ⵉⵔⴳⵍ ⵡⵃⴷⵙ.

# ⵉⵙⴽⴽⵉⵏⵏ.
window-title-signing = Bitaqa: ⴰⵙⴳⵎⴹ ⵏ ⵉⵙⴽⴽⵉⵏⵏ
question-sign = ⵉⵙ ⵜⵔⵉⴷ ⴰⴷ ⵜⵙⴳⵎⴹⴷ ⵙ ⵜⴽⴰⵕⴹⴰ ⵏⵏⴽ?
documents = { $total ->
    [one] 1 ⵓⵙⴽⴽⵉⵏ ⵔⴰⴷ ⵉⵜⵜⵓⵙⴳⵎⴹ
   *[other] { $total } ⵏ ⵉⵙⴽⴽⵉⵏⵏ ⵔⴰⴷ ⵜⵜⵓⵙⴳⵎⴹⵏ
}
document-of = ⴰⵙⴽⴽⵉⵏ { $number } ⵙⴳ { $total }
documents-names = ⵉⵙⵎⴰⵡⵏ ⴳⴰⵏ ⴰⵡⴰⵍ ⵏ ⵓⵙⵉⵜ. ⵉⴷⵙⵍⵏ ⴷⴰ ⵙⵙⴽⴰⵏⵏ ⴰⵢⵏⵏⴰ ⵉⵜⵜⵓⵙⴳⵎⴹⵏ.
content-not-visible = ⵓⵔ ⵉⵣⵎⵎⵔ ⵓⵎⵙⵙⵓⴷⵙ ⴰⴷ ⴰⴷ ⵉⵥⵔ ⴰⵢⵏⵏⴰ ⵉⵍⵍⴰⵏ ⴷⴰⵅⵍ: ⵉⴼⴽⴰ ⵓⵙⵉⵜ ⵖⴰⵙ ⵉⴷⵙⵍⵏ. ⴰⴷ ⵓⵔ ⵜⵙⴳⵎⴹⴷ ⵎⴽ ⵓⵔ ⵜⵙⵙⵉⵏⴷ ⵎⴰⵏ ⵡⵉⵏ ⴳⴰⵏ.
show-digests = ⵙⴽⵏ ⵉⴷⵙⵍⵏ ⴽⵓⵍⵍⵓ
pin-signature = ⵜⴰⵏⴳⴰⵍⵜ ⵏ ⵓⵙⴳⵎⴹ ⵏ ⵉⵙⴽⴽⵉⵏⵏ
sign = ⵙⴳⵎⴹ
signing-documents = ⴷⴰ ⵉⵜⵜⵉⵍⵉ ⵓⵙⴳⵎⴹ…
    .advice = ⴰⴷⵊ ⵜⴰⴽⴰⵕⴹⴰ ⴳ ⵓⵎⵖⵔⵉ.
signed = ⵉⵜⵜⵓⵙⴳⵎⴹ
    .advice = ⵜⵣⵎⵎⵔⴷ ⴰⴷ ⵜⵙⵙⵓⴼⵖⴷ ⵜⴰⴽⴰⵕⴹⴰ. ⴰⴷ ⵜⵔⴳⵍ ⵜⵙⴽⴰⵍⵜ ⴰⴷ ⵙ ⵉⵅⴼ ⵏⵏⵙ.
question-certificates = ⵉⵙ ⵜⵔⵉⴷ ⴰⴷ ⵜⴰⵣⵏⴷ ⵉ ⵓⵙⵉⵜ ⵜⴰⵙⴷⵉⴷⵜ ⵏ ⵓⵙⴳⵎⴹ ⵏⵏⴽ?
    .advice = ⴰⴷ ⵉⵙⵙⵏ ⴰⵢⵏⵏⴰ ⵢⵓⵔⴰⵏ ⴷⴷⴰⵡ. ⵓⵔ ⵉⵜⵜⵓⵙⴳⵎⴹ ⴰⵡⴷ ⵢⴰⵜ, ⵓⵔ ⴷⴰ ⵜⵜⵓⵜⵔ ⵜⴰⵏⴳⴰⵍⵜ.
    .main = ⴰⵣⵏ ⵜⴰⵙⴷⵉⴷⵜ
# The same where the person signs a file of their own, on the page "Sign a file".
question-own-certificates = ⵉⵙ ⵜⵣⵎⵎⵔ ⵜⴰⵙⵏⴰ « ⵙⴳⵎⴹ ⴰⴼⴰⵢⵍⵓ » ⴰⴷ ⵜⵙⵙⵎⵔⵙ ⵜⴰⵙⴷⵉⴷⵜ ⵏ ⵓⵙⴳⵎⴹ ⵏⵏⴽ?
    .advice = ⴰⴷ ⵜⵉⵍⵉ ⴳ ⵓⴼⴰⵢⵍⵓ ⵉⵜⵜⵓⵙⴳⵎⴹⵏ. ⵓⵔ ⵜⴰ ⵉⵜⵜⵓⵙⴳⵎⴹ ⴰⵡⴷ ⵢⴰⵜ, ⵓⵔ ⴷⴰ ⵜⵜⵓⵜⵔ ⵜⴰⵏⴳⴰⵍⵜ.
    .main = ⵙⵙⵎⵔⵙ ⵜⴰⵙⴷⵉⴷⵜ
own-signing-asks = ⵉⵙⵙⵓⵜⵔ ⵜ ⵓⵎⵙⵙⴰⵔⴰ ⵏⵏⴽ, ⵉ ⵜⴰⵙⵏⴰ ⵏⵏⵙ « ⵙⴳⵎⴹ ⴰⴼⴰⵢⵍⵓ »
own-signing-gets = ⵖⴰⵙ ⵜⴰⵙⵏⴰ ⴰⵏⵏ ⴳ ⵓⵎⵙⵙⴰⵔⴰ ⴰⴷ ⴰⴷ ⵉⵟⵟⴼⵏ ⴰⵙⴳⵎⴹ.
discloses-in-file = ⴰⴷ ⵉⵏⵉ ⵓⴼⴰⵢⵍⵓ ⵉⵜⵜⵓⵙⴳⵎⴹⵏ
documents-own-names = ⵉⵙⵎⴰⵡⵏ ⴳⴰⵏ ⵡⵉⵏ ⵉⴼⴰⵢⵍⵓⵜⵏ ⵏⵏⴽ. ⵉⴷⵙⵍⵏ ⴷⴰ ⵙⵙⴽⴰⵏⵏ ⴰⵢⵏⵏⴰ ⵉⵜⵜⵓⵙⴳⵎⴹⵏ.
waiting-signing-card = ⵓⵔ ⵜⵣⵎⵎⵔ ⵜⴽⴰⵕⴹⴰ ⴰⴷ ⴰⴷ ⵜⵙⴳⵎⴹ ⵉⵙⴽⴽⵉⵏⵏ
    .advice = ⵙⵔⵙ ⴳ ⵓⵎⵖⵔⵉ ⵜⴰⴽⴰⵕⴹⴰ ⵖⵓⵔ ⵜⵍⵍⴰ ⵜⵙⴷⵉⴷⵜ ⵏ ⵓⵙⴳⵎⴹ.
