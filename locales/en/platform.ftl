# The trust platform: texts in English.

platform-name = National trust platform
platform-note = Type your PIN in the Bitaqa window only.
skip = Skip to the content
language = Language
sandbox = This platform is for tests: it takes test cards only, and nobody real signs in here.

sign-in-title = Sign in with your national card
step-card = Connect your card reader and put your card into it.
step-button = Press the button below. A window of Bitaqa opens.
step-pin = Check the address in that window and type your PIN there. Never type it on a web page.
with-pin = With your PIN
without-pin = Without a PIN
step-show = Press “Agree and go on without a PIN”. A window of Bitaqa opens.
step-number = Check the address in that window and type the number there that is printed on your card. It shows you what will be sent to this platform.
receives = This site will receive:
claim-subject = a number by which it recognises you, and which no other site knows
claim-name = your full name
claim-given-name = your given names
claim-family-name = your family name
claim-personal-number = your personal number as it stands in your card’s certificate
claim-verified = how these were verified: who issued your card, and what kind it is
claim-offline = and it may ask for these again for 30 days while you are away
purpose = Purpose:
sign-in = Agree and sign in with my card
show-card = Agree and go on without a PIN
stop = Stop
cancel = Cancel and go back to the site
no-script = Signing in needs JavaScript. Allow it for this site and reload the page.

agree-title = Send your data to this site?
agree-signed-in = You are signed in as
show-more = What you ask for needs you to show your card again.
agree = Agree and go on
other-card = Use another card

for-service = Service:
services-title = Services
services-text = What you can do with your card, and the level that each service needs.
services-none = There are no services yet.
services-level = Level:
level-none = none
level-low = low
level-substantial = substantial
level-high = high

back-title = Back to the site
back = Go on

refusal-title = This request cannot be answered
refusal-text = The site that you came from sent a request that the platform does not take. Nothing was sent to it. Go back there and try again.
for-developers = For the people who run the site:
ended-title = This request has ended
ended-text = Its time is over, it was answered, or it began in another browser. Go back to the site and start again.
sign-out-title = Do you want to sign out?
sign-out-text = Your session at the trust platform ends in this browser.
sign-out = Sign out
signed-out-title = You are signed out
signed-out-text = Your session in this browser has ended. Sites that you used may keep you signed in.

progress-starting = Asking Bitaqa…
progress-queued = Another request on this computer comes first…
progress-waiting-for-card = Put your card into the reader…
progress-reading = Reading the card…
progress-waiting-for-person = Go on in the Bitaqa window…
progress-signing = The card is answering…
progress-sending = Sending what you agreed to…
progress-verifying = The platform is checking the answer…

error-extension-not-reachable = Bitaqa does not answer in this browser.
    .remedy = Install the Bitaqa extension, or allow it on this site, then reload the page.
error-gesture-missing = This needs a click from you.
    .remedy = Press the button again.
error-request-aborted = You cancelled. Nothing was sent.
    .remedy = Press the button when you want to start again.
error-platform-unreachable = The platform does not answer.
    .remedy = Check your connection, then press the button again.

refused-challenge = The time for signing in is over.
    .remedy = Press the button again and type your PIN within five minutes.
refused-signature = The answer of the card does not belong to this request.
    .remedy = Press the button again. If it happens again, tell the people who run this platform.
refused-certificate = The certificate of this card is not valid any more, or not yet.
    .remedy = Ask the office that gave you the card for a new one.
refused-issuer = This platform does not accept cards of this kind.
    .remedy = Use another card, or ask the people who run this platform.
refused-request = The time for this request is over, or the answer belongs to another one.
    .remedy = Press the button again and finish within five minutes.
refused-document = This platform does not accept this card: it is withdrawn or expired, or its country is not known here.
    .remedy = Use another card, or ask the people who run this platform.
refused-chip = The chip of this card did not prove that it is no copy.
    .remedy = Press the button again and leave the card in the reader until the end.
refused-other = The platform could not accept the answer of the card.
    .remedy = Press the button again. If it happens again, tell the people who run this platform the code below.
refused-ended = This request has ended.
    .remedy = Go back to the site that you came from and start again.

register-title = Register a test portal
register-text = This is a sandbox: only test cards sign in here. Your registration counts at once and ends after 30 days.
register-fault = This cannot be registered:
register-name = Name that people see
register-contact = E-mail address
register-redirect-uris = Redirect addresses, one on each line
register-redirect-uris-note = https, or http on your own computer (http://localhost:3000/callback)
register-keys = Public keys (JSON Web Key Set), for private_key_jwt
register-keys-note = Leave it empty for an application that keeps no secret. Never paste a private key.
register-go = Register
registered-title = The test portal is registered
registered-text = Keep the name: nobody shows it to you again.
registered-id = client_id
registered-discovery = Discovery
registered-authentication = Authentication
registered-end = Ends
