# The native window: texts in English.

product-name = Bitaqa
window-title = Bitaqa: sign in
who-asks = This site asks:
not-verified = The name is not verified. Check the address.
holder = Card of
discloses = The site will receive
field-name = Name
field-personal-number = Personal number
field-country = Country
field-organisation = Organisation
field-email = E-mail
field-issuer = Issued by

question-sign-in = Do you want to sign in with your card?

question-access-number = Which number is printed on your card?
    .advice = The card opens with the card access number: six digits on its front, often beside the letters CAN. It is not your PIN, and the site does not receive it.
access-number = Card access number
access-number-reader = It is the card in the reader { $reader }.
access-number-was-wrong = That number was wrong.
access-number-remembered-is-another = The number that is remembered is not for this card. Type the one printed on it.
access-number-tries-left = { $tries ->
    [0] No tries left
    [one] Last try: after a wrong number the card takes none any more
   *[other] { $tries } tries left
}

pin-authentication = PIN for signing in
pin-labelled = { $pin } ({ $label })
pin-prompt = { $pin }, { $length }
length-digits = { $count ->
    [one] { $count } digit
   *[other] { $count } digits
}
length-digits-between = { $min } to { $max } digits
length-characters = { $count ->
    [one] { $count } character
   *[other] { $count } characters
}
length-characters-between = { $min } to { $max } characters
tries-left = { $tries ->
    [0] No tries left
    [one] Last try: after a wrong PIN the card is blocked
   *[other] { $tries } tries left
}
pin-was-wrong = That PIN was wrong.
typed = { $count ->
    [0] Nothing typed
    [one] { $count } typed
   *[other] { $count } typed
}
typed-of = { $count } of { $total } typed
hint-digits-only = Only digits can be typed here.
hint-characters-only = Only Latin letters, digits and signs can be typed here.
hint-incomplete = The PIN has { $length }. Type all of it first.
hint-full = This PIN has no more places.
hint-number-incomplete = The number has { $length }. Type all of it first.
hint-number-full = This number has no more places.
hint-too-early = Wait a moment, then type: keys pressed before are not taken.
keypad = Keypad
keypad-show = Show the keypad
keypad-erase = Delete the last one

sign-in = Sign in
open-card = Open the card
cancel = Cancel
close = Close
progress = Working

waiting-service = The card service of this computer is not running
    .advice = Start the smart card service (pcscd). This window goes on by itself.
waiting-reader = No card reader is connected
    .advice = Connect a card reader. This window goes on by itself.
waiting-card = Put your card into the reader
    .advice = With the chip first. This window goes on by itself.
waiting-known-card = This card cannot be used for signing in
    .advice = Put your identity card into the reader.
waiting-numbered-card = This card does not open with a printed number
    .advice = It opens only with the lines of letters and digits on its back, which are not asked for here. Put in another card.
waiting-answering-card = The card does not answer
    .advice = Take it out, turn it so that the chip goes in first, and try again.
waiting-free-reader = Another program is using the reader
    .advice = Close the other program. This window goes on by itself.
waiting-same-card = The card was taken out
    .advice = Put the same card back into the reader.

reading = Reading the card…
    .advice = Leave it in the reader.
access-number-on-reader = Type the card access number on the card reader
    .advice = The reader opens the card itself. Type the six digits from the front of the card, often beside the letters CAN, on the reader’s own keypad and press its confirm key. It is not your PIN; neither this computer nor the site receives it.
pin-pad = Type the PIN on the card reader
    .advice = The reader has its own keypad. Type the PIN there and press its confirm key.
signing = Signing in…
    .advice = Leave the card in the reader.
done = You are signed in
    .advice = You can take your card out. This window closes by itself.

window-title-identity = Bitaqa: your identity
portal-asks = { $name } asks
portal-asks-through = { $name } asks, through { $platform }
portal-reads = Only { $name } can read what you send. { $platform } passes it on unread.
platform-reads = { $platform } reads what you send, gives { $name } what it asked for, and erases the rest.
verified = The name is verified.
test-portal = TEST: this request is only a trial. Its answer proves nothing.

question-consent = Do you want to show these data?
purpose = What for
group-identity = Identity data
group-photo = Photo
group-signature = Image of your signature
group-details = Further personal details
group-state = Details of the issuing state
group-other = Data group { $number }
group-required = Required
group-optional = Optional
group-asked = Asked for: { $claims }
group-comes-along = Comes along: { $claims }
group-age = Only an age is asked for, but it follows from the date of birth, which is sent.
group-locked = This group is required. Cancel if you do not want to show it.
groups-whole = Each group is signed as a whole, so all of it is sent.
recognisable = The proof that your card is genuine also lets portals recognise it again.
certificate-goes-along = The PIN is asked for before anything is sent. The card’s certificate goes along, with your name and number.
list-separator = { ", " }
claim-given-name = Given names
claim-family-name = Family name
claim-given-name-ar = Given names in Arabic
claim-family-name-ar = Family name in Arabic
claim-birthdate = Date of birth
claim-age-over = Whether you are over { $years }
claim-gender = Sex
claim-nationalities = Nationality
claim-personal-number = Personal number
claim-document-number = Document number
claim-date-of-expiry = Date of expiry
claim-photo = Photo
claim-signature-image = Image of your signature
claim-place-of-birth = Place of birth
claim-place-of-birth-ar = Place of birth in Arabic
claim-address = Address
claim-address-ar = Address in Arabic
claim-other-personal-details = Other personal details
claim-father-name = Father’s name
claim-father-name-ar = Father’s name in Arabic
claim-mother-name = Mother’s name
claim-mother-name-ar = Mother’s name in Arabic
access-number-where = The card opens with six digits on its front, often beside the letters CAN. They are not your PIN, and nobody else receives them.
mrz-where = The card opens with these three, as they are printed on it. Type 00 for a day or month that it does not give.
on-reader-next = The card reader asks for the card access number next, on its own keypad.
use-nothing = Open without typing anything
use-reader = Type it on the card reader instead
use-access-number = Use the card access number instead
use-mrz = Use document number and dates instead
remember = Remember this number on this computer
remember-as = Name for this number (optional)
remember-as-appeared = You can name this number in the next field.
date-prompt = { $date }: day, month, year
place-day = D
place-month = M
place-year = Y
mrz-was-wrong = The card does not open with that number and these dates.
hint-document-number-only = Only Latin letters and digits can be typed here.
hint-document-number-incomplete = Type the document number first.
hint-date-incomplete = A date has eight digits: day, month and year.
hint-no-date = There is no such date. Check day, month and year.
hint-field-full = There is no more place here.
hint-mrz-incomplete = Type document number and both dates first.
read-card = Read the card

question-release = This will be sent
    .advice = Nothing was sent yet.
sending = Sending…
    .advice = You can leave the card in the reader.
proving = The site is making sure that the card is genuine…
    .advice = Leave the card in the reader.
sent = It was sent
    .advice = You can take your card out. This window closes by itself.
photo-unreadable = Your photo is sent, but cannot be shown here.
signature-image-unreadable = The image of your signature is sent, but cannot be shown here.
issuer-signed = From the card: the site checks its issuer’s signature
unauthenticated = Without proof of origin: nobody can check these data.
send-to = Send to { $portal }
goes-to = It goes to { $portal }.
do-not-send = Do not send

question-confirm = Confirm with your PIN that the card is yours
confirm = Confirm and send
confirming = Confirming…
    .advice = Leave the card in the reader.

# The extension's own page "My card": the holder asks for what is on the own card.
window-title-my-card = Bitaqa: my card
own-page-asks = Your own browser asks, for its page “My card”
own-page-gets = Only that page in this browser receives the data.
own-page-purpose = To show you what is on your card
question-my-card = Do you want to see what is on your card?
shown-on-page = It is on the page “My card”
    .advice = You can take your card out. This window closes by itself.

# Documents.
window-title-signing = Bitaqa: sign documents
question-sign = Do you want to sign with your card?
documents = { $total ->
    [one] 1 document is signed
   *[other] { $total } documents are signed
}
document-of = Document { $number } of { $total }
documents-names = The names are the site’s words. The digests tell what is signed.
content-not-visible = This computer cannot see the content: the site gave only digests. Sign only if you know what they are of.
show-digests = Show whole digests
pin-signature = PIN for signing documents
sign = Sign
signing-documents = Signing…
    .advice = Leave the card in the reader.
signed = It is signed
    .advice = You can take your card out. This window closes by itself.
question-certificates = Does the site receive your certificate for signing documents?
    .advice = It learns what stands below. Nothing is signed, and no PIN is asked for.
    .main = Send the certificate
# The same where the person signs a file of their own, on the page "Sign a file".
question-own-certificates = May the page “Sign a file” use your certificate for signing documents?
    .advice = It goes into the signed file. Nothing is signed yet, and no PIN is asked for.
    .main = Use the certificate
own-signing-asks = Your own browser asks, for its page “Sign a file”
own-signing-gets = Only that page in this browser receives the signature.
discloses-in-file = The signed file will say
documents-own-names = The names are those of your files. The digests tell what is signed.
waiting-signing-card = This card cannot be used for signing documents
    .advice = Put a card with a certificate for signing into the reader.
