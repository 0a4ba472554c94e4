# The page "My card" of the browser extension: what is on the holder's own card.

my-card-title = My card
intro = See what is on your card: your data in both scripts, your photo, certificates, and how many PIN tries are left.
intro-privacy = Everything stays on this computer. This page forgets it when you close or clear it, and after five minutes at the latest.
read-my-card = Read my card
read-again = Read again
stop = Cancel
clear = Clear now
language = Language

stage-starting = Starting…
stage-queued = Another request comes first
stage-waiting-for-card = Put your card into the reader
stage-waiting-for-person = A window of Bitaqa asks you what is to be read
stage-reading = Reading the card…
cleared = Cleared: the page has forgotten your data
cleared-in-time = Five minutes are over: the page has forgotten your data
ready = This is on your card
read-at = Read on { $date } at { $time }

photo = Your photo
photo-unreadable = The photo cannot be shown.
signature-image = Image of your signature
signature-image-unreadable = The image of your signature cannot be shown.
section-data = Your data
section-certificates = Certificates
section-pins = PIN tries
section-authenticity = Is it genuine?
nothing-read = You chose that none of your data be read, or the card holds none.
no-certificates = The card gives none.
no-pins = The card gives no number.
group-unreadable = Something on the card cannot be read: { $group }
group-not-given = The card does not have, or does not give: { $group }

genuine = Signed by the issuing country ({ $country })
genuine-test = TEST: signed for tests only ({ $country }); it proves nothing
not-genuine = Do not trust it: the signature of the issuing country does not hold
not-genuine-code = Reason: { $code }
not-checked-no-authorities = Not checked: no country’s certificates are installed on this computer
not-checked-authority-unknown = Not checked: the certificates of the country that signed are not installed on this computer
# Of a card whose data nobody signed (the Bahraini cards before 2025); stands on the page and on every copy.
cannot-be-checked = These data cannot be checked: nobody signed them. The card could be a copy or made up, and no computer can tell
chip-proven = The chip is the original
chip-not-proven = The chip may be a copy: it did not prove that it is the original
chip-not-offered = The card has no way to prove that its chip is the original
chip-not-checked = Whether the chip is the original could not be checked

purpose-authentication = For signing in
purpose-signature = For signing documents
certificate-holder = Holder
certificate-number = Number
certificate-issuer = Issued by
certificate-valid = Valid
certificate-span = { $from } to { $to }
certificate-unreadable = This certificate cannot be read.
certificate-expired = expired
certificate-early = not valid yet
pin-tries = { $tries ->
    [0] blocked: no tries left
    [one] 1 try left
   *[other] { $tries } tries left
}
pin-tries-of = { $tries ->
    [0] blocked: no tries left
    [one] 1 try left of { $most }
   *[other] { $tries } tries left of { $most }
}
pin-unknown = the card does not say
pin-not-activated = not set yet
sex-female = female
sex-male = male

export-title = Save a copy
export-warning = The file holds your personal data, readable by whoever has it. Keep it safe.
export-data = Data and photo
export-certificates = Certificates
export-pins = PIN tries
export-nothing = Choose at least one part first.
save-pdf = Save as PDF
save-json = Save as JSON
saving = Making the file…
saved = The file was given to the browser to save.
not-saved = The file could not be made.
