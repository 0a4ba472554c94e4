# The trust platform: texts in Standard Moroccan Tamazight.
#
# draft: no speaker has reviewed these texts yet.

platform-name = ⵜⴰⵙⵉⵍⴰ ⵜⴰⵏⴰⵎⵓⵔⵜ ⵏ ⵜⴰⴼⵍⵙⵜ
platform-note = ⴰⵔⴰ ⵜⴰⵏⴳⴰⵍⵜ ⵏⵏⴽ ⵖⴰⵙ ⴳ ⵜⵙⴽⴰⵍⵜ ⵏ ⴱⵉⵟⴰⵇⴰ.
skip = ⴷⴷⵓ ⵙ ⵜⵓⵎⴰⵢⵜ
language = ⵜⵓⵜⵍⴰⵢⵜ
sandbox = ⵜⴰⵙⵉⵍⴰ ⵏ ⵓⵔⵎⵎⵓⴷ: ⴷⴰ ⵜⵇⴱⴱⵍ ⵖⴰⵙ ⵜⵉⴽⴰⵕⴹⵉⵡⵉⵏ ⵏ ⵓⵔⵎⵎⵓⴷ, ⵓⵔ ⴳⵉⵙ ⵉⴽⵛⵛⵎ ⴰⵡⴷ ⵢⴰⵏ ⵏ ⵜⵉⴷⵜ.

sign-in-title = ⴽⵛⵎ ⵙ ⵜⴽⴰⵕⴹⴰ ⵏⵏⴽ ⵜⴰⵏⴰⵎⵓⵔⵜ
step-card = ⵣⴷⵉ ⴰⵎⵖⵔⵉ ⵏ ⵜⴽⴰⵕⴹⵉⵡⵉⵏ, ⵜⵙⵙⴽⵛⵎⴷ ⴳⵉⵙ ⵜⴰⴽⴰⵕⴹⴰ ⵏⵏⴽ.
step-button = ⴰⴷⵔ ⵅⴼ ⵜⵇⴼⴼⴰⵍⵜ ⴷⴷⴰⵡ. ⴰⴷ ⵜⵕⵥⵎ ⵜⵙⴽⴰⵍⵜ ⵏ ⴱⵉⵟⴰⵇⴰ.
step-pin = ⵙⵏⵇⴷ ⵜⴰⵏⵙⴰ ⴳ ⵜⵙⴽⴰⵍⵜ ⴰⵏⵏ, ⵜⴰⵔⴰⴷ ⴳⵉⵙ ⵜⴰⵏⴳⴰⵍⵜ ⵏⵏⴽ. ⴰⴷ ⵜⵜ ⵓⵔ ⵜⵜⴰⵔⴰⴷ ⴰⴱⴰⴷⴰ ⴳ ⵜⴰⵙⵏⴰ ⵏ ⵡⵉⴱ.
with-pin = ⵙ ⵜⵏⴳⴰⵍⵜ ⵏⵏⴽ
without-pin = ⴱⵍⴰ ⵜⴰⵏⴳⴰⵍⵜ
step-show = ⴰⴷⵔ ⵅⴼ «ⵇⴱⵍ, ⵜⴽⵎⵎⵍⴷ ⴱⵍⴰ ⵜⴰⵏⴳⴰⵍⵜ». ⴰⴷ ⵜⵕⵥⵎ ⵜⵙⴽⴰⵍⵜ ⵏ ⴱⵉⵟⴰⵇⴰ.
step-number = ⵙⵏⵇⴷ ⵜⴰⵏⵙⴰ ⴳ ⵜⵙⴽⴰⵍⵜ ⴰⵏⵏ, ⵜⴰⵔⴰⴷ ⴳⵉⵙ ⵓⵟⵟⵓⵏ ⵏⵏⴰ ⵉⵜⵜⵢⴰⵔⴰⵏ ⵅⴼ ⵜⴽⴰⵕⴹⴰ ⵏⵏⴽ. ⴰⴷ ⴰⴽ ⵜⵙⴽⵏ ⴰⵢⵏⵏⴰ ⵔⴰⴷ ⵉⵜⵜⵡⴰⵣⵏ ⵉ ⵜⵙⵉⵍⴰ ⴰⴷ.
receives = ⴰⴷ ⵢⴰⵎⵥ ⵓⵙⵉⵜ ⴰⴷ:
claim-subject = ⵢⴰⵏ ⵓⵙⵎⵎⵉ ⵉ ⵓⵙⵉⵜ ⴰⴷ ⵡⴰⵃⴷⵓⵜ, ⵓⵔ ⵜ ⵉⵙⵙⵉⵏ ⵓⵙⵉⵜ ⵢⴰⴹⵏ
claim-name = ⵉⵙⵎ ⵏⵏⴽ ⴽⵓⵍⵍⵓ
claim-given-name = ⵉⵙⵎ ⵏⵏⴽ
claim-family-name = ⵉⵙⵎ ⵏ ⵜⴰⵡⵊⴰ ⵏⵏⴽ
claim-personal-number = ⵓⵟⵟⵓⵏ ⵏⵏⴽ ⵓⴷⵎⴰⵡⴰⵏ, ⵎⴽⵍⵍⵉ ⵉⵍⵍⴰ ⴳ ⵜⵙⵏⵇⵇⵉⴷⵜ ⵏ ⵜⴽⴰⵕⴹⴰ ⵏⵏⴽ
claim-verified = ⵎⴰⵎⴽ ⵜⵜⵓⵙⵏⵇⴷ ⵜⵉⴷⵜ ⵏ ⵎⴰⵢⴰ: ⵎⴰ ⵉⴼⴽⴰⵏ ⵜⴰⴽⴰⵕⴹⴰ ⵏⵏⴽ, ⴷ ⵡⴰⵏⴰⵡ ⵏⵏⵙ
claim-offline = ⵉⵖⵉ ⴰⴷ ⵉⵙⵎⴰⵢⵏⵓ ⵎⴰⵢⴰ ⴳ 30 ⵏ ⵡⴰⵙⵙ ⵓⵍⴰ ⵓⵔ ⵜⵍⵍⵉⴷ
purpose = ⴰⵎⵏⵜⵉⵍ:
sign-in = ⵇⴱⵍ, ⵜⴽⵛⵎⴷ ⵙ ⵜⴽⴰⵕⴹⴰ ⵉⵏⵓ
show-card = ⵇⴱⵍ, ⵜⴽⵎⵎⵍⴷ ⴱⵍⴰ ⵜⴰⵏⴳⴰⵍⵜ
stop = ⵙⴱⴷⴷ
cancel = ⵙⵙⵔ, ⵜⴰⵖⵓⵍⴷ ⵖⵔ ⵓⵙⵉⵜ
no-script = ⴷⴰ ⵉⵜⵜⵔ ⵓⴽⵛⵓⵎ JavaScript. ⵙⵙⵓⵔⴼ ⴰⵙ ⴳ ⵓⵙⵉⵜ ⴰⴷ, ⵜⴰⵍⵙⴷ ⴰⵣⴷⴰⵎ ⵏ ⵜⴰⵙⵏⴰ.

agree-title = ⵉⵙ ⵜⵔⵉⴷ ⴰⴷ ⵜⴰⵣⵏⴷ ⵉⵙⴼⴽⴰ ⵏⵏⴽ ⵉ ⵓⵙⵉⵜ ⴰⴷ?
agree-signed-in = ⵜⴽⵛⵎⴷ ⵙ ⵢⵉⵙⵎ ⵏ
agree = ⵇⴱⵍ, ⵜⴽⵎⵎⵍⴷ
other-card = ⵙⵙⵎⵔⵙ ⵜⴰⴽⴰⵕⴹⴰ ⵢⴰⴹⵏ
show-more = ⵎⴰⴷ ⵜⵙⵙⵓⵜⵔⴷ ⵉⵔⴰ ⴰⴷ ⵜⵙⴽⵏⴷ ⴷⴰⵖ ⵜⴰⴽⴰⵕⴹⴰ ⵏⵏⴽ.
for-service = ⵜⴰⵏⴰⴼⵓⵜ ⵜⵜⵓⵙⵓⵜⵔ:

services-title = ⵜⵉⵏⴰⴼⵓⵜⵉⵏ
services-text = ⵎⴰⴷ ⵜⵖⵉⵢⴷ ⴰⴷ ⵜⵙⴽⵔⴷ ⵙ ⵜⴽⴰⵕⴹⴰ ⵏⵏⴽ, ⴷ ⵓⵙⵡⵉⵔ ⵏⵏⴰ ⵜⵔⴰ ⴽⵓ ⵢⴰⵜ ⵜⵏⴰⴼⵓⵜ.
services-none = ⵓⵔ ⵜⴰ ⵜⵍⵍⵉ ⴰⵡⴷ ⵢⴰⵜ ⵜⵏⴰⴼⵓⵜ.
services-level = ⴰⵙⵡⵉⵔ:
level-none = ⵡⴰⵍⵓ
level-low = ⵉⴷⵔⵓⵙ
level-substantial = ⴰⵏⴰⵎⵎⴰⵙ
level-high = ⵉⵄⵍⴰ

register-title = ⵙⴽⵛⵎ ⵢⴰⵜ ⵜⵡⵡⵓⵔⵜ ⵏ ⵓⵔⵎⵎⵓⴷ
register-text = ⵜⴰⴷ ⵜⴳⴰ ⵜⴰⵙⵉⵍⴰ ⵏ ⵓⵔⵎⵎⵓⴷ: ⴷⴰ ⴳⵉⵙ ⴽⵛⵛⵎⵏⵜ ⵖⴰⵙ ⵜⴽⴰⵕⴹⵉⵡⵉⵏ ⵏ ⵓⵔⵎⵎⵓⴷ. ⴷⴰ ⵉⵜⵜⵡⴰⵃⵙⴰⴱ ⵓⵙⴽⵛⵎ ⵖⵉⵍⴰⴷ, ⵉⵎⵎⴷⵓ ⴷⴼⴼⵉⵔ 30 ⵏ ⵡⴰⵙⵙ.
register-fault = ⵓⵔ ⵉⵖⵉⵢ ⵓⵙⴽⵛⵎ ⴰⴷ:
register-name = ⵉⵙⵎ ⵏⵏⴰ ⵥⵕⵕⴰⵏ ⵎⵉⴷⴷⵏ
register-contact = ⵜⴰⵏⵙⴰ ⵏ ⵉⵎⴰⵢⵍ
register-redirect-uris = ⵜⴰⵏⵙⵉⵡⵉⵏ ⵏ ⵡⴰⵖⵓⵍ, ⵢⴰⵜ ⴳ ⴽⵓ ⵓⵣⵔⵉⵔⵉⴳ
register-redirect-uris-note = https, ⵏⵖ http ⴳ ⵓⵎⵙⵙⵓⴷⵙ ⵏⵏⴽ (http://localhost:3000/callback)
register-keys = ⵜⵉⵙⵓⵔⴰ ⵜⵉⵎⴰⵜⴰⵢⵉⵏ (JSON Web Key Set), ⵉ private_key_jwt
register-keys-note = ⴰⴷⵊ ⵜ ⵉⵅⵡⴰ ⵉ ⵓⵙⵏⵙⵉ ⵏⵏⴰ ⵓⵔ ⵉⵃⵟⵟⵓⵏ ⴰⵡⴷ ⵢⴰⵜ ⵜⵓⴼⴼⵉⵔⵜ. ⴰⴷ ⵓⵔ ⵜⵙⵔⵙⴷ ⴰⴱⴰⴷⴰ ⵜⴰⵙⴰⵔⵓⵜ ⵜⵓⵙⵍⵉⴳⵜ.
register-go = ⵙⴽⵛⵎ
registered-title = ⵜⴽⵛⵎ ⵜⵡⵡⵓⵔⵜ ⵏ ⵓⵔⵎⵎⵓⴷ
registered-text = ⵃⴹⵓ ⴰⵙⵎⵎⵉ ⴰⴷ: ⵓⵔ ⵙⵓⵍ ⴰⴽ ⵉⵜⵜⵡⴰⵙⴽⵏ.
registered-id = client_id
registered-discovery = ⴰⴼⴼⴰ
registered-authentication = ⴰⵙⵏⵇⴷ
registered-end = ⵜⵉⴳⵉⵔⴰ

back-title = ⴰⵖⵓⵍ ⵖⵔ ⵓⵙⵉⵜ
back = ⴽⵎⵎⵍ

refusal-title = ⵓⵔ ⵉⵖⵉⵢ ⵓⵙⵓⵜⵔ ⴰⴷ ⴰⴷ ⵉⴽⵎⵎⵍ
refusal-text = ⵢⵓⵣⵏ ⵓⵙⵉⵜ ⵙⴳ ⴷ ⵜⵓⵛⴽⵉⴷ ⴰⵙⵓⵜⵔ ⵏⵏⴰ ⵓⵔ ⵜⵇⴱⵉⵍ ⵜⵙⵉⵍⴰ. ⵓⵔ ⴰⵙ ⵉⵜⵜⵢⴰⵣⵏ ⵡⴰⵍⵓ. ⴰⵖⵓⵍ ⵖⵔ ⵓⵙⵉⵜ ⴰⵏⵏ, ⵜⴰⵔⵎⴷ ⴷⴰⵖ.
for-developers = ⵉ ⵉⵎⴰⵙⴰⵢⵏ ⵏ ⵓⵙⵉⵜ:
ended-title = ⵉⵎⵎⴷⴰ ⵓⵙⵓⵜⵔ ⴰⴷ
ended-text = ⵉⵣⵔⵉ ⵡⴰⴽⵓⴷ, ⵏⵖ ⵜⵜⵢⴰⵣⵏ ⵜⵎⵔⴰⵔⵓⵜ ⵢⴰⴷ, ⵏⵖ ⵉⴱⴷⴰ ⵓⵙⵓⵜⵔ ⴳ ⵓⵎⵙⵙⴰⵔⴰ ⵢⴰⴹⵏ. ⴰⵖⵓⵍ ⵖⵔ ⵓⵙⵉⵜ, ⵜⴱⴷⵓⴷ ⴷⴰⵖ.
sign-out-title = ⵉⵙ ⵜⵔⵉⴷ ⴰⴷ ⵜⴼⴼⵖⴷ?
sign-out-text = ⴰⴷ ⵜⵎⵎⴷⵓ ⵜⵖⵉⵎⵉⵜ ⵏⵏⴽ ⴳ ⵜⵙⵉⵍⴰ ⵏ ⵜⴰⴼⵍⵙⵜ ⴳ ⵓⵎⵙⵙⴰⵔⴰ ⴰⴷ.
sign-out = ⴼⴼⵖ
signed-out-title = ⵜⴼⴼⵖⴷ
signed-out-text = ⵜⵎⵎⴷⴰ ⵜⵖⵉⵎⵉⵜ ⵏⵏⴽ ⴳ ⵓⵎⵙⵙⴰⵔⴰ ⴰⴷ. ⵖⵉⵏ ⵉⵙⵉⵜⵏ ⵏⵏⴰ ⵜⵙⵎⵔⵙⴷ ⴰⴷ ⴽ ⴰⴷⵊⵏ ⵜⴽⵛⵎⴷ.

progress-starting = ⴰⵔ ⵉⵜⵜⵖⵔⴰ ⵉ ⴱⵉⵟⴰⵇⴰ…
progress-queued = ⵉⵍⵍⴰ ⵓⵙⵓⵜⵔ ⵢⴰⴹⵏ ⴷⴰⵜ ⵡⴰⴷ…
progress-waiting-for-card = ⵙⵙⴽⵛⵎ ⵜⴰⴽⴰⵕⴹⴰ ⵏⵏⴽ ⴳ ⵓⵎⵖⵔⵉ…
progress-reading = ⴰⵔ ⵉⵇⵇⵔⴰ ⵜⴰⴽⴰⵕⴹⴰ…
progress-waiting-for-person = ⴽⵎⵎⵍ ⴳ ⵜⵙⴽⴰⵍⵜ ⵏ ⴱⵉⵟⴰⵇⴰ…
progress-signing = ⴰⵔ ⵜⵜⵔⴰⵔ ⵜⴽⴰⵕⴹⴰ…
progress-sending = ⴰⵔ ⵉⵜⵜⵢⴰⵣⴰⵏ ⵎⴰⵢⴷ ⴼ ⵜⵎⵙⴰⵙⴰⴷ…
progress-verifying = ⴰⵔ ⵜⵙⵙⵉⵔⵎ ⵜⵙⵉⵍⴰ ⵜⴰⵎⵔⴰⵔⵓⵜ…

error-extension-not-reachable = ⵓⵔ ⴷⴰ ⵜⵜⵔⴰⵔ ⴱⵉⵟⴰⵇⴰ ⴳ ⵓⵎⵙⵙⴰⵔⴰ ⴰⴷ.
    .remedy = ⵙⴱⴷⴷ ⵜⵉⵎⵔⵏⵉⵡⵜ ⵏ ⴱⵉⵟⴰⵇⴰ, ⵏⵖ ⵙⵙⵓⵔⴼ ⴰⵙ ⴳ ⵓⵙⵉⵜ ⴰⴷ, ⵜⴰⵍⵙⴷ ⴰⵣⴷⴰⵎ ⵏ ⵜⴰⵙⵏⴰ.
error-gesture-missing = ⵉⵇⵇⴰⵏ ⴷ ⴰⴷ ⵜⴰⴷⵔⴷ ⵙ ⵉⵅⴼ ⵏⵏⴽ.
    .remedy = ⴰⴷⵔ ⴷⴰⵖ ⵅⴼ ⵜⵇⴼⴼⴰⵍⵜ.
error-request-aborted = ⵜⵙⵙⵔⴷ. ⵓⵔ ⵉⵜⵜⵢⴰⵣⵏ ⵡⴰⵍⵓ.
    .remedy = ⴰⴷⵔ ⵅⴼ ⵜⵇⴼⴼⴰⵍⵜ ⵍⵍⵉⵖ ⵜⵔⵉⴷ ⴰⴷ ⵜⴱⴷⵓⴷ ⴷⴰⵖ.
error-platform-unreachable = ⵓⵔ ⴷⴰ ⵜⵜⵔⴰⵔ ⵜⵙⵉⵍⴰ.
    .remedy = ⵙⵙⵉⵔⵎ ⴰⵣⴷⴰⵢ ⵏⵏⴽ, ⵜⴰⴷⵔⴷ ⴷⴰⵖ ⵅⴼ ⵜⵇⴼⴼⴰⵍⵜ.

refused-challenge = ⵉⵎⵎⴷⴰ ⵡⴰⴽⵓⴷ ⵏ ⵓⴽⵛⵓⵎ.
    .remedy = ⴰⴷⵔ ⴷⴰⵖ ⵅⴼ ⵜⵇⴼⴼⴰⵍⵜ, ⵜⴰⵔⴰⴷ ⵜⴰⵏⴳⴰⵍⵜ ⵏⵏⴽ ⴳ ⵙⵎⵎⵓⵙⵜ ⵜⵓⵙⴷⵉⴷⵉⵏ.
refused-signature = ⵓⵔ ⵜⵙⴰⵙⴰ ⵜⵎⵔⴰⵔⵓⵜ ⵏ ⵜⴽⴰⵕⴹⴰ ⴷ ⵓⵙⵓⵜⵔ ⴰⴷ.
    .remedy = ⴰⴷⵔ ⴷⴰⵖ ⵅⴼ ⵜⵇⴼⴼⴰⵍⵜ. ⵎⴽ ⵢⴰⵖⵓⵍ ⴰⵏⵏ, ⵙⵙⵏ ⵉⵎⴰⵙⴰⵢⵏ ⵏ ⵜⵙⵉⵍⴰ.
refused-certificate = ⵓⵔ ⵜⵖⵓⴷⵉ ⵜⵙⵏⵇⵇⵉⴷⵜ ⵏ ⵜⴽⴰⵕⴹⴰ ⴰⴷ ⵖⵉⵍⴰ, ⵏⵖ ⵓⵔ ⵜⴰ.
    .remedy = ⵙⵓⵜⵔ ⵜⴰⴽⴰⵕⴹⴰ ⵜⴰⵎⴰⵢⵏⵓⵜ ⵙⴳ ⵜⵎⵙⵙⵓⴳⵓⵔⵜ ⵏⵏⴰ ⴰⴽ ⵜⵜ ⵉⴼⴽⴰⵏ.
refused-issuer = ⵓⵔ ⴷⴰ ⵜⵇⴱⴱⵍ ⵜⵙⵉⵍⴰ ⴰⴷ ⵜⵉⴽⴰⵕⴹⵉⵡⵉⵏ ⵏ ⵡⴰⵏⴰⵡ ⴰⴷ.
    .remedy = ⵙⵙⵎⵔⵙ ⵜⴰⴽⴰⵕⴹⴰ ⵢⴰⴹⵏ, ⵏⵖ ⵙⵇⵙⴰ ⵉⵎⴰⵙⴰⵢⵏ ⵏ ⵜⵙⵉⵍⴰ.
refused-request = ⵉⵎⵎⴷⴰ ⵡⴰⴽⵓⴷ ⵏ ⵓⵙⵓⵜⵔ ⴰⴷ, ⵏⵖ ⵜⴳⴰ ⵜⵎⵔⴰⵔⵓⵜ ⵜⵉⵏ ⵡⴰⵢⴹ.
    .remedy = ⴰⴷⵔ ⴷⴰⵖ ⵅⴼ ⵜⵇⴼⴼⴰⵍⵜ, ⵜⴽⵎⵎⵍⴷ ⴳ ⵙⵎⵎⵓⵙⵜ ⵜⵓⵙⴷⵉⴷⵉⵏ.
refused-document = ⵓⵔ ⴷⴰ ⵜⵇⴱⴱⵍ ⵜⵙⵉⵍⴰ ⴰⴷ ⵜⴰⴽⴰⵕⴹⴰ ⴰⴷ: ⵜⵜⵓⵙⵉⵜⵜⵉ, ⵏⵖ ⵉⵎⵎⴷⴰ ⵡⴰⴽⵓⴷ ⵏⵏⵙ, ⵏⵖ ⵓⵔ ⵜⵜⵓⵙⵙⴰⵏ ⵜⵎⵓⵔⵜ ⵏⵏⵙ.
    .remedy = ⵙⵙⵎⵔⵙ ⵜⴰⴽⴰⵕⴹⴰ ⵢⴰⴹⵏ, ⵏⵖ ⵙⵇⵙⴰ ⵉⵎⴰⵙⴰⵢⵏ ⵏ ⵜⵙⵉⵍⴰ.
refused-chip = ⵓⵔ ⵜⵙⴽⵉⵏ ⵜⴽⴰⵕⴹⴰ ⴰⴷ ⵎⴰⵙ ⵓⵔ ⵜⴳⵉ ⵜⵓⵏⵖⵉⵍⵜ.
    .remedy = ⴰⴷⵔ ⴷⴰⵖ ⵅⴼ ⵜⵇⴼⴼⴰⵍⵜ, ⵜⴰⴷⵊⴷ ⵜⴰⴽⴰⵕⴹⴰ ⴳ ⵓⵎⵖⵔⵉ ⴰⵔ ⵜⵉⴳⵉⵔⴰ.
refused-other = ⵓⵔ ⵜⵖⵉⵢ ⵜⵙⵉⵍⴰ ⴰⴷ ⵜⵇⴱⵍ ⵜⴰⵎⵔⴰⵔⵓⵜ ⵏ ⵜⴽⴰⵕⴹⴰ.
    .remedy = ⴰⴷⵔ ⴷⴰⵖ ⵅⴼ ⵜⵇⴼⴼⴰⵍⵜ. ⵎⴽ ⵢⴰⵖⵓⵍ ⴰⵏⵏ, ⴼⴽ ⵉ ⵉⵎⴰⵙⴰⵢⵏ ⵏ ⵜⵙⵉⵍⴰ ⵜⴰⵏⴳⴰⵍⵜ ⴷⴷⴰⵡ.
refused-ended = ⵉⵎⵎⴷⴰ ⵓⵙⵓⵜⵔ ⴰⴷ.
    .remedy = ⴰⵖⵓⵍ ⵖⵔ ⵓⵙⵉⵜ ⵙⴳ ⴷ ⵜⵓⵛⴽⵉⴷ, ⵜⴱⴷⵓⴷ ⴷⴰⵖ.
