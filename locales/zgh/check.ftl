# draft: no speaker has reviewed these sentences yet.
# The page "Check a file" of the browser extension: what the signatures of a file are worth.

product-name = ⴱⵉⵟⴰⵇⴰ
language = ⵜⵓⵜⵍⴰⵢⵜ
check-title = ⵙⵙⵉⵔⵎ ⴰⴼⴰⵢⵍⵓ
intro = ⵥⵔ ⴰⵜⵉⴳ ⵏ ⵉⵙⴳⵎⴰⴹ ⵖ ⵓⴼⴰⵢⵍⵓ: ⵎⴰⴷ ⵉⵙⴳⵎⴹⵏ, ⵉⵙ ⵉⵏⴼⵍ ⴽⵔⴰ, ⴷ ⵎⴰⴷ ⵉⵜⵜⵓⵙⵎⴰⵍⵏ.
intro-privacy = ⴰⵔ ⵉⵜⵖⵉⵎⵉ ⵓⴼⴰⵢⵍⵓ ⵖ ⵓⵎⵙⵙⵓⴷⵙ ⴰⴷ. ⵓⵔ ⴰ ⵉⵜⵜⵓⵙⵇⵙⴰ ⴰⵡⴷ ⵢⴰⵏ ⴷⴰⵜ ⴰⴷ ⵜⵔⵉⴷ.
drop-hint = ⵙⵔⵙ ⴷⴰ ⴰⴼⴰⵢⵍⵓ ⵉⵜⵜⵓⵙⴳⵎⴹⵏ, ⵏⵖ
open-file = ⵕⵥⵎ ⴰⴼⴰⵢⵍⵓ
open-another = ⵕⵥⵎ ⴰⴼⴰⵢⵍⵓ ⵢⴰⴹⵏ
kinds = PDF, ⵉⵙⴳⵎⴰⴹ ⵖ ⵜⴰⵎⴰ ⵏ ⵓⴼⴰⵢⵍⵓ (.p7s, .p7m), ⵉⵎⵙⵎⵓⵏⵏ (.asice, .asics, .scs), XML ⴷ JSON
checking = ⴰⵔ ⵉⵜⵜⵓⵙⵙⵉⵔⵎ…

# A verdict that rests on a trust pack marked test; the mark itself is TEST in every language.
test-verdict = ⴰⵔ ⵜⴱⴷⴷⴰ ⵜⵢⴰⴼⵓⵜ ⴰⴷ ⵅⴼ ⵜⵓⵎⵏⵜ ⵏ ⵓⵔⴰⵎ ⵖⴰⵙ, ⵓⵔ ⴰ ⵜⵙⵎⴰⵍ ⴰⵎⵢⴰ ⵅⴼ ⵓⴼⴳⴰⵏ ⵏ ⵜⵉⴷⵜ.
test-trust = ⵉ ⵓⵔⴰⵎ ⵖⴰⵙ, ⵙ ⵓⴽⵎⵎⵓⵙ ⵏ ⵜⵓⵎⵏⵜ: { $packs }

authorities-title = ⵜⵉⵎⵙⵙⵓⴳⵓⵔⵉⵏ ⵎⵉ ⵉⵜⵜⵡⴰⵎⵏ
authorities-hint = ⵔⵏⵓ ⵉⵙⵍⴽⵉⵏⵏ (PEM ⵏⵖ DER) ⵏⵏⴰ ⴰⴽ ⵉⴼⴽⴰ ⵡⴰⵏⵏⴰ ⵎⵉ ⵜⵜⴰⵎⵏⴷ; ⵍⵍⴰⵏ ⵉ ⵜⴰⵙⵏⴰ ⴰⴷ ⵖⴰⵙ.
computer-packs = ⴰⵔ ⴰⵙⵏⵜ ⵉⵜⵜⴰⵎⵏ ⵓⵎⵙⵙⵓⴷⵙ ⴰⴷ, ⵙ ⵉⴽⵎⵎⵓⵙⵏ ⵏ ⵜⵓⵎⵏⵜ ⵏⵏⴰ ⵉⵙⵔⵙ ⵓⵎⵙⵙⵓⴳⵓⵔ ⵏⵏⵙ:
computer-none = ⵓⵔ ⵉⵍⵍⵉ ⵖ ⵓⵎⵙⵙⵓⴷⵙ ⴰⴷ ⵓⴽⵎⵎⵓⵙ ⵏ ⵜⵓⵎⵏⵜ ⵏⵏⴰ ⵉⵙⴰⵡⵍⵏ ⵅⴼ ⵜⵎⵙⵙⵓⴳⵓⵔⵉⵏ ⵏ ⵉⵔⵔⴰⵜⵏ. ⵉⵖⵉ ⵓⵎⵙⵙⵓⴳⵓⵔ ⵏⵏⵙ ⴰⴷ ⵢⴰⵏ ⵉⵙⵔⵙ: “bitaqa trust add”.
computer-fault = ⵓⵔ ⵜⵜⵡⴰⵙⵙⵏⵏⵜ ⵜⵎⵙⵙⵓⴳⵓⵔⵉⵏ ⵎⵉ ⵉⵜⵜⴰⵎⵏ ⵓⵎⵙⵙⵓⴷⵙ ⴰⴷ.
ask-fault = ⵓⵔ ⵜⵖⵉⵢ ⴰⵡⴷ ⵢⵓⵡⵜ ⵏ ⵜⵏⴰⴼⵓⵜ ⴰⴷ ⵜⵜⵓⵙⵇⵙⴰ.
fault-again = ⵕⵥⵎ ⴰⴼⴰⵢⵍⵓ ⴷⴰⵖ.
pack-names = ⵜⵉⵎⵙⵙⵓⴳⵓⵔⵉⵏ ⵏ ⵡⵉⵏⵏⴰ ⵉⵙⴳⵎⴹⵏ: { $signers }, ⵏ ⵉⵙⵎⵉⵔⵏ ⵏ ⵡⴰⴽⵓⴷ: { $stamps }, ⵉⵎⵙⴳⵎⴰⴹⵏ ⵏ ⵜⵍⴳⴰⵎⵉⵏ ⵏ ⵜⵓⵎⵏⵜ: { $lists }
authorities-add = ⵔⵏⵓ ⵉⵙⵍⴽⵉⵏⵏ
lists-title = ⵜⵉⵍⴳⴰⵎⵉⵏ ⵏ ⵜⵓⵎⵏⵜ
lists-hint = ⴰⵔ ⵜⵜⵉⵏⵉⵏⵜ ⵎⴰⴷ ⵉⴳⴰⵏ qualified. ⵜⵓⵜⵜⵓⵜ ⵜⵍⴳⴰⵎⵜ (XML) ⵎⴽ ⵜⵙⵙⵍⴽⵏ ⵢⵓⵡⵜ ⵙⴳ ⵜⵎⵙⵙⵓⴳⵓⵔⵉⵏ ⵏⵖ ⵉⴽⵎⵎⵓⵙⵏ ⴰⴷ ⵡⴰⵏⵏⴰ ⵜⵜ ⵉⵙⴳⵎⴹⵏ, ⵏⵖ ⵜⵎⵎⴰⵍ ⵜⵜ ⵜⵍⴳⴰⵎⵜ ⵢⴰⴹⵏ.
lists-add = ⵔⵏⵓ ⵜⴰⵍⴳⴰⵎⵜ ⵏ ⵜⵓⵎⵏⵜ
list-refused = ⵓⵔ ⵜⵜⵓⵙⵎⵔⵙ, ⴰⵛⴽⵓ ⵓⵔ ⵉⵎⵓⵔⵙ ⵓⵙⵙⵉⵔⵎ ⵏⵏⵙ: { $list }
beside-title = ⵉⵔⵔⴰⵜⵏ ⵖ ⵜⴰⵎⴰ ⵏ ⵓⴼⴰⵢⵍⵓ
beside-hint = ⵎⴽ ⵉⴳⴰ ⵓⵙⴳⵎⴹ ⴰⴼⴰⵢⵍⵓ ⵡⴰⵃⴷⵓⵜ, ⵔⵏⵓ ⴰⵔⵔⴰ ⵏⵏⴰ ⵉⵜⵜⵓⵙⴳⵎⴹⵏ.
beside-add = ⵔⵏⵓ ⴰⵔⵔⴰ
beside-not-signed = ⵓⵔ ⵉⵍⵍⵉ ⴰⵡⴷ ⵢⴰⵏ ⵓⵙⴳⵎⴹ ⵅⴼ: { $files }
take-out = ⴽⴽⵙ: { $file }

# The verdict on the whole file.
file-valid = ⵉⵖⵣⵉⵏ
file-undecided = ⵓⵔ ⵉⵖⵉⵢ ⴰⴷ ⵉⵜⵜⵓⵙⵙⵏ
file-invalid = ⵓⵔ ⵉⵖⵣⵉⵏ
summary = { $count ->
    [one] 1 ⵏ ⵓⵙⴳⵎⴹ, ⵉⵜⵜⵓⵙⵙⵉⵔⵎ ⴰⵙⵙ ⵏ { $date } ⵖ { $time }
   *[other] { $count } ⵏ ⵉⵙⴳⵎⴰⴹ, ⵜⵜⵓⵙⵙⵉⵔⵎⵏ ⴰⵙⵙ ⵏ { $date } ⵖ { $time }
}
# The verdict on one signature, or time stamp.
signature-valid = ⵉⵖⵣⵉⵏ
signature-undecided = ⵓⵔ ⵉⵖⵉⵢ ⴰⴷ ⵉⵜⵜⵓⵙⵙⵏ
signature-invalid = ⵓⵔ ⵉⵖⵣⵉⵏ

failed-document-invalid = ⵓⵔ ⵉⵍⵍⵉ ⵖ ⵓⴼⴰⵢⵍⵓ ⴰⴷ ⵓⵙⴳⵎⴹ ⵏⵏⴰ ⵉⵖⵉⵏ ⴰⴷ ⵉⵜⵜⵡⴰⵖⵔ
    .advice = ⵎⴽ ⵉⴳⴰ ⵓⵙⴳⵎⴹ ⴰⴼⴰⵢⵍⵓ ⵡⴰⵃⴷⵓⵜ, ⵕⵥⵎ ⵜ, ⵜⵔⵏⵓⴷ ⴰⵔⵔⴰ ⵖ ⵜⴰⵎⴰ ⵏⵏⵙ.
failed-too-large = ⵉⵖⵣⵣⵉⴼ ⵓⴼⴰⵢⵍⵓ ⴰⵟⵟⴰⵙ
    .advice = ⵉⵖⵉ PDF ⴰⴷ ⵉⵖⵣⵣⵉⴼ ⵎⴽⵍⵍⵉ ⵉⵔⴰ, ⵉⴼⴰⵢⵍⵓⵜⵏ ⵢⴰⴹⵏ ⴰⵔ 512 MB.
failed-file-unreadable = ⵓⵔ ⵉⵖⵉⵢ ⵓⴼⴰⵢⵍⵓ ⴰⴷ ⵉⵜⵜⵡⴰⵖⵔ
    .advice = ⵉⵏⴼⵍ ⵏⵖ ⵉⵎⵓⵜⵜⵉ ⵙⴳⵎⴰⴷ ⵜ ⵜⵙⵜⵉⴷ. ⵙⵜⵉ ⵜ ⴷⴰⵖ.
failed-internal = ⵓⵔ ⵉⵖⵉⵢ ⵓⴼⴰⵢⵍⵓ ⴰⴷ ⵉⵜⵜⵓⵙⵙⵉⵔⵎ
    .advice = ⵜⴳⴰ ⵜⴰⵣⴳⵍⵜ ⵏ ⴱⵉⵟⴰⵇⴰ, ⵓⵔ ⵜⴳⵉ ⵜⵉⵏ ⵓⴼⴰⵢⵍⵓ: ⵓⵔ ⴰ ⵜⵉⵏⵉ ⴰⵎⵢⴰ ⵅⴼ ⵓⵙⴳⵎⴹ. ⴰⵔⵎ ⴷⴰⵖ.
failed-certificates = ⵓⵔ ⵉⵍⵍⵉ ⵓⵙⵍⴽⵉⵏ ⵏⵏⴰ ⵉⵖⵉⵏ ⴰⴷ ⵉⵜⵜⵡⴰⵖⵔ ⵖ: { $files }
    .advice = ⴽⴽⵙ ⵜ ⵙⴳ ⵜⵎⵙⵙⵓⴳⵓⵔⵉⵏ ⴷⴷⴰⵡ. ⵉⵙⵍⴽⵉⵏⵏ ⴳⴰⵏ ⵉⴼⴰⵢⵍⵓⵜⵏ PEM ⵏⵖ DER.

signer-unknown = ⵓⵔ ⵉⵜⵜⵡⴰⵙⵙⵏ ⵡⴰⵏⵏⴰ ⵉⵙⴳⵎⴹⵏ
signed-by = ⵉⵙⴳⵎⴹ ⵜ
# The name is not proven: the signature is not valid, or cannot be decided.
name-in-certificate = ⵉⵙⵎ ⵖ ⵓⵙⵍⴽⵉⵏ
number = ⵓⵟⵟⵓⵏ
organisation = ⵜⵓⴷⴷⵙⴰ
country = ⵜⴰⵎⴰⵣⵉⵔⵜ
issuer = ⵉⴼⴽⴰ ⴰⵙⵍⴽⵉⵏ
claimed-time = ⴰⴽⵓⴷ ⵏⵏⴰ ⵉⵏⵏⴰ ⵡⴰⵏⵏⴰ ⵉⵙⴳⵎⴹⵏ
proven-time = ⴰⴽⵓⴷ ⵉⵜⵜⵓⵙⵎⴰⵍⵏ
not-proven = ⵓⵔ ⵉⵍⵍⵉ
moment = { $date } ⵖ { $time }
moment-latest = ⴷⴰⵜ ⵏ { $date } ⵖ { $time }
format = ⵜⴰⵍⵖⴰ ⴷ ⵓⵙⵡⵉⵔ

intact = ⵓⵔ ⵉⵏⴼⵍ ⴰⵎⵢⴰ ⵙⴳ ⵎⴰⴷ ⵉⵜⵜⵓⵙⴳⵎⴹⵏ
changed = ⵉⵏⴼⵍ ⵎⴰⴷ ⵉⵜⵜⵓⵙⴳⵎⴹⵏ ⴷⴼⴼⵉⵔ ⵓⵙⴳⵎⴹ
not-of-this-key = ⵓⵔ ⵉⵜⵜⵓⵙⴽⴰⵔ ⵓⵙⴳⵎⴹ ⵙ ⵜⵙⴰⵔⵓⵜ ⵏ ⵓⵙⵍⴽⵉⵏ ⴰⴷ
intact-unknown = ⵓⵔ ⵉⵖⵉⵢ ⴰⴷ ⵉⵜⵜⵓⵙⵙⵏ ⵉⵙ ⵉⵏⴼⵍ ⴽⵔⴰ
covers-whole = ⵉⵍⵍⴰ ⵓⵙⴳⵎⴹ ⵅⴼ ⵓⵔⵔⴰ ⴽⵓⵍⵍⵓ
covers-earlier = ⵉⵏⴼⵍ ⵓⴼⴰⵢⵍⵓ ⴷⴼⴼⵉⵔ ⵓⵙⴳⵎⴹ ⴰⴷ, ⵉⵍⵍⴰ ⵅⴼ ⵓⴷⴷⴰⴷ ⵉⵣⵔⵉⵏ
covers-parts = ⵉⵍⵍⴰ ⵓⵙⴳⵎⴹ ⵖⴰⵙ ⵅⴼ: { $parts }
covers-unknown = ⵓⵔ ⵉⵖⵉⵢ ⴰⴷ ⵉⵜⵜⵓⵙⵙⵏ ⵅⴼ ⵎⴰⴷ ⵉⵍⵍⴰ ⵓⵙⴳⵎⴹ
trusted-by-choice = ⵜⵜⴰⵎⵏⴷ ⴰⵙ ⴰⵛⴽⵓ ⵜⵙⵜⵉⴷ ⵜⵜ: { $authority }
trusted-by-pack = ⵜⵜⵓⵢⴰⵎⵏ ⵙ ⵓⴽⵎⵎⵓⵙ ⵏ ⵜⵓⵎⵏⵜ { $packs }: { $authority }
not-revoked = ⵓⵔ ⵉⵜⵜⵓⵙⵙⵔ ⵓⵙⵍⴽⵉⵏ
revoked = ⵉⵜⵜⵓⵙⵙⵔ ⵓⵙⵍⴽⵉⵏ
revocation-unknown = ⵓⵔ ⵉⵜⵜⵡⴰⵙⵙⵏ ⵉⵙ ⵉⵜⵜⵓⵙⵙⵔ ⵓⵙⵍⴽⵉⵏ
time-proven = ⵉⵙⵎⴰⵍ ⵓⵙⵎⵉⵔ ⵏ ⵡⴰⴽⵓⴷ ⵎⴰⵏⵡⴰⴽⵓⴷ ⵉⵍⵍⴰ
time-stamp-not-accepted = ⵓⵔ ⴰ ⵉⵙⵎⴰⵍ ⵓⵙⵎⵉⵔ ⵏ ⵡⴰⴽⵓⴷ ⵏⵏⵙ ⴰⵎⵢⴰ, ⴰⵔ ⵜ ⵜⵙⵙⵍⴽⵏ ⵜⵎⵙⵙⵓⴳⵓⵔⵜ
time-claimed-only = ⵓⵔ ⵉⵍⵍⵉ ⵓⵙⵎⵉⵔ ⵏ ⵡⴰⴽⵓⴷ ⵉⵙⵎⴰⵍⵏ ⵎⴰⵏⵡⴰⴽⵓⴷ ⵉⵜⵜⵓⵙⴽⴰⵔ
qualification-qualified = ⴰⵙⴳⵎⴹ ⵉⵙⵎⵖⵔⵏ (qualified), ⵙ ⵜⵍⴳⴰⵎⵜ ⵏ ⵜⵓⵎⵏⵜ
qualification-advanced-with-qualified-certificate = ⵓⵔ ⵉⴳⵉ ⴰⵙⴳⵎⴹ qualified; ⴰⵙⵍⴽⵉⵏ ⵏⵏⵙ ⵉⴳⴰ ⵜ, ⵙ ⵜⵍⴳⴰⵎⵜ ⵏ ⵜⵓⵎⵏⵜ
qualification-not-qualified = ⵓⵔ ⵉⴳⵉ ⴰⵙⴳⵎⴹ qualified, ⵙ ⵜⵍⴳⴰⵎⵉⵏ ⵏ ⵜⵓⵎⵏⵜ ⴰⴷ
qualification-indeterminate = ⵓⵔ ⵉⵜⵜⵡⴰⵙⵙⵏ ⵉⵙ ⵉⴳⴰ ⴰⵙⴳⵎⴹ qualified
remarks = ⵜⵉⵏⵉⵜⵉⵏ, ⵙ ⵜⵏⴳⵍⵉⵣⵜ

# Why a signature is not valid, or cannot be decided (EN 319 102-1), and what the person can do.
reason-format-failure = ⵓⵔ ⵉⵟⵟⴼ ⵓⵙⴳⵎⴹ, ⵏⵖ ⴽⵔⴰ ⵏⵏⴰ ⵉⵏⴼⵍⵏ ⴷⴼⴼⵉⵔⵙ, ⵉⵍⵓⴳⴰⵏ ⵏ ⵜⴰⵍⵖⴰ ⵏⵏⵙ.
    .advice = ⴰⴷ ⴰⵙ ⵓⵔ ⵜⴰⵎⵏⴷ. ⵙⵙⵓⵜⵔ ⵉ ⵡⴰⵏⵏⴰ ⵜ ⵢⵓⵣⵏⵏ ⴰⴼⴰⵢⵍⵓ ⵎⴽⵍⵍⵉ ⵉⵜⵜⵓⵙⴳⵎⴹ.
reason-hash-failure = ⵓⵔ ⵉⴳⵉ ⴰⵔⵔⴰ ⵏⵏⴰ ⵉⵜⵜⵓⵙⴳⵎⴹⵏ: ⵉⵏⴼⵍ ⴽⵔⴰ.
    .advice = ⴰⴷ ⴰⵙ ⵓⵔ ⵜⴰⵎⵏⴷ. ⵙⵙⵓⵜⵔ ⵉ ⵡⴰⵏⵏⴰ ⵜ ⵢⵓⵣⵏⵏ ⴰⴼⴰⵢⵍⵓ ⵎⴽⵍⵍⵉ ⵉⵜⵜⵓⵙⴳⵎⴹ.
reason-sig-crypto-failure = ⵓⵔ ⵉⵜⵜⵓⵙⴽⴰⵔ ⵓⵙⴳⵎⴹ ⵙ ⵜⵙⴰⵔⵓⵜ ⵏ ⵓⵙⵍⴽⵉⵏ ⵏⵏⴰ ⵉⵍⵍⴰⵏ.
    .advice = ⴰⴷ ⴰⵙ ⵓⵔ ⵜⴰⵎⵏⴷ, ⵓⵍⴰ ⵉⵙⵎ ⵏⵏⴰ ⴳⵉⵙ ⵉⵍⵍⴰⵏ.
reason-revoked = ⵉⵜⵜⵓⵙⴳⵎⴹ ⴷⴼⴼⵉⵔ ⵎⴰⴷ ⵉⵜⵜⵓⵙⵙⵔ ⵓⵙⵍⴽⵉⵏ.
    .advice = ⴰⴷ ⴰⵙ ⵓⵔ ⵜⴰⵎⵏⴷ. ⵙⵙⵓⵜⵔ ⴰⵙⴳⵎⴹ ⴰⵎⴰⵢⵏⵓ.
reason-expired = ⵉⵜⵜⵓⵙⴳⵎⴹ ⴷⴼⴼⵉⵔ ⵎⴰⴷ ⵉⵣⵔⵉ ⵡⴰⴽⵓⴷ ⵏ ⵓⵙⵍⴽⵉⵏ.
    .advice = ⵙⵙⵓⵜⵔ ⴰⵙⴳⵎⴹ ⴰⵎⴰⵢⵏⵓ.
reason-not-yet-valid = ⵉⵜⵜⵓⵙⴳⵎⴹ ⴷⴰⵜ ⵏ ⵡⴰⴽⵓⴷ ⵏ ⵓⵙⵍⴽⵉⵏ.
    .advice = ⵙⵙⵓⵜⵔ ⴰⵙⴳⵎⴹ ⴰⵎⴰⵢⵏⵓ.
reason-sig-constraints-failure = ⵉⵅⵚⵚⴰ ⴽⵔⴰ ⵖ ⵓⵙⴳⵎⴹ, ⵏⵖ ⵓⵔ ⵉⴳⵉ ⵓⵙⵍⴽⵉⵏ ⵏⵏⵙ ⵉ ⵉⵔⵔⴰⵜⵏ.
    .advice = ⵙⵙⵓⵜⵔ ⴰⵙⴳⵎⴹ ⵙ ⵓⵙⵍⴽⵉⵏ ⵏ ⵉⵔⵔⴰⵜⵏ.
reason-chain-constraints-failure = ⵜⵍⵍⴰ ⵜⵎⵙⵙⵓⴳⵓⵔⵜ ⴳⵔ ⵡⴰⵏⵏⴰ ⵉⵙⴳⵎⴹⵏ ⴷ ⵜⴰⵏⵏⴰ ⵎⵉ ⵜⵜⴰⵎⵏⴷ ⵓⵔ ⵖⵓⵔⵙ ⴰⵣⵔⴼ ⴰⴷ ⵜⵙⵙⵍⴽⵏ ⴰⵢⴰⴷ.
    .advice = ⵙⵇⵙⴰ ⵡⴰⵏⵏⴰ ⵉⵙⴳⵎⴹⵏ, ⵏⵖ ⵜⴰⵎⵙⵙⵓⴳⵓⵔⵜ ⵏⵏⴰ ⵉⴼⴽⴰⵏ ⴰⵙⵍⴽⵉⵏ.
reason-certificate-chain-general-failure = ⵓⵔ ⵉⵖⵉⵢ ⴰⴷ ⵉⵜⵜⵓⵙⵙⵉⵔⵎ ⵓⴱⵔⵉⴷ ⴳⵔ ⵡⴰⵏⵏⴰ ⵉⵙⴳⵎⴹⵏ ⴷ ⵜⵎⵙⵙⵓⴳⵓⵔⵜ.
    .advice = ⵙⵇⵙⴰ ⵜⴰⵎⵙⵙⵓⴳⵓⵔⵜ ⵏⵏⴰ ⵉⴼⴽⴰⵏ ⴰⵙⵍⴽⵉⵏ.
reason-crypto-constraints-failure = ⵉⵙⵎⵔⵙ ⵓⵙⴳⵎⴹ, ⵏⵖ ⵢⴰⵏ ⵓⵙⵍⴽⵉⵏ, ⵜⴰⴱⵔⵉⴷⵜ ⵉⵕⵅⴼⵏ.
    .advice = ⵙⵙⵓⵜⵔ ⴰⵙⴳⵎⴹ ⴰⵎⴰⵢⵏⵓ.
reason-crypto-constraints-failure-no-poe = ⵜⵕⵅⴼ ⵜⴱⵔⵉⴷⵜ ⵖⵉⵍⴰ, ⵓⵔ ⵉⵍⵍⵉ ⵎⴰⴷ ⵉⵙⵎⴰⵍⵏ ⵎⴰⵙ ⵜⵜⵓⵙⵎⵔⵙ ⴷⴰⵜ.
    .advice = ⵙⵙⵓⵜⵔ ⴰⵙⴳⵎⴹ ⴰⵎⴰⵢⵏⵓ.
reason-signature-policy-not-available = ⵉⴹⴼⴰⵔ ⵓⵙⴳⵎⴹ ⵉⵍⵓⴳⴰⵏ ⵏⵏⴰ ⵓⵔ ⵜⵙⵙⵉⵏ ⴱⵉⵟⴰⵇⴰ.
    .advice = ⵙⵇⵙⴰ ⵡⴰⵏⵏⴰ ⵜ ⵢⵓⵣⵏⵏ ⵎⴰⵏⵉ ⵖ ⵉⵖⵉ ⴰⴷ ⵉⵜⵜⵓⵙⵙⵉⵔⵎ.
reason-timestamp-order-failure = ⵓⵔ ⵎⵙⴰⵙⴰⵏ ⵉⵙⵎⵉⵔⵏ ⵏ ⵡⴰⴽⵓⴷ ⴷ ⵓⵙⵙⵓⴷⵙ ⵏⵏⴰ ⵙ ⵜⵜⵓⵙⴽⴰⵔⵏ.
    .advice = ⴰⴷ ⴰⵙ ⵓⵔ ⵜⴰⵎⵏⴷ. ⵙⵙⵓⵜⵔ ⵉ ⵡⴰⵏⵏⴰ ⵜ ⵢⵓⵣⵏⵏ ⴰⴼⴰⵢⵍⵓ ⵎⴽⵍⵍⵉ ⵉⵜⵜⵓⵙⴳⵎⴹ.
reason-no-signing-certificate-found = ⵓⵔ ⵉⵍⵍⵉ ⵓⵙⵍⴽⵉⵏ ⵖ ⵓⴼⴰⵢⵍⵓ, ⵏⵖ ⵓⵔ ⵉⴳⵉ ⵡⴰⵏⵏⴰ ⵙ ⵉⵜⵜⵓⵙⴳⵎⴹ.
    .advice = ⵙⵙⵓⵜⵔ ⴰⴼⴰⵢⵍⵓ ⵏⵏⴰ ⵖ ⵉⵍⵍⴰ ⵓⵙⵍⴽⵉⵏ.
reason-no-certificate-chain-found = ⵓⵔ ⵜⵙⵙⵉⵏ ⴱⵉⵟⴰⵇⴰ ⵜⴰⵎⵙⵙⵓⴳⵓⵔⵜ ⵏⵏⴰ ⵉⵙⵙⵍⴽⵏⵏ ⵡⴰⵏⵏⴰ ⵉⵙⴳⵎⴹⵏ.
    .advice = ⵎⴽ ⴰⴽ ⵉⴼⴽⴰ ⵡⴰⵏⵏⴰ ⵎⵉ ⵜⵜⴰⵎⵏⴷ ⴰⵙⵍⴽⵉⵏ ⵏ ⵜⵎⵙⵙⵓⴳⵓⵔⵜ ⴰⵏⵏ, ⵔⵏⵓ ⵜ.
reason-revoked-no-poe = ⵉⵜⵜⵓⵙⵙⵔ ⵓⵙⵍⴽⵉⵏ, ⵓⵔ ⵉⵍⵍⵉ ⵎⴰⴷ ⵉⵙⵎⴰⵍⵏ ⵎⴰⵙ ⵉⵣⵡⴰⵔ ⵓⵙⴳⵎⴹ.
    .advice = ⴰⴷ ⴰⵙ ⵓⵔ ⵜⴰⵎⵏⴷ ⴱⵍⴰ ⵜⴰⵏⵣⴰ ⵢⴰⴹⵏ ⵅⴼ ⵡⴰⴽⵓⴷ ⵏ ⵓⵙⴳⵎⴹ.
reason-revoked-ca-no-poe = ⵉⵜⵜⵓⵙⵙⵔ ⵓⵙⵍⴽⵉⵏ ⵏ ⵜⵎⵙⵙⵓⴳⵓⵔⵜ, ⵓⵔ ⵉⵍⵍⵉ ⵎⴰⴷ ⵉⵙⵎⴰⵍⵏ ⵎⴰⵙ ⵉⵣⵡⴰⵔ ⵓⵙⴳⵎⴹ.
    .advice = ⴰⴷ ⴰⵙ ⵓⵔ ⵜⴰⵎⵏⴷ ⴱⵍⴰ ⵜⴰⵏⵣⴰ ⵢⴰⴹⵏ ⵅⴼ ⵡⴰⴽⵓⴷ ⵏ ⵓⵙⴳⵎⴹ.
reason-out-of-bounds-no-poe = ⵉⵣⵔⵉ ⵡⴰⴽⵓⴷ ⵏ ⵓⵙⵍⴽⵉⵏ, ⵏⵖ ⵓⵔ ⵜⴰ ⵉⵍⴽⵉⵎ, ⵓⵔ ⵉⵍⵍⵉ ⵎⴰⴷ ⵉⵙⵎⴰⵍⵏ ⵎⴰⵏⵡⴰⴽⵓⴷ ⵉⵜⵜⵓⵙⴳⵎⴹ.
    .advice = ⵙⵙⵓⵜⵔ ⴰⴼⴰⵢⵍⵓ ⵙ ⵓⵙⵎⵉⵔ ⵏ ⵡⴰⴽⵓⴷ.
reason-out-of-bounds-not-revoked = ⵉⵣⵔⵉ ⵡⴰⴽⵓⴷ ⵏ ⵓⵙⵍⴽⵉⵏ, ⵓⵔ ⵉⵍⵍⵉ ⵎⴰⴷ ⵉⵙⵎⴰⵍⵏ ⵎⴰⵙ ⵉⵣⵡⴰⵔ ⵓⵙⴳⵎⴹ.
    .advice = ⵙⵙⵓⵜⵔ ⴰⴼⴰⵢⵍⵓ ⵙ ⵓⵙⵎⵉⵔ ⵏ ⵡⴰⴽⵓⴷ.
reason-revocation-out-of-bounds-no-poe = ⵉⵣⵔⵉ ⵡⴰⴽⵓⴷ ⵏ ⵡⴰⵏⵏⴰ ⵉⵏⵏⴰⵏ ⵎⴰⵙ ⵓⵔ ⵉⵜⵜⵓⵙⵙⵔ ⵓⵙⵍⴽⵉⵏ.
    .advice = ⵙⵙⵓⵜⵔ ⴰⴼⴰⵢⵍⵓ ⵙ ⵓⵙⵎⵉⵔ ⵏ ⵡⴰⴽⵓⴷ.
reason-no-poe = ⵓⵔ ⵉⵍⵍⵉ ⵎⴰⴷ ⵉⵙⵎⴰⵍⵏ ⵎⴰⵙ ⵉⵍⵍⴰ ⵓⵙⴳⵎⴹ ⵖ ⵡⴰⴽⵓⴷ ⴰⵏⵏ.
    .advice = ⵙⵙⵓⵜⵔ ⴰⴼⴰⵢⵍⵓ ⵙ ⵓⵙⵎⵉⵔ ⵏ ⵡⴰⴽⵓⴷ.
reason-try-later = ⵓⵔ ⵉⵜⵜⵡⴰⵙⵙⵏ ⴷⴰ ⵉⵙ ⵉⵜⵜⵓⵙⵙⵔ ⵓⵙⵍⴽⵉⵏ.
    .advice = ⵙⵇⵙⴰ ⵜⵉⵏⴰⴼⵓⵜⵉⵏ ⴷⴷⴰⵡ ⵎⴽ ⵍⵍⴰⵏⵜ, ⵏⵖ ⵙⵙⵓⵜⵔ ⵉ ⵡⴰⵏⵏⴰ ⵜ ⵢⵓⵣⵏⵏ ⴰⴼⴰⵢⵍⵓ ⵏⵏⴰ ⵖ ⵉⵍⵍⴰ ⵓⵏⵖⵎⵉⵙ ⴰⴷ (B-LT).
reason-signed-data-not-found = ⵓⵔ ⵉⵍⵍⵉ ⵖ ⵓⴼⴰⵢⵍⵓ ⴰⴷ ⵓⵔⵔⴰ ⵏⵏⴰ ⵉⵜⵜⵓⵙⴳⵎⴹⵏ.
    .advice = ⵔⵏⵓ ⵜ ⴰⴷ ⵜⵙⵙⵏⴷ ⵉⵙ ⵉⵏⴼⵍ.
reason-generic = ⵓⵔ ⵉⵖⵉⵢ ⴰⴷ ⵉⵜⵜⵓⵙⵙⵏ ⵙ ⵓⵎⵏⵜⵉⵍ ⵢⴰⴹⵏ, ⵉⵍⵍⴰ ⵖ ⵉⴼⵔⵓⵔⵏ.
    .advice = ⵙⵇⵙⴰ ⵡⴰⵏⵏⴰ ⵜ ⵢⵓⵣⵏⵏ ⵎⴰⵏⵉ ⵖ ⵉⵖⵉ ⴰⴷ ⵉⵜⵜⵓⵙⵙⵉⵔⵎ.

needs-title = ⵎⴰⴷ ⵉⵙⵙⵏⵏ ⵓⴳⴳⴰⵔ
needs-hint = ⵙ ⵜⵎⵔⴰⵔⵓⵜⵉⵏ ⵏ ⵜⵏⴰⴼⵓⵜⵉⵏ ⴰⴷ ⵉⵖⵉ ⴰⴷ ⵉⵜⵜⵉⵏⵉ ⵓⴳⴳⴰⵔ. ⴰⵔ ⵜⵜⴰⵎⵥⵏⵜ ⵉⵙⵇⵙⵉⵜⵏ ⵅⴼ ⵉⵙⵍⴽⵉⵏⵏ, ⵓⵔ ⵊⵊⵓ ⴰⴼⴰⵢⵍⵓ; ⴰⵔ ⵜⵜⵉⵙⵉⵏⵏⵜ ⵜⴰⵏⵙⴰ ⵏ ⵓⵎⵙⵙⵓⴷⵙ ⴰⴷ ⴷ ⴱⴰⴱ ⵏ ⵓⵙⵍⴽⵉⵏ. ⵓⵔ ⴰ ⵜⵜⵓⵙⵇⵙⴰ ⴰⵡⴷ ⵢⵓⵡⵜ ⴷⴰⵜ ⴰⴷ ⵜⵔⵉⴷ.
about-ocsp = ⵉⵙ ⵉⵜⵜⵓⵙⵙⵔ ⵓⵙⵍⴽⵉⵏ
about-crl = ⵎⴰⵏ ⵉⵙⵍⴽⵉⵏⵏ ⵉⵜⵜⵓⵙⵙⵔⵏ
about-issuer-certificate = ⴰⵙⵍⴽⵉⵏ ⵏ ⵡⴰⵏⵏⴰ ⵜ ⵉⴼⴽⴰⵏ
about-trusted-list = ⵎⴰⴷ ⵉⴳⴰⵏ qualified
ask = ⵙⵇⵙⴰ ⵜⵉⵏⴰⴼⵓⵜⵉⵏ ⴰⴷ
ask-again = ⵙⵇⵙⴰ ⴷⴰⵖ
ask-stop = ⵙⴱⴷⴷ
asking = ⴷⴰ ⵜⵜⵓⵙⵇⵙⴰ { $host }…
asked = ⵜⵜⵓⵙⵇⵙⴰⵏⵜ ⵜⵏⴰⴼⵓⵜⵉⵏ ⴰⴷ: { $hosts }
no-answer = ⵓⵔ ⴷ ⵢⵓⵛⴽⵉ ⴰⵎⵢⴰ ⵙⴳ { $host }
save-report = ⵃⴹⵓ ⴰⵏⵇⵇⵉⵙ (JSON)
save-report-xml = ⵃⴹⵓ ⴰⵏⵇⵇⵉⵙ (XML)
not-saved = ⵓⵔ ⵉⵍⵍⵉ ⵓⵏⵇⵇⵉⵙ ⵙ XML. ⵙⵙⵉⵔⵎ ⴰⴼⴰⵢⵍⵓ ⴷⴰⵖ.
saved = ⵉⵜⵜⵓⴼⴽⴰ ⵓⵏⵇⵇⵉⵙ ⵉ ⵓⵎⵙⵙⴰⵔⴰ.

extend-title = ⴰⴷ ⵉⴷⵓⵎ ⵓⵙⴳⵎⴹ
extend-hint = ⴰⵔ ⵉⵙⵎⴰⵍ ⵓⵙⵎⵉⵔ ⵏ ⵡⴰⴽⵓⴷ ⵎⴰⵏⵡⴰⴽⵓⴷ ⵉⵍⵍⴰ ⵓⵙⴳⵎⴹ; ⴰⵔ ⵉⴽⵛⵛⵎ ⵎⴰⴷ ⵉⵜⵜⵡⴰⵙⵙⵏⵏ ⵅⴼ ⵉⵙⵍⴽⵉⵏⵏ ⴰⴼⴰⵢⵍⵓ, ⴰⴼⴰⴷ ⴰⴷ ⵉⵖⵉ ⴰⴷ ⵉⵜⵜⵓⵙⵙⵉⵔⵎ ⵎⴽ ⵓⵔ ⵉⵇⵇⵉⵎⵉ ⵎⴰⴷ ⵉⵜⵜⵓⵙⵇⵙⴰⵏ. ⴰⵔ ⵉⵜⵖⵉⵎⵉ ⵎⴰⴷ ⵉⵜⵜⵓⵙⴳⵎⴹⵏ ⵎⴽⵍⵍⵉ ⵉⴳⴰ.
extend-level = ⴰⵙⵡⵉⵔ
extend-go = ⵙⵙⵉⵖⵣⴼ
extending = ⴷⴰ ⵉⵜⵜⵓⵙⵙⵉⵖⵣⴰⴼ ⵓⴼⴰⵢⵍⵓ…
extend-ask = ⴰⴷ ⵢⴰⵎⵥ ⵓⴼⴰⵢⵍⵓ ⴰⵢⵏⵏⴰ ⵙ ⵔⴰⵔⵏⵜ.
extend-ask-nobody = ⴰⴷ ⵓⵔ ⵜⵙⵇⵙⴰⴷ ⴰⵡⴷ ⵢⴰⵏ
extend-failed = ⵓⵔ ⵉⵖⵉⵢ ⵓⴼⴰⵢⵍⵓ ⴰⴷ ⵉⵜⵜⵓⵙⵙⵉⵖⵣⴼ. ⵉⵇⵇⵉⵎⴰ ⵓⴼⴰⵢⵍⵓ ⵏⵏⴰ ⵜⵕⵥⵎⴷ ⵎⴽⵍⵍⵉ ⵉⴳⴰ.
extend-nothing = ⵓⵔ ⵉⵔⵏⵉ ⴰⵎⵢⴰ: ⵉⵇⵇⵉⵎⴰ ⵓⴼⴰⵢⵍⵓ { $level }.
extend-done = ⴰⴼⴰⵢⵍⵓ ⵉⵜⵜⵓⵙⵙⵉⵖⵣⴼⵏ ⵉⴳⴰ { $level }.
extend-later = ⵉⵖⵉ ⴰⴷ ⵉⵜⵜⵓⵔⵏⵓ ⵎⴰⴷ ⵉⵇⵇⵉⵎⵏ ⴷⴼⴼⵉⵔ ⵓⵢⴰ, ⵖⵉⴷ ⵏⵖ ⵙ “bitaqa extend”.
extend-verdict = ⵉⵜⵜⵓⵙⵙⵉⵔⵎ ⴷⴰⵖ: { $verdict }.
extend-save = ⵃⴹⵓ { $file }

details = ⵉⴼⵔⵓⵔⵏ ⵉ ⵉⵎⵙⵙⵏⵏ
technical-name = ⵉⵙⵎ ⵖ ⵓⴼⴰⵢⵍⵓ
algorithm = ⴰⵍⴳⵓⵔⵉⵜⵎ
fingerprint = SHA-256 ⵏ ⵓⵙⵍⴽⵉⵏ
judged-at = ⵉⵜⵜⵓⵙⵙⵉⵔⵎ ⵖ
qualified-because = ⵅⴼ “qualified”
steps = ⵉⵙⵓⵔⵉⴼⵏ ⵏ ⵓⵙⵙⵉⵔⵎ
step-format-checking = ⵉⵍⵓⴳⴰⵏ ⵏ ⵜⴰⵍⵖⴰ
step-identification-of-the-signing-certificate = ⵉⵍⵍⴰ ⵓⵙⵍⴽⵉⵏ ⵏ ⵡⴰⵏⵏⴰ ⵉⵙⴳⵎⴹⵏ
step-validation-context-initialization = ⵉⵍⵓⴳⴰⵏ ⵏⵏⴰ ⵉⴹⴼⴰⵔ ⵓⵙⴳⵎⴹ
step-time-stamp-validation = ⵉⵙⵎⵉⵔⵏ ⵏ ⵡⴰⴽⵓⴷ
step-certificate-validation = ⴰⴱⵔⵉⴷ ⵙ ⵜⵎⵙⵙⵓⴳⵓⵔⵜ ⵎⵉ ⵜⵜⴰⵎⵏⴷ
step-cryptographic-verification = ⵓⵔ ⵉⵏⴼⵍ ⴰⵎⵢⴰ
step-signature-acceptance-validation = ⵎⴰⴷ ⵉⵅⵚⵚⴰⵏ ⴰⴷ ⵉⵜⵜⵓⵙⴳⵎⴹ ⴷ ⵓⵔⵔⴰ
chain = ⵉⵙⵍⴽⵉⵏⵏ, ⵙⴳ ⵡⴰⵏⵏⴰ ⵉⵙⴳⵎⴹⵏ ⴰⵔ ⵜⴰⵎⵙⵙⵓⴳⵓⵔⵜ
certificate-valid = ⵜⴰⵖⵣⵉⵏⵜ
span = ⵙⴳ { $from } ⴰⵔ { $to }
revocation = ⴰⵙⵙⵔⵉ
revocation-is-anchor = ⵜⵜⴰⵎⵏⴷ ⴰⵙ ⴰⵛⴽⵓ ⵜⵙⵜⵉⴷ ⵜ
revocation-is-anchor-of-pack = ⵜⵜⵓⵢⴰⵎⵏ ⵙ ⵓⴽⵎⵎⵓⵙ ⵏ ⵜⵓⵎⵏⵜ
revocation-is-good = ⵓⵔ ⵉⵜⵜⵓⵙⵙⵔ
revocation-is-revoked = ⵉⵜⵜⵓⵙⵙⵔ
revocation-is-unknown = ⵓⵔ ⵉⵙⵙⵉⵏ ⵡⴰⵏⵏⴰ ⵜ ⵉⴼⴽⴰⵏ ⴰⵙⵍⴽⵉⵏ ⴰⴷ
revocation-is-not-determined = ⵓⵔ ⵉⵜⵜⵡⴰⵙⵙⵏ
time-stamps = ⵉⵙⵎⵉⵔⵏ ⵏ ⵡⴰⴽⵓⴷ
time-stamp-content = ⵏ ⵜⵓⵎⴰⵢⵜ, ⴷⴰⵜ ⵏ ⵓⵙⴳⵎⴹ
time-stamp-signature = ⵏ ⵓⵙⴳⵎⴹ
time-stamp-archive = ⵏ ⵓⴼⴰⵢⵍⵓ ⴽⵓⵍⵍⵓ
time = ⴰⴽⵓⴷ
authority = ⵜⴰⵎⵙⵙⵓⴳⵓⵔⵜ
verdict = ⵜⴰⵖⵜⴰⵙⵜ
counter-signature = ⴰⵙⴳⵎⴹ ⵅⴼ ⵓⵙⴳⵎⴹ ⴰⴷ
