# The example portal: texts in Standard Moroccan Tamazight.
#
# draft: no speaker has reviewed these texts yet.

portal-name = ⵜⴰⵡⵡⵓⵔⵜ ⵏ ⵓⵎⴷⵢⴰ
portal-note = ⴰⵎⴷⵢⴰ ⵉ ⵉⵏⴱⵓⵖⵍⴰ. ⵓⵔ ⴷⴰ ⵉⵃⵟⵟⵓ ⴰⵎⵢⴰ ⴹⴰⵕⵜ ⵓⴼⴼⵓⵖ.
skip = ⴷⴷⵓ ⵙ ⵜⵓⵎⴰⵢⵜ
language = ⵜⵓⵜⵍⴰⵢⵜ

sign-in-title = ⴽⵛⵎ ⵙ ⵜⴽⴰⵕⴹⴰ ⵏⵏⴽ ⵜⴰⵏⴰⵎⵓⵔⵜ
sign-in-intro = ⴱⵍⴰ ⵜⴰⴳⵓⵔⵉ ⵏ ⵓⴽⵛⵓⵎ: ⵜⴰⴽⴰⵕⴹⴰ ⵏⵏⴽ ⵜⵙⵙⵏ ⵎⴰⵏⵡⴰ ⵜⴳⵉⴷ, ⵜⴰⵏⴳⴰⵍⵜ ⵏⵏⴽ ⵜⵙⴽⵏ ⵎⴰⵙ ⵜⵍⵍⴰ ⵖⵓⵔⴽ.
step-card = ⵣⴷⵉ ⴰⵎⵖⵔⵉ ⵏ ⵜⴽⴰⵕⴹⵉⵡⵉⵏ, ⵜⵙⵙⴽⵛⵎⴷ ⴳⵉⵙ ⵜⴰⴽⴰⵕⴹⴰ ⵏⵏⴽ.
step-button = ⴰⴷⵔ ⵅⴼ ⵜⵇⴼⴼⴰⵍⵜ ⴷⴷⴰⵡ. ⴰⴷ ⵜⵕⵥⵎ ⵜⵙⴽⴰⵍⵜ ⵏ ⴱⵉⵟⴰⵇⴰ.
step-pin = ⵙⵏⵇⴷ ⵜⴰⵏⵙⴰ ⴳ ⵜⵙⴽⴰⵍⵜ ⴰⵏⵏ, ⵜⴰⵔⴰⴷ ⴳⵉⵙ ⵜⴰⵏⴳⴰⵍⵜ ⵏⵏⴽ. ⴰⴷ ⵜⵜ ⵓⵔ ⵜⵜⴰⵔⴰⴷ ⴰⴱⴰⴷⴰ ⴳ ⵜⴰⵙⵏⴰ ⵏ ⵡⵉⴱ.
receives = ⴰⴷ ⵢⴰⵎⵥ ⵓⵙⵉⵜ ⴰⴷ:
receives-what = ⵉⵙⵎ ⵏⵏⴽ, ⵓⵟⵟⵓⵏ ⵏⵏⴽ ⵓⴷⵎⴰⵡⴰⵏ ⴷ ⵜⵙⵏⵇⵇⵉⴷⵜ ⵏ ⵜⴽⴰⵕⴹⴰ ⵏⵏⴽ.
sign-in = ⴽⵛⵎ ⵙ ⵜⴽⴰⵕⴹⴰ ⵉⵏⵓ
cancel = ⵙⵙⵔ
check = ⵉⵙ ⵉⵡⵊⴷ ⴽⵓⵍⵍⵓ ⴳ ⵓⵎⵙⵙⵓⴷⵙ ⴰⴷ?
no-script = ⴷⴰ ⵉⵜⵜⵔ ⵓⴽⵛⵓⵎ JavaScript. ⵙⵙⵓⵔⴼ ⴰⵙ ⴳ ⵓⵙⵉⵜ ⴰⴷ, ⵜⴰⵍⵙⴷ ⴰⵣⴷⴰⵎ ⵏ ⵜⴰⵙⵏⴰ.
no-sdk = ⵓⵔ ⵉⵍⵍⵉ @bitaqa/web: ⵙⵙⵏⴽⵔ ⵜⴰⵡⵡⵓⵔⵜ ⵙ --sdk.

identity-title = ⵉⵏⵉ ⵎⴰⵏⵡⴰ ⵜⴳⵉⴷ
identity-intro = ⵜⴰⴽⴰⵕⴹⴰ ⵏⵏⴽ ⴰⴷ ⵜⵉⵏⵉ ⵉ ⵓⵙⵉⵜ ⴰⴷ ⵉⵙⵎ ⵏⵏⴽ ⴷ ⵎⴽ ⵖⵓⵔⴽ 18 ⵏ ⵓⵙⴳⴳⵯⴰⵙ ⵏⵖ ⵓⴳⴳⴰⵔ. ⵜⴰⵙⴽⴰⵍⵜ ⵏ ⴱⵉⵟⴰⵇⴰ ⴰⴷ ⵜⵙⴽⵏ ⵎⴰⵢⴷ ⵉⵜⵜⵢⴰⵣⴰⵏⵏ ⴷⴰⵜ ⵓⵣⵣⴰⵏ. ⵓⵔ ⴷⴰ ⵜⵜⵓⵙⵓⵜⵓⵔ ⵜⴰⵏⴳⴰⵍⵜ: ⵓⵔ ⴷⴰ ⵉⵙⴽⴰⵏ ⵎⴰⵙ ⵜⴳⴰ ⵜⴽⴰⵕⴹⴰ ⵜⵉⵏⵏⴽ.
identity-receives-what = ⵉⵙⵎ ⵏⵏⴽ ⴷ ⴽⵓⵍⵍⵓ ⵎⴰⵢⴷ ⵉⵍⵍⴰⵏ ⴳ ⵓⴱⵟⵟⵓ ⴰⵏⵏ: ⴰⵙⴰⴽⵓⴷ ⵏ ⵜⵍⴰⵍⵉⵜ, ⵜⵓⵣⵓⴼⵜ, ⵜⴰⵏⴰⵎⵓⵔⵜ, ⵓⵟⵟⵓⵏⵏ ⴷ ⵡⴰⵙⵙ ⴰⵎⴳⴳⴰⵔⵓ ⵏ ⵜⴽⴰⵕⴹⴰ.
identify = ⵉⵏⵉ ⵎⴰⵏⵡⴰ ⴳⵉⵖ
identified-title = ⵜⵏⵏⵉⴷ ⵎⴰⵏⵡⴰ ⵜⴳⵉⴷ
identified-name = ⵉⵙⵎ
identified-over-18 = 18 ⵏ ⵓⵙⴳⴳⵯⴰⵙ ⵏⵖ ⵓⴳⴳⴰⵔ?
identified-chip = ⵉⵙ ⵓⵔ ⵜⴳⵉ ⵜⵓⵏⵖⵉⵍⵜ?
identified-in-use = ⵉⵙ ⵙⵓⵍ ⵜⵜⵓⵙⵎⵔⴰⵙ ⵜⴽⴰⵕⴹⴰ?
identity-forget = ⵜⵜⵓ ⴰⵢⴰ
yes = ⵢⴰⵀ
no = ⵓⵀⵓ

progress-starting = ⴰⵔ ⵉⵜⵜⵖⵔⴰ ⵉ ⴱⵉⵟⴰⵇⴰ…
progress-queued = ⵉⵍⵍⴰ ⵓⵙⵓⵜⵔ ⵢⴰⴹⵏ ⴷⴰⵜ ⵡⴰⴷ…
progress-waiting-for-card = ⵙⵙⴽⵛⵎ ⵜⴰⴽⴰⵕⴹⴰ ⵏⵏⴽ ⴳ ⵓⵎⵖⵔⵉ…
progress-reading = ⴰⵔ ⵉⵇⵇⵔⴰ ⵜⴰⴽⴰⵕⴹⴰ…
progress-waiting-for-person = ⴽⵎⵎⵍ ⴳ ⵜⵙⴽⴰⵍⵜ ⵏ ⴱⵉⵟⴰⵇⴰ…
progress-signing = ⴰⵔ ⵜⵜⵔⴰⵔ ⵜⴽⴰⵕⴹⴰ…
progress-sending = ⴰⵔ ⵉⵜⵜⵢⴰⵣⴰⵏ ⵎⴰⵢⴷ ⴼ ⵜⵎⵙⴰⵙⴰⴷ…
progress-verifying = ⴰⵔ ⵜⵙⵙⵉⵔⵎ ⵜⵡⵡⵓⵔⵜ ⵜⴰⵎⵔⴰⵔⵓⵜ…
check-running = ⴰⵔ ⵉⵙⵙⵉⵔⵎ…
check-ready = ⵉⵡⵊⴷ ⴽⵓⵍⵍⵓ.

error-extension-not-reachable = ⵓⵔ ⴷⴰ ⵜⵜⵔⴰⵔ ⴱⵉⵟⴰⵇⴰ ⴳ ⵓⵎⵙⵙⴰⵔⴰ ⴰⴷ.
    .remedy = ⵙⴱⴷⴷ ⵜⵉⵎⵔⵏⵉⵡⵜ ⵏ ⴱⵉⵟⴰⵇⴰ, ⵏⵖ ⵙⵙⵓⵔⴼ ⴰⵙ ⴳ ⵓⵙⵉⵜ ⴰⴷ, ⵜⴰⵍⵙⴷ ⴰⵣⴷⴰⵎ ⵏ ⵜⴰⵙⵏⴰ.
error-gesture-missing = ⵉⵇⵇⴰⵏ ⴷ ⴰⴷ ⵜⴰⴷⵔⴷ ⵙ ⵉⵅⴼ ⵏⵏⴽ.
    .remedy = ⴰⴷⵔ ⴷⴰⵖ ⵅⴼ ⵜⵇⴼⴼⴰⵍⵜ.
error-request-aborted = ⵜⵙⵙⵔⴷ. ⵓⵔ ⵉⵜⵜⵢⴰⵣⵏ ⵡⴰⵍⵓ.
    .remedy = ⴰⴷⵔ ⵅⴼ ⵜⵇⴼⴼⴰⵍⵜ ⵍⵍⵉⵖ ⵜⵔⵉⴷ ⴰⴷ ⵜⴱⴷⵓⴷ ⴷⴰⵖ.
error-portal-unreachable = ⵓⵔ ⴷⴰ ⵜⵜⵔⴰⵔ ⵜⵡⵡⵓⵔⵜ.
    .remedy = ⵙⵙⵉⵔⵎ ⴰⵣⴷⴰⵢ ⵏⵏⴽ, ⵜⴰⴷⵔⴷ ⴷⴰⵖ ⵅⴼ ⵜⵇⴼⴼⴰⵍⵜ.

refused-challenge = ⵉⵎⵎⴷⴰ ⵡⴰⴽⵓⴷ ⵏ ⵓⴽⵛⵓⵎ.
    .remedy = ⴰⴷⵔ ⴷⴰⵖ ⵅⴼ ⵜⵇⴼⴼⴰⵍⵜ, ⵜⴰⵔⴰⴷ ⵜⴰⵏⴳⴰⵍⵜ ⵏⵏⴽ ⴳ ⵙⵎⵎⵓⵙⵜ ⵜⵓⵙⴷⵉⴷⵉⵏ.
refused-signature = ⵓⵔ ⵜⵙⴰⵙⴰ ⵜⵎⵔⴰⵔⵓⵜ ⵏ ⵜⴽⴰⵕⴹⴰ ⴷ ⵓⵙⵓⵜⵔ ⴰⴷ.
    .remedy = ⴰⴷⵔ ⴷⴰⵖ ⵅⴼ ⵜⵇⴼⴼⴰⵍⵜ. ⵎⴽ ⵢⴰⵖⵓⵍ ⴰⵏⵏ, ⵙⵙⵏ ⵉⵎⴰⵙⴰⵢⵏ ⵏ ⵜⵡⵡⵓⵔⵜ.
refused-certificate = ⵓⵔ ⵜⵖⵓⴷⵉ ⵜⵙⵏⵇⵇⵉⴷⵜ ⵏ ⵜⴽⴰⵕⴹⴰ ⴰⴷ ⵖⵉⵍⴰ.
    .remedy = ⵙⵓⵜⵔ ⵜⴰⴽⴰⵕⴹⴰ ⵜⴰⵎⴰⵢⵏⵓⵜ ⵙⴳ ⵜⵎⵙⵙⵓⴳⵓⵔⵜ ⵏⵏⴰ ⴰⴽ ⵜⵜ ⵉⴼⴽⴰⵏ.
refused-issuer = ⵓⵔ ⴷⴰ ⵜⵇⴱⴱⵍ ⵜⵡⵡⵓⵔⵜ ⴰⴷ ⵜⵉⴽⴰⵕⴹⵉⵡⵉⵏ ⵏ ⵡⴰⵏⴰⵡ ⴰⴷ.
    .remedy = ⵙⵙⵎⵔⵙ ⵜⴰⴽⴰⵕⴹⴰ ⵢⴰⴹⵏ, ⵏⵖ ⵙⵇⵙⴰ ⵉⵎⴰⵙⴰⵢⵏ ⵏ ⵜⵡⵡⵓⵔⵜ.
refused-request = ⵉⵎⵎⴷⴰ ⵡⴰⴽⵓⴷ ⵏ ⵓⵙⵓⵜⵔ ⴰⴷ, ⵏⵖ ⵜⴳⴰ ⵜⵎⵔⴰⵔⵓⵜ ⵜⵉⵏ ⵡⴰⵢⴹ.
    .remedy = ⴰⴷⵔ ⴷⴰⵖ ⵅⴼ ⵜⵇⴼⴼⴰⵍⵜ, ⵜⴽⵎⵎⵍⴷ ⴳ ⵙⵎⵎⵓⵙⵜ ⵜⵓⵙⴷⵉⴷⵉⵏ.
refused-document = ⵓⵔ ⴷⴰ ⵜⵇⴱⴱⵍ ⵜⵡⵡⵓⵔⵜ ⴰⴷ ⵜⴰⴽⴰⵕⴹⴰ ⴰⴷ: ⵜⵜⵓⵙⵉⵜⵜⵉ, ⵏⵖ ⵉⵎⵎⴷⴰ ⵡⴰⴽⵓⴷ ⵏⵏⵙ, ⵏⵖ ⵓⵔ ⵜⵜⵓⵙⵙⴰⵏ ⵜⵎⵓⵔⵜ ⵏⵏⵙ.
    .remedy = ⵙⵙⵎⵔⵙ ⵜⴰⴽⴰⵕⴹⴰ ⵢⴰⴹⵏ, ⵏⵖ ⵙⵇⵙⴰ ⵉⵎⴰⵙⴰⵢⵏ ⵏ ⵜⵡⵡⵓⵔⵜ.
refused-chip = ⵓⵔ ⵜⵙⴽⵉⵏ ⵜⴽⴰⵕⴹⴰ ⴰⴷ ⵎⴰⵙ ⵓⵔ ⵜⴳⵉ ⵜⵓⵏⵖⵉⵍⵜ.
    .remedy = ⴰⴷⵔ ⴷⴰⵖ ⵅⴼ ⵜⵇⴼⴼⴰⵍⵜ, ⵜⴰⴷⵊⴷ ⵜⴰⴽⴰⵕⴹⴰ ⴳ ⵓⵎⵖⵔⵉ ⴰⵔ ⵜⵉⴳⵉⵔⴰ.
refused-other = ⵓⵔ ⵜⵖⵉⵢ ⵜⵡⵡⵓⵔⵜ ⴰⴷ ⵜⵇⴱⵍ ⵜⴰⵎⵔⴰⵔⵓⵜ ⵏ ⵜⴽⴰⵕⴹⴰ.
    .remedy = ⴰⴷⵔ ⴷⴰⵖ ⵅⴼ ⵜⵇⴼⴼⴰⵍⵜ. ⵎⴽ ⵢⴰⵖⵓⵍ ⴰⵏⵏ, ⴼⴽ ⵉ ⵉⵎⴰⵙⴰⵢⵏ ⵏ ⵜⵡⵡⵓⵔⵜ ⵜⴰⵏⴳⴰⵍⵜ ⴷⴷⴰⵡ.

signed-in-title = ⵜⴽⵛⵎⴷ
number = ⵓⵟⵟⵓⵏ ⵓⴷⵎⴰⵡⴰⵏ
issuer = ⵉⴼⴽⴰ ⵜⵜ
level = ⴰⵙⵡⵉⵔ ⵏ ⵜⴰⴼⵍⵙⵜ
level-none = ⵓⵔ ⵉⵜⵜⵓⵏⵏⴰ
level-low = ⵉⴷⵔⵓⵙ
level-substantial = ⴰⵏⴰⵎⵎⴰⵙ
level-high = ⵉⵄⵍⴰ
valid-until = ⵜⵖⵓⴷⴰ ⵜⵙⵏⵇⵇⵉⴷⵜ ⴰⵔ
revocation = ⵉⵙ ⵜⵜⵓⵙⵉⵜⵜⵉ?
revocation-good = ⵓⵀⵓ
revocation-unchecked = ⵓⵔ ⵉⵜⵜⵓⵙⵙⵉⵔⵎ
sign-out = ⴼⴼⵖ

test-banner = ⵜⴰⴷ ⵜⴳⴰ ⵜⴰⴽⴰⵕⴹⴰ ⵏ ⵓⵔⵎⵎⵓⴷ: ⵓⵔ ⵉⴽⵛⵉⵎ ⴰⵡⴷ ⵢⴰⵏ ⵏ ⵜⵉⴷⵜ.
test-document = ⵜⴰⴷ ⵜⴳⴰ ⵜⴰⴽⴰⵕⴹⴰ ⵏ ⵓⵔⵎⵎⵓⴷ: ⵓⵔ ⵉⵍⵍⵉ ⵓⴼⴳⴰⵏ ⴰⴷ.
test-accepted = ⴷⴰ ⵜⵇⴱⴱⵍ ⵜⵡⵡⵓⵔⵜ ⴰⴷ ⵜⵉⴽⴰⵕⴹⵉⵡⵉⵏ ⵏ ⵓⵔⵎⵎⵓⴷ ⴰⵡⴷ.
