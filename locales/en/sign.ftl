# The pages on which documents are signed: "Sign a file", and the window that shows what a website asks to sign.

product-name = Bitaqa
language = Language

sign-file-title = Sign a file
sign-file-lead = Choose files from this computer. They are signed with your card and stay on this computer: nothing is sent without asking you.
choose-files = Choose files
choose-files-drop = or drop them here

site-asks = This site asks:
site-not-verified = The name is not verified. Check the address.
site-title = { $count ->
    [one] Look at the document before you sign
   *[other] Look at the { $count } documents before you sign
}
site-lead = What you see here is what is signed. Next, a window of Bitaqa asks for your PIN.

documents = { $count ->
    [one] 1 document
   *[other] { $count } documents
}
seen = looked at
format = What is made
format-pades = A signature in each PDF
format-asic-e = One container with all files and one signature (ASiC-E)
format-cades = A signed file for each (CAdES)
format-xades = A signed XML file for each (XAdES)
format-jades = A signed JSON file for each (JAdES)
format-asic-s = A container for each (ASiC-S)
level = How long it can be checked
level-b-b = Signature (B-B)
level-b-t = With a time stamp (B-T)
level-b-lt = Long-term (B-LT)
level-b-lta = Long-term, with an archive time stamp (B-LTA)
visible = A signature that can be seen on the page
reason-field = Reason (shown in the signature)
image-field = Add an image (PNG or JPEG)
remove-image = Remove the image
image-unusable = This image cannot be used: it is neither PNG nor JPEG, or too large.
place-signature = Signature

# The site decided what is made.
made-pades = The site gets each PDF with your signature in it.
made-asic-e = The site gets one container with all documents and your signature.
made-other = The site gets signed files, with the documents in them or beside them.

# Before the reason that the site gives for the signature.
site-reason = The signature will state this reason, in the site’s words:
site-image = The signature will show an image from the site.

# What the signature shows on the page, before the name in the certificate, the date, and the reason.
shown-name = Signed by:
shown-date = Date:
shown-reason = Reason:
shown-reason-given = “{ $reason }”
# In place of the name, before the card was asked for its certificate.
shown-name-later = (the name in your certificate)

# Beside a document in the list of which a person should know something, and before the names of all of them.
caution = Caution
flagged = { $flagged ->
    [one] 1 of { $total } documents may show or do something other than what you see here:
   *[other] { $flagged } of { $total } documents may show or do something other than what you see here:
}

risk-java-script = This PDF has scripts, which can change what it shows.
risk-automatic-actions = This PDF does something by itself when it is opened, printed, closed or filled in.
risk-external-actions = This PDF has links or actions that open other files or addresses, start programs or send the form.
risk-external-content = Parts of this PDF are in other files, which are not signed.
risk-xfa = This PDF has an XFA form, which some programs show in place of its pages.
risk-optional-content = This PDF has layers that can be shown or hidden.
risk-viewer-made-appearances = Each program draws the fields of this PDF by itself. They may look different elsewhere.
risk-media = This PDF has sound, films or three-dimensional content, which programs show differently.
risk-trailing-bytes = Something stands behind the end of this PDF, which its pages do not show.
risk-embedded-files = This PDF has other files inside. They are signed, too.
risk-form-fields = This PDF has fields that can be filled in.
risk-unreadable = Bitaqa cannot read how this PDF is built: { $reason }

sign = Sign
cancel = Cancel
close = Close
try-again = Try again
sign-another = Sign another file

stage-receiving = The documents come from the site…
stage-inspecting = The documents are being inspected: { $signed } of { $total }
    .next = You can sign when all of them are.
stage-certificate = A window of Bitaqa asks about your certificate
    .next = It is a window of its own, on top of this one.
stage-preparing = The documents are being prepared…
stage-waiting-for-person = A window of Bitaqa asks for your PIN
    .next = It shows each document’s name and digest. It is a window of its own, on top of this one.
stage-signing = The card signs: { $signed } of { $total }
    .next = Leave the card in the reader.
stage-finishing = The signed files are made and checked…
stage-raising = Services are asked for what the signature lacks…

unsuited-title = Certificates that are not used
unsuited-key-usage = it is not for signing documents
unsuited-sign-in-key = its key is the one for signing in
unsuited-expired = it has expired, or is not valid yet
unsuited-key = its key is too weak, or of an unknown kind
unsuited-algorithm = card and certificate have no algorithm in common
unsuited-no-pin = no PIN protects its key in a way that Bitaqa knows
unsuited-not-wanted = the site asks for another kind of certificate
unsuited = { $name }: { $why }
which-certificate = Which certificate do you want to use?
certificate-number = Certificate { $number }
pin-each-time = Your card wants the PIN for each signature
pin-each-time-text = There are { $count } documents. You can type the PIN { $count } times, or sign once for all of them together.
answer-each = Type the PIN { $count } times
    .text = Each document is signed by itself.
answer-container = Sign once
    .text = All documents go into one container (ASiC-E), with one signature.

ask-services = Ask these services?
ask-services-text = { $whom }. They get digests and questions about certificates, never the documents. They learn this computer’s address and whose certificate it is.
answer-ask = Ask them
    .text = The signature gets what they answer.
answer-ask-nobody = Only sign ({ $level })
    .text = None of them is asked.

signed = { $count ->
    [one] The file is signed
   *[other] { $count } files are signed
}
signed-sent = The site has the signed documents. You can close this window.
signed-files = Signed files
signed-some = Some documents are signed, not all
level-b = The signature says when you signed by this computer’s clock. A time stamp, which proves the time, can be added later.
level-t = A time stamp proves when you signed.
level-missed = The signature is { $reached }, not { $wanted }.
missing-not-set-up = No time stamp service is set up on this computer, or its settings cannot be used.
missing-no-time-stamp = No time stamp came from: { $whom }
missing-no-answer = No answer came from: { $whom }
missing-not-allowed = Not asked, as you wished: { $whom }
missing-certificates = Nobody is known who says whether a certificate was revoked, or who issued it.
missing-revoked = A certificate of the signature, or of its time stamp, had been revoked. Who checks the file will not accept it.
missing-not-raised = What the services answered could not be added to the file.
level-later = The file is good as it is. The rest can be added later, with “Check a file”, or with the command “bitaqa extend”.
save = Save

nothing-asked = No site waits for this window. You can close it.
too-large = The files are too large: at most 1 GB each, 2 GB together.
too-many = At most 500 files at once.
