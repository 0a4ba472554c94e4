# The page "Check a file" of the browser extension: what the signatures of a file are worth.

product-name = Bitaqa
language = Language
check-title = Check a file
intro = See what the signatures in a file are worth: who signed, whether something was changed, and what is proven.
intro-privacy = The file stays on this computer. Nobody is asked anything before you allow it.
drop-hint = Drop a signed file here, or
open-file = Open a file
open-another = Open another file
kinds = PDF, signatures beside a file (.p7s, .p7m), containers (.asice, .asics, .scs), XML and JSON
checking = Checking…

# A verdict that rests on a trust pack marked test; the mark itself is TEST in every language.
test-verdict = It rests on trust that is only for tests, and proves nothing about a real person.
test-trust = For tests only, by the trust pack: { $packs }

authorities-title = Trusted authorities
authorities-hint = Add certificates (PEM or DER) that you got from somebody you trust; they count for this page only.
computer-packs = Trusted on this computer, by trust packs that its administrator installed:
computer-none = No trust pack on this computer names authorities for documents. Its administrator can install one: “bitaqa trust add”.
computer-fault = Which authorities this computer trusts is not known.
ask-fault = No service can be asked.
fault-again = Open the file again.
pack-names = { $signers ->
    [one] 1 authority of signers
   *[other] { $signers } authorities of signers
}, { $stamps ->
    [one] 1 of time stamps
   *[other] { $stamps } of time stamps
}, { $lists ->
    [one] 1 signer of trusted lists
   *[other] { $lists } signers of trusted lists
}
authorities-add = Add certificates
lists-title = Trusted lists
lists-hint = They say who is qualified. A list (XML) counts if one of these authorities or packs vouches for who signed it, or another list points to it.
lists-add = Add a trusted list
list-refused = Not used, because it does not verify: { $list }
beside-title = Documents beside the file
beside-hint = Where the signature is a file of its own, add the document that was signed.
beside-add = Add a document
beside-not-signed = None of these signatures is over: { $files }
take-out = Take out: { $file }

# The verdict on the whole file.
file-valid = Valid
file-undecided = Cannot be decided
file-invalid = Not valid
summary = { $count ->
    [one] 1 signature, judged on { $date } at { $time }
   *[other] { $count } signatures, judged on { $date } at { $time }
}
# The verdict on one signature, or time stamp.
signature-valid = valid
signature-undecided = cannot be decided
signature-invalid = not valid

failed-document-invalid = No signature that can be read is in this file
    .advice = If the signature is a file of its own, open that one, and add the document beside it.
failed-too-large = The file is too long
    .advice = A PDF may have any length, other files 512 MB.
failed-file-unreadable = The file cannot be read
    .advice = It was changed or moved since you chose it. Choose it again.
failed-internal = The file could not be checked
    .advice = This is a fault of Bitaqa, not of the file: it says nothing about the signature. Try again.
failed-certificates = No certificate that can be read is in: { $files }
    .advice = Take it out of the authorities below. Certificates are PEM or DER files.

signer-unknown = Signer not known
signed-by = Signed by
# The name is not proven: the signature is not valid, or cannot be decided.
name-in-certificate = Name in the certificate
number = Number
organisation = Organisation
country = Country
issuer = Certificate issued by
claimed-time = Time that the signer states
proven-time = Proven time
not-proven = none
moment = { $date } at { $time }
moment-latest = not later than { $date } at { $time }
format = Format and level

intact = Nothing of what was signed was changed
changed = What was signed was changed afterwards
not-of-this-key = The signature was not made with this certificate’s key
intact-unknown = Whether something was changed cannot be told
covers-whole = The signature covers the whole document
covers-earlier = The file was changed after this signature, which covers an earlier state of it
covers-parts = The signature covers only: { $parts }
covers-unknown = What the signature covers cannot be told
trusted-by-choice = Trusted because you chose it: { $authority }
trusted-by-pack = Trusted by the trust pack { $packs }: { $authority }
not-revoked = The certificate was not revoked
revoked = The certificate was revoked
revocation-unknown = Whether the certificate was revoked is not known
time-proven = A time stamp proves when it existed at the latest
time-stamp-not-accepted = Its time stamp proves nothing, as long as nobody vouches for it
time-claimed-only = No time stamp proves when it was made
qualification-qualified = Qualified signature, by a trusted list
qualification-advanced-with-qualified-certificate = Not a qualified signature; its certificate is qualified, by a trusted list
qualification-not-qualified = Not a qualified signature, by the trusted lists at hand
qualification-indeterminate = Whether it is a qualified signature is not known
remarks = Notes, in English

# Why a signature is not valid, or cannot be decided (EN 319 102-1), and what the person can do.
reason-format-failure = The signature, or a change after it, breaks the rules of its format.
    .advice = Do not rely on it. Ask the sender for the file as it was signed.
reason-hash-failure = The document is not the one that was signed: something was changed.
    .advice = Do not rely on it. Ask the sender for the file as it was signed.
reason-sig-crypto-failure = The signature was not made with the key of the certificate that is named.
    .advice = Do not rely on it, and not on the name in it.
reason-revoked = It was signed after the certificate had been revoked.
    .advice = Do not rely on it. Ask the signer for a new signature.
reason-expired = It was signed after the certificate had expired.
    .advice = Ask the signer for a new signature.
reason-not-yet-valid = It was signed before the certificate was valid.
    .advice = Ask the signer for a new signature.
reason-sig-constraints-failure = The signature lacks something that is demanded, or its certificate is not for documents.
    .advice = Ask the signer for a signature with a certificate for documents.
reason-chain-constraints-failure = An authority between the signer and the one you trust may not vouch for this.
    .advice = Ask the signer, or the authority that issued the certificate.
reason-certificate-chain-general-failure = The way from the signer to an authority could not be checked.
    .advice = Ask the authority that issued the certificate.
reason-crypto-constraints-failure = The signature, or a certificate, uses a method that is too weak.
    .advice = Ask the signer for a new signature.
reason-crypto-constraints-failure-no-poe = The method is too weak by now, and nothing proves that it was used while it was not.
    .advice = Ask the signer for a new signature.
reason-signature-policy-not-available = The signature follows rules of its own, which Bitaqa does not know.
    .advice = Ask the sender where it can be checked.
reason-timestamp-order-failure = Time stamps contradict the order in which they must have been made.
    .advice = Do not rely on it. Ask the sender for the file as it was signed.
reason-no-signing-certificate-found = The signer’s certificate is not in the file, or is not the one that was signed with.
    .advice = Ask the sender for a file with the certificate in it.
reason-no-certificate-chain-found = Bitaqa knows no authority that vouches for this signer.
    .advice = If somebody you trust gave you that authority’s certificate, add it.
reason-revoked-no-poe = The certificate is revoked, and nothing proves that the signature is older.
    .advice = Do not rely on it without another proof of when it was signed.
reason-revoked-ca-no-poe = An authority’s certificate is revoked, and nothing proves that the signature is older.
    .advice = Do not rely on it without another proof of when it was signed.
reason-out-of-bounds-no-poe = The certificate has expired, or is not valid yet, and nothing proves when it was signed.
    .advice = Ask the sender for a file with a time stamp.
reason-out-of-bounds-not-revoked = The certificate has expired since, and nothing proves that the signature is older.
    .advice = Ask the sender for a file with a time stamp.
reason-revocation-out-of-bounds-no-poe = Who says that the certificate was not revoked has expired since.
    .advice = Ask the sender for a file with a time stamp.
reason-no-poe = Nothing proves that the signature existed at the time in question.
    .advice = Ask the sender for a file with a time stamp.
reason-try-later = Whether the certificate was revoked is not known here.
    .advice = Ask the services below, if there are any, or ask the sender for a file that holds this information (level B-LT).
reason-signed-data-not-found = The document that was signed is not in this file.
    .advice = Add it to see whether it was changed.
reason-generic = It cannot be decided for another reason, which stands in the details.
    .advice = Ask the sender where it can be checked.

needs-title = Who would know more
needs-hint = With answers of these services more could be said. They get questions about certificates, never the file; they learn this computer’s address and whose certificate it is. None is asked before you allow it.
about-ocsp = whether a certificate was revoked
about-crl = which certificates were revoked
about-issuer-certificate = the certificate of an issuer
about-trusted-list = who is qualified
ask = Ask these services
ask-again = Ask again
ask-stop = Stop
asking = Asking { $host }…
asked = These services were asked: { $hosts }
no-answer = Nothing came from { $host }
save-report = Save the report (JSON)
save-report-xml = Save the report (XML)
not-saved = There is no report in XML. Check the file again.
saved = The report was given to the browser to save.

extend-title = Make the signature last
extend-hint = A time stamp proves when the signature existed at the latest; what is known about certificates goes into the file, so that it can still be checked when nobody can be asked any more. What was signed stays as it is.
extend-level = Level
extend-go = Extend
extending = The file is being extended…
extend-ask = The file gets what they answer.
extend-ask-nobody = Ask nobody
extend-failed = The file could not be extended. The file that you opened is as it was.
extend-nothing = Nothing was added: the file stays { $level }.
extend-done = The extended file is { $level }.
extend-later = The rest can be added when the services can be reached, here or with the command “bitaqa extend”.
extend-verdict = Checked again: { $verdict }.
extend-save = Save { $file }

details = Details for experts
technical-name = Name in the file
algorithm = Algorithm
fingerprint = SHA-256 of the certificate
judged-at = Judged as of
qualified-because = About “qualified”
steps = Steps of the check
step-format-checking = Rules of the format
step-identification-of-the-signing-certificate = The signer’s certificate is there
step-validation-context-initialization = Rules that the signature follows
step-time-stamp-validation = Time stamps
step-certificate-validation = Way to a trusted authority
step-cryptographic-verification = Nothing was changed
step-signature-acceptance-validation = What has to be signed beside the document
chain = Certificates, from the signer to the authority
certificate-valid = Valid
span = { $from } to { $to }
revocation = Revocation
revocation-is-anchor = trusted because you chose it
revocation-is-anchor-of-pack = trusted by a trust pack
revocation-is-good = not revoked
revocation-is-revoked = revoked
revocation-is-unknown = the issuer does not know this certificate
revocation-is-not-determined = not known
time-stamps = Time stamps
time-stamp-content = Of the content, before the signature
time-stamp-signature = Of the signature
time-stamp-archive = Of the whole file
time = Time
authority = Authority
verdict = Verdict
counter-signature = Signature over this signature
