# The example portal: texts in English.

portal-name = Example portal
portal-note = An example for developers. It keeps nothing after you sign out.
skip = Skip to the content
language = Language

sign-in-title = Sign in with your national card
sign-in-intro = No password: your card shows who you are, and your PIN shows that the card is in your hands.
step-card = Connect your card reader and put your card into it.
step-button = Press the button below. A window of Bitaqa opens.
step-pin = Check the address in that window and type your PIN there. Never type it on a web page.
receives = This site will receive:
receives-what = your name, your personal number and the certificate of your card.
sign-in = Sign in with my card
cancel = Cancel
check = Is everything in place on this computer?
no-script = Signing in needs JavaScript. Allow it for this site and reload the page.
no-sdk = The module @bitaqa/web is missing: start the portal with --sdk.

identity-title = Say who you are
identity-intro = Your card’s chip tells this site your name and whether you are 18 or older. A window of Bitaqa shows what is sent before it is sent. No PIN is needed, so this does not show that the card is yours.
identity-receives-what = your name and all that stands in the same part of the chip: date of birth, sex, nationality, and the numbers and last day of your card.
identify = Say who I am
identified-title = You said who you are
identified-name = Name
identified-over-18 = 18 or older?
identified-chip = Chip is no copy?
identified-in-use = Card still in use?
identity-forget = Forget this
yes = yes
no = no

progress-starting = Asking Bitaqa…
progress-queued = Another request on this computer comes first…
progress-waiting-for-card = Put your card into the reader…
progress-reading = Reading the card…
progress-waiting-for-person = Go on in the Bitaqa window…
progress-signing = The card is answering…
progress-sending = Sending what you agreed to…
progress-verifying = The portal is checking the answer…
check-running = Looking…
check-ready = Everything is in place.

error-extension-not-reachable = Bitaqa does not answer in this browser.
    .remedy = Install the Bitaqa extension, or allow it on this site, then reload the page.
error-gesture-missing = This needs a click from you.
    .remedy = Press the button again.
error-request-aborted = You cancelled. Nothing was sent.
    .remedy = Press the button when you want to start again.
error-portal-unreachable = The portal does not answer.
    .remedy = Check your connection, then press the button again.

refused-challenge = The time for signing in is over.
    .remedy = Press the button again and type your PIN within five minutes.
refused-signature = The answer of the card does not belong to this request.
    .remedy = Press the button again. If it happens again, tell the people who run this portal.
refused-certificate = The certificate of this card is not valid any more, or not yet.
    .remedy = Ask the office that gave you the card for a new one.
refused-issuer = This portal does not accept cards of this kind.
    .remedy = Use another card, or ask the people who run this portal.
refused-request = The time for this request is over, or the answer belongs to another one.
    .remedy = Press the button again and finish within five minutes.
refused-document = This portal does not accept this card: it is withdrawn or expired, or its country is not known here.
    .remedy = Use another card, or ask the people who run this portal.
refused-chip = The chip of this card did not prove that it is no copy.
    .remedy = Press the button again and leave the card in the reader until the end.
refused-other = The portal could not accept the answer of the card.
    .remedy = Press the button again. If it happens again, tell the people who run this portal the code below.

signed-in-title = You are signed in
number = Personal number
issuer = Issued by
level = Level of assurance
level-none = none stated
level-low = low
level-substantial = substantial
level-high = high
valid-until = Certificate valid until
revocation = Certificate withdrawn?
revocation-good = no
revocation-unchecked = not checked
sign-out = Sign out

test-banner = This is a test card: nobody real has signed in.
test-document = This is a test card: the person does not exist.
test-accepted = This portal also accepts test cards.
