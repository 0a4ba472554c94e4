# draft: no speaker has reviewed these sentences yet.
# The page "My card" of the browser extension: what is on the holder's own card.

my-card-title = ⵜⴰⴽⴰⵕⴹⴰ ⵉⵏⵓ
intro = ⵥⵔ ⴰⵢⵏⵏⴰ ⵉⵍⵍⴰⵏ ⵖ ⵜⴽⴰⵕⴹⴰ ⵏⵏⴽ: ⵉⵙⴼⴽⴰ ⵏⵏⴽ ⵙ ⵙⵉⵏ ⵉⴳⵎⵎⴰⵢⵏ, ⵜⴰⵡⵍⴰⴼⵜ ⵏⵏⴽ, ⵉⵙⵍⴽⵉⵏⵏ ⴷ ⵓⵟⵟⵓⵏ ⵏ ⵢⵉⵔⵎⵏ ⵏ PIN ⵉⵇⵇⵉⵎⵏ.
intro-privacy = ⴽⵓⵍⵍⵓ ⴰⵔ ⵉⵜⵖⵉⵎⵉ ⵖ ⵓⵎⵙⵙⵓⴷⵙ ⴰⴷ. ⴰⵔ ⵜⵜⵜⵓ ⵜⴰⵙⵏⴰ ⴰⴷ ⴽⵓⵍⵍⵓ ⵎⴽ ⵜⵜ ⵜⵔⴳⵍⴷ ⵏⵖ ⵜⵙⴼⴹⴷ, ⴷ ⴷⴼⴼⵉⵔ ⵙⵎⵎⵓⵙⵜ ⵜⵓⵙⴷⵉⴷⵉⵏ.
read-my-card = ⵖⵔ ⵜⴰⴽⴰⵕⴹⴰ ⵉⵏⵓ
read-again = ⵖⵔ ⴷⴰⵖ
stop = ⵙⵔ
clear = ⵙⴼⴹ ⴷⵖⵉ
language = ⵜⵓⵜⵍⴰⵢⵜ

stage-starting = ⴰⵔ ⵉⵜⵜⵙⵙⵏⵜⵉ…
stage-queued = ⵢⴰⵏ ⵓⵙⵓⵜⵔ ⵢⴰⴹⵏⵉ ⵉⵣⵡⴰⵔ
stage-waiting-for-card = ⵙⵙⴽⵛⵎ ⵜⴰⴽⴰⵕⴹⴰ ⵏⵏⴽ ⵖ ⵓⵎⵖⵔⵉ
stage-waiting-for-person = ⵉⵙⵇⵙⴰ ⴽ ⵓⵙⴰⵔⴰⴳ ⵏ ⴱⵉⵟⴰⵇⴰ ⵎⴰⴷ ⵔⴰⴷ ⵉⵜⵜⵡⴰⵖⵔ
stage-reading = ⴰⵔ ⵉⵜⵜⵡⴰⵖⵔⴰ…
cleared = ⵉⵙⴼⴹ: ⵜⵜⵓ ⵜⴰⵙⵏⴰ ⵉⵙⴼⴽⴰ ⵏⵏⴽ
cleared-in-time = ⵣⵔⵉⵏⵜ ⵙⵎⵎⵓⵙⵜ ⵜⵓⵙⴷⵉⴷⵉⵏ: ⵜⵜⵓ ⵜⴰⵙⵏⴰ ⵉⵙⴼⴽⴰ ⵏⵏⴽ
ready = ⴰⵢⴰⴷ ⵉⵍⵍⴰ ⵖ ⵜⴽⴰⵕⴹⴰ ⵏⵏⴽ
read-at = ⵜⵜⵡⴰⵖⵔ ⴰⵙⵙ ⵏ { $date } ⵖ { $time }

photo = ⵜⴰⵡⵍⴰⴼⵜ ⵏⵏⴽ
photo-unreadable = ⵓⵔ ⵜⵖⵉⵢ ⵜⴰⵡⵍⴰⴼⵜ ⴰⴷ ⵜⵜⵢⵉⵥⵔ.
signature-image = ⵜⴰⵡⵍⴰⴼⵜ ⵏ ⵓⵙⴳⵎⴹ ⵏⵏⴽ
signature-image-unreadable = ⵓⵔ ⵜⵖⵉⵢ ⵜⴰⵡⵍⴰⴼⵜ ⵏ ⵓⵙⴳⵎⴹ ⵏⵏⴽ ⴰⴷ ⵜⵜⵢⵉⵥⵔ.
section-data = ⵉⵙⴼⴽⴰ ⵏⵏⴽ
section-certificates = ⵉⵙⵍⴽⵉⵏⵏ
section-pins = ⵉⵔⵎⵏ ⵏ PIN
section-authenticity = ⵉⵙ ⵜⴳⴰ ⵜⴰⵥⵓⵕⴰⵏⵜ?
nothing-read = ⵜⵙⵜⵉⴷ ⴰⴷ ⵓⵔ ⵉⵜⵜⵡⴰⵖⵔ ⴰⵎⵢⴰ, ⵏⵖ ⵓⵔ ⵍⵍⵉⵏ ⵉⵙⴼⴽⴰ ⵖ ⵜⴽⴰⵕⴹⴰ.
no-certificates = ⵓⵔ ⴰ ⵜⴰⴽⴽⴰ ⵜⴽⴰⵕⴹⴰ ⴰⵎⵢⴰ.
no-pins = ⵓⵔ ⴰ ⵜⴰⴽⴽⴰ ⵜⴽⴰⵕⴹⴰ ⴰⵟⵟⵓⵏ.
group-unreadable = ⵉⵍⵍⴰ ⴽⵔⴰ ⵓⵔ ⵉⵖⵉⵢⵏ ⴰⴷ ⵉⵜⵜⵡⴰⵖⵔ: { $group }
group-not-given = ⵓⵔ ⵉⵍⵍⵉ ⵖ ⵜⴽⴰⵕⴹⴰ, ⵏⵖ ⵓⵔ ⵜ ⵜⴰⴽⴽⴰ: { $group }

genuine = ⵉⵙⴳⵎⴹ ⵜⵜ ⵓⵎⴰⵣⵉⵔ ({ $country })
genuine-test = TEST: ⵜⵜⵓⵙⴳⵎⴹ ⵉ ⵢⵉⵔⵎ ⵖⴰⵙ ({ $country }), ⵓⵔ ⴰ ⵜⵙⵎⴰⵍⴰ ⴰⵎⵢⴰ
not-genuine = ⴰⴷ ⴰⵙ ⵓⵔ ⵜⴰⵎⵏⴷ: ⴰⵙⴳⵎⴹ ⵏ ⵜⵎⵓⵔⵜ ⵓⵔ ⵉⵖⵣⵉⵏ
not-genuine-code = ⴰⵎⵏⵜⵉⵍ: { $code }
not-checked-no-authorities = ⵓⵔ ⵉⵜⵜⵓⵙⵙⵉⵔⵎ: ⵓⵔ ⵍⵍⵉⵏ ⵉⵙⵍⴽⵉⵏⵏ ⵏ ⵜⵎⵉⵣⴰⵔ ⵖ ⵓⵎⵙⵙⵓⴷⵙ ⴰⴷ
not-checked-authority-unknown = ⵓⵔ ⵉⵜⵜⵓⵙⵙⵉⵔⵎ: ⵓⵔ ⵍⵍⵉⵏ ⵉⵙⵍⴽⵉⵏⵏ ⵏ ⵜⵎⵓⵔⵜ ⵉⵙⴳⵎⴹⵏ ⵖ ⵓⵎⵙⵙⵓⴷⵙ ⴰⴷ
# Of a card whose data nobody signed (the Bahraini cards before 2025); stands on the page and on every copy.
cannot-be-checked = ⵓⵔ ⵖⵉⵢⵏ ⵉⵙⴼⴽⴰ ⴰⴷ ⴰⴷ ⵜⵜⵓⵙⵙⵉⵔⵎⵏ: ⵓⵔ ⵜⵏ ⵉⵙⴳⵎⴹ ⴰⵡⴷ ⵢⴰⵏ. ⵉⵖⵉ ⴰⴷ ⵜⴳ ⵜⴽⴰⵕⴹⴰ ⵜⴰⵏⵖⵍⵜ, ⵓⵔ ⵉⵖⵉⵢ ⴰⵡⴷ ⵢⴰⵏ ⵓⵎⵙⵙⵓⴷⵙ ⴰⴷ ⵜ ⵉⵙⵙⵏ
chip-proven = ⵜⴰⵛⵕⵉⵃⵜ ⵜⴳⴰ ⵜⴰⵥⵓⵕⴰⵏⵜ
chip-not-proven = ⵉⵖⵉ ⴰⴷ ⵜⴳ ⵜⵛⵕⵉⵃⵜ ⵜⴰⵏⵖⵍⵜ: ⵓⵔ ⵜⵙⵎⴰⵍ ⵎⴰⵙ ⵜⴳⴰ ⵜⴰⵥⵓⵕⴰⵏⵜ
chip-not-offered = ⵓⵔ ⵖⵓⵔ ⵜⴽⴰⵕⴹⴰ ⵎⴰⵙ ⵔⴰⴷ ⵜⵙⵎⴰⵍ ⵎⴰⵙ ⵜⴳⴰ ⵜⴰⵥⵓⵕⴰⵏⵜ
chip-not-checked = ⵓⵔ ⵉⵖⵉⵢ ⴰⴷ ⵉⵜⵜⵓⵙⵙⵉⵔⵎ ⵉⵙ ⵜⴳⴰ ⵜⴰⵥⵓⵕⴰⵏⵜ

purpose-authentication = ⵉ ⵓⴽⵛⵛⵓⵎ
purpose-signature = ⵉ ⵓⵙⴳⵎⴹ ⵏ ⵉⵔⵔⴰⵜⵏ
certificate-holder = ⴱⴰⴱ ⵏⵏⵙ
certificate-number = ⵓⵟⵟⵓⵏ
certificate-issuer = ⵉⴼⴽⴰ ⵜ
certificate-valid = ⵜⴰⵖⵣⵉⵏⵜ
certificate-span = ⵙⴳ { $from } ⴰⵔ { $to }
certificate-unreadable = ⵓⵔ ⵉⵖⵉⵢ ⵓⵙⵍⴽⵉⵏ ⴰⴷ ⴰⴷ ⵉⵜⵜⵡⴰⵖⵔ.
certificate-expired = ⵉⵣⵔⵉ ⵡⴰⴽⵓⴷ ⵏⵏⵙ
certificate-early = ⵓⵔ ⵜⴰ ⵉⵍⴽⵉⵎ ⵡⴰⴽⵓⴷ ⵏⵏⵙ
pin-tries = { $tries ->
    [0] ⵉⵇⵇⵏ: ⵓⵔ ⵉⵇⵇⵉⵎ ⴽⵔⴰ ⵏ ⵢⵉⵔⵎ
    [one] ⵉⵇⵇⵉⵎ 1 ⵏ ⵢⵉⵔⵎ
   *[other] ⵇⵇⵉⵎⵏ { $tries } ⵏ ⵢⵉⵔⵎⵏ
}
pin-tries-of = { $tries ->
    [0] ⵉⵇⵇⵏ: ⵓⵔ ⵉⵇⵇⵉⵎ ⴽⵔⴰ ⵏ ⵢⵉⵔⵎ
    [one] ⵉⵇⵇⵉⵎ 1 ⵏ ⵢⵉⵔⵎ ⵙⴳ { $most }
   *[other] ⵇⵇⵉⵎⵏ { $tries } ⵏ ⵢⵉⵔⵎⵏ ⵙⴳ { $most }
}
pin-unknown = ⵓⵔ ⵜ ⵜⵏⵏⵉ ⵜⴽⴰⵕⴹⴰ
pin-not-activated = ⵓⵔ ⵜⴰ ⵉⵜⵜⵓⵙⵜⵉ
sex-female = ⵜⴰⵡⵜⵎⵜ
sex-male = ⴰⵡⵜⵎ

export-title = ⵃⴹⵓ ⵢⴰⵜ ⵜⵏⵖⵉⵍⵜ
export-warning = ⵖ ⵓⴼⴰⵢⵍⵓ ⵍⵍⴰⵏ ⵉⵙⴼⴽⴰ ⵏⵏⴽ, ⴰⵔ ⵜⵏ ⵉⵇⵇⵔⴰ ⵡⴰⵏⵏⴰ ⵜ ⵉⵟⵟⴼⵏ. ⵃⴹⵓ ⵜ.
export-data = ⵉⵙⴼⴽⴰ ⴷ ⵜⵡⵍⴰⴼⵜ
export-certificates = ⵉⵙⵍⴽⵉⵏⵏ
export-pins = ⵉⵔⵎⵏ ⵏ PIN
export-nothing = ⵙⵜⵉ ⵢⵓⵡⵜ ⵜⴳⵣⵎⵜ ⵖ ⵜⴰⵣⵡⵡⴰⵔⴰ.
save-pdf = ⵃⴹⵓ ⵙ PDF
save-json = ⵃⴹⵓ ⵙ JSON
saving = ⴰⵔ ⵉⵜⵜⵓⵙⴽⴰⵔ ⵓⴼⴰⵢⵍⵓ…
saved = ⵉⵜⵜⵓⴼⴽⴰ ⵓⴼⴰⵢⵍⵓ ⵉ ⵓⵎⵙⵙⴰⵔⴰ.
not-saved = ⵓⵔ ⵉⵖⵉⵢ ⵓⴼⴰⵢⵍⵓ ⴰⴷ ⵉⵜⵜⵓⵙⴽⴰⵔ.
