# The example signature provider: its texts in English. Those that are not here are the example portal's.

provider-name = Example signature provider
provider-note = An example for developers. It forgets what you signed after 15 minutes.
provider-title = Sign with your national card
provider-intro = This site keeps these documents on its server and prepares your signature there. Read them here before you sign.
step-document = Read a document, then press its button. Bitaqa asks whether this site may see your certificate.
step-digest = Bitaqa shows the document’s name and digest, says that this computer cannot see the content, and asks for your PIN. Never type it on a web page.
signing-receives-what = your certificate, with your name in it, and your signature.
no-script = Signing needs JavaScript. Allow it for this site and reload the page.

document-read = Read { $name }
document-sign = Sign { $name } with my card
signed-by = Signed by { $name }
signed-save = Save { $name }
signed-beside = This file has the signature alone: keep it together with the document.
test-signed = This is a test card: nobody real has signed.
test-accepted = This site accepts test cards alone.

progress-certificate = Bitaqa asks whether this site may see your certificate…
progress-preparing = The site is preparing your signature…
progress-verifying = The site is making and checking the signed file…

error-certificate-unusable = This card has no certificate that can sign documents here.
    .remedy = Use another card.
error-portal-unreachable = The site does not answer.
    .remedy = Check your connection, then press the button again.

refused-preparation = The time for signing is over, or this signature was sent before.
    .remedy = Press the button again and type your PIN within five minutes.
refused-signature-invalid = The signature does not belong to this document and this certificate. No file was made.
    .remedy = Press the button again. If it happens again, tell the people who run this site.
refused-not-accepted = This site does not accept signatures of this card.
    .remedy = Use another card, or ask the people who run this site.
refused-certificate-not-for-documents = The certificate of this card is not for signing documents.
    .remedy = Use another card.
refused-other = This site could not make the signed file.
    .remedy = Press the button again. If it happens again, tell the people who run this site the code below.
