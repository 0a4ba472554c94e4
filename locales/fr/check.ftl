# draft: no speaker has reviewed these sentences yet.
# The page "Check a file" of the browser extension: what the signatures of a file are worth.

product-name = Bitaqa
language = Langue
check-title = Vérifier un fichier
intro = Voyez ce que valent les signatures d’un fichier : qui a signé, si quelque chose a été modifié, et ce qui est prouvé.
intro-privacy = Le fichier reste sur cet ordinateur. Personne n’est interrogé sans votre accord.
drop-hint = Déposez ici un fichier signé, ou
open-file = Ouvrir un fichier
open-another = Ouvrir un autre fichier
kinds = PDF, signatures à côté d’un fichier (.p7s, .p7m), conteneurs (.asice, .asics, .scs), XML et JSON
checking = Vérification…

# A verdict that rests on a trust pack marked test; the mark itself is TEST in every language.
test-verdict = Ce résultat repose sur une confiance réservée aux essais, et ne prouve rien sur une personne réelle.
test-trust = Pour essais seulement, par le paquet de confiance : { $packs }

authorities-title = Autorités de confiance
authorities-hint = Ajoutez des certificats (PEM ou DER) reçus de quelqu’un de confiance ; ils ne valent que pour cette page.
computer-packs = Reconnues sur cet ordinateur, d’après les paquets de confiance que son administrateur a installés :
computer-none = Aucun paquet de confiance de cet ordinateur ne nomme d’autorité pour les documents. Son administrateur peut en installer un : « bitaqa trust add ».
computer-fault = On ne sait pas à quelles autorités cet ordinateur fait confiance.
ask-fault = Aucun service ne peut être interrogé.
fault-again = Ouvrez le fichier de nouveau.
pack-names = { $signers ->
    [one] 1 autorité de signataires
   *[other] { $signers } autorités de signataires
}, { $stamps ->
    [one] 1 d’horodatages
   *[other] { $stamps } d’horodatages
}, { $lists ->
    [one] 1 signataire de listes de confiance
   *[other] { $lists } signataires de listes de confiance
}
authorities-add = Ajouter des certificats
lists-title = Listes de confiance
lists-hint = Elles disent qui est qualifié. Une liste (XML) compte si l’une de ces autorités ou l’un de ces paquets répond de qui l’a signée, ou si une autre liste y renvoie.
lists-add = Ajouter une liste de confiance
list-refused = Non utilisée, car sa vérification échoue : { $list }
beside-title = Documents à côté du fichier
beside-hint = Si la signature est un fichier à part, ajoutez le document qui a été signé.
beside-add = Ajouter un document
beside-not-signed = Aucune de ces signatures ne porte sur : { $files }
take-out = Retirer : { $file }

# The verdict on the whole file.
file-valid = Valide
file-undecided = Impossible de se prononcer
file-invalid = Non valide
summary = { $count ->
    [one] 1 signature, jugée le { $date } à { $time }
   *[other] { $count } signatures, jugées le { $date } à { $time }
}
# The verdict on one signature, or time stamp.
signature-valid = valide
signature-undecided = impossible de se prononcer
signature-invalid = non valide

failed-document-invalid = Ce fichier ne contient aucune signature lisible
    .advice = Si la signature est un fichier à part, ouvrez celui-ci et ajoutez le document à côté.
failed-too-large = Le fichier est trop long
    .advice = Un PDF peut avoir n’importe quelle taille, les autres fichiers 512 Mo.
failed-file-unreadable = Le fichier ne peut pas être lu
    .advice = Il a été modifié ou déplacé depuis que vous l’avez choisi. Choisissez-le de nouveau.
failed-internal = Le fichier n’a pas pu être vérifié
    .advice = C’est un défaut de Bitaqa, non du fichier : cela ne dit rien de la signature. Réessayez.
failed-certificates = Aucun certificat lisible dans : { $files }
    .advice = Retirez-le des autorités ci-dessous. Les certificats sont des fichiers PEM ou DER.

signer-unknown = Signataire inconnu
signed-by = Signé par
# The name is not proven: the signature is not valid, or cannot be decided.
name-in-certificate = Nom dans le certificat
number = Numéro
organisation = Organisation
country = Pays
issuer = Certificat délivré par
claimed-time = Heure indiquée par le signataire
proven-time = Heure prouvée
not-proven = aucune
moment = { $date } à { $time }
moment-latest = au plus tard le { $date } à { $time }
format = Format et niveau

intact = Rien de ce qui a été signé n’a été modifié
changed = Ce qui a été signé a été modifié ensuite
not-of-this-key = La signature n’a pas été faite avec la clé de ce certificat
intact-unknown = On ne peut pas dire si quelque chose a été modifié
covers-whole = La signature porte sur tout le document
covers-earlier = Le fichier a été modifié après cette signature, qui porte sur un état antérieur
covers-parts = La signature porte seulement sur : { $parts }
covers-unknown = On ne peut pas dire sur quoi porte la signature
trusted-by-choice = Autorité de confiance, parce que vous l’avez choisie : { $authority }
trusted-by-pack = Autorité de confiance, d’après le paquet { $packs } : { $authority }
not-revoked = Le certificat n’était pas révoqué
revoked = Le certificat était révoqué
revocation-unknown = On ne sait pas si le certificat a été révoqué
time-proven = Un horodatage prouve quand elle existait au plus tard
time-stamp-not-accepted = Son horodatage ne prouve rien tant que personne ne s’en porte garant
time-claimed-only = Aucun horodatage ne prouve quand elle a été faite
qualification-qualified = Signature qualifiée, selon une liste de confiance
qualification-advanced-with-qualified-certificate = Signature non qualifiée ; son certificat est qualifié, selon une liste de confiance
qualification-not-qualified = Signature non qualifiée, d’après les listes de confiance disponibles
qualification-indeterminate = On ne sait pas si c’est une signature qualifiée
remarks = Remarques, en anglais

# Why a signature is not valid, or cannot be decided (EN 319 102-1), and what the person can do.
reason-format-failure = La signature, ou une modification ultérieure, enfreint les règles de son format.
    .advice = Ne vous y fiez pas. Demandez à l’expéditeur le fichier tel qu’il a été signé.
reason-hash-failure = Le document n’est pas celui qui a été signé : quelque chose a été modifié.
    .advice = Ne vous y fiez pas. Demandez à l’expéditeur le fichier tel qu’il a été signé.
reason-sig-crypto-failure = La signature n’a pas été faite avec la clé du certificat indiqué.
    .advice = Ne vous y fiez pas, ni au nom qui s’y trouve.
reason-revoked = Signé après la révocation du certificat.
    .advice = Ne vous y fiez pas. Demandez une nouvelle signature.
reason-expired = Signé après l’expiration du certificat.
    .advice = Demandez une nouvelle signature.
reason-not-yet-valid = Signé avant que le certificat soit valide.
    .advice = Demandez une nouvelle signature.
reason-sig-constraints-failure = Il manque à la signature quelque chose d’exigé, ou son certificat n’est pas fait pour des documents.
    .advice = Demandez une signature avec un certificat pour documents.
reason-chain-constraints-failure = Une autorité entre le signataire et celle de votre confiance n’a pas le droit de s’en porter garante.
    .advice = Demandez au signataire, ou à l’autorité qui a délivré le certificat.
reason-certificate-chain-general-failure = Le chemin du signataire à une autorité n’a pas pu être vérifié.
    .advice = Demandez à l’autorité qui a délivré le certificat.
reason-crypto-constraints-failure = La signature, ou un certificat, emploie une méthode trop faible.
    .advice = Demandez une nouvelle signature.
reason-crypto-constraints-failure-no-poe = La méthode est devenue trop faible, et rien ne prouve qu’elle a été employée avant.
    .advice = Demandez une nouvelle signature.
reason-signature-policy-not-available = La signature suit des règles propres, que Bitaqa ne connaît pas.
    .advice = Demandez à l’expéditeur où la vérifier.
reason-timestamp-order-failure = Des horodatages contredisent l’ordre dans lequel ils ont dû être faits.
    .advice = Ne vous y fiez pas. Demandez à l’expéditeur le fichier tel qu’il a été signé.
reason-no-signing-certificate-found = Le certificat du signataire n’est pas dans le fichier, ou n’est pas celui de la signature.
    .advice = Demandez à l’expéditeur un fichier qui contient le certificat.
reason-no-certificate-chain-found = Bitaqa ne connaît aucune autorité qui se porte garante de ce signataire.
    .advice = Si quelqu’un de confiance vous a donné le certificat de cette autorité, ajoutez-le.
reason-revoked-no-poe = Le certificat est révoqué, et rien ne prouve que la signature est plus ancienne.
    .advice = Ne vous y fiez pas sans autre preuve du moment de la signature.
reason-revoked-ca-no-poe = Le certificat d’une autorité est révoqué, et rien ne prouve que la signature est plus ancienne.
    .advice = Ne vous y fiez pas sans autre preuve du moment de la signature.
reason-out-of-bounds-no-poe = Le certificat a expiré, ou n’est pas encore valide, et rien ne prouve quand il a servi.
    .advice = Demandez à l’expéditeur un fichier horodaté.
reason-out-of-bounds-not-revoked = Le certificat a expiré depuis, et rien ne prouve que la signature est plus ancienne.
    .advice = Demandez à l’expéditeur un fichier horodaté.
reason-revocation-out-of-bounds-no-poe = Le certificat de qui affirme la non-révocation a expiré depuis.
    .advice = Demandez à l’expéditeur un fichier horodaté.
reason-no-poe = Rien ne prouve que la signature existait au moment en question.
    .advice = Demandez à l’expéditeur un fichier horodaté.
reason-try-later = On ne sait pas ici si le certificat a été révoqué.
    .advice = Interrogez les services ci-dessous, s’il y en a, ou demandez à l’expéditeur un fichier qui contient cette information (niveau B-LT).
reason-signed-data-not-found = Le document signé n’est pas dans ce fichier.
    .advice = Ajoutez-le pour savoir s’il a été modifié.
reason-generic = Impossible de se prononcer pour une autre raison, qui figure dans les détails.
    .advice = Demandez à l’expéditeur où la vérifier.

needs-title = Qui en saurait plus
needs-hint = Les réponses de ces services permettraient d’en dire plus. Ils reçoivent des questions sur des certificats, jamais le fichier ; ils apprennent l’adresse de cet ordinateur et à qui est le certificat. Aucun n’est interrogé sans votre accord.
about-ocsp = si un certificat a été révoqué
about-crl = quels certificats ont été révoqués
about-issuer-certificate = le certificat d’un émetteur
about-trusted-list = qui est qualifié
ask = Interroger ces services
ask-again = Interroger de nouveau
ask-stop = Arrêter
asking = { $host } est interrogé…
asked = Ces services ont été interrogés : { $hosts }
no-answer = Rien n’est venu de { $host }
save-report = Enregistrer le rapport (JSON)
save-report-xml = Enregistrer le rapport (XML)
not-saved = Il n’y a pas de rapport en XML. Vérifiez le fichier de nouveau.
saved = Le rapport a été remis au navigateur pour être enregistré.

extend-title = Faire durer la signature
extend-hint = Un horodatage prouve quand la signature existait au plus tard ; ce qu’on sait des certificats entre dans le fichier, pour qu’il puisse encore être vérifié quand plus personne ne répondra. Ce qui a été signé reste tel quel.
extend-level = Niveau
extend-go = Prolonger
extending = Le fichier est en cours de prolongation…
extend-ask = Le fichier reçoit ce qu’ils répondent.
extend-ask-nobody = N’interroger personne
extend-failed = Le fichier n’a pas pu être prolongé. Celui que vous avez ouvert est resté tel quel.
extend-nothing = Rien n’a été ajouté : le fichier reste { $level }.
extend-done = Le fichier prolongé est { $level }.
extend-later = Le reste peut être ajouté quand les services répondront, ici ou avec la commande « bitaqa extend ».
extend-verdict = Vérifié de nouveau : { $verdict }.
extend-save = Enregistrer { $file }

details = Détails pour spécialistes
technical-name = Nom dans le fichier
algorithm = Algorithme
fingerprint = SHA-256 du certificat
judged-at = Jugée à la date du
qualified-because = À propos de « qualifiée »
steps = Étapes de la vérification
step-format-checking = Règles du format
step-identification-of-the-signing-certificate = Le certificat du signataire est là
step-validation-context-initialization = Règles que suit la signature
step-time-stamp-validation = Horodatages
step-certificate-validation = Chemin vers une autorité de confiance
step-cryptographic-verification = Rien n’a été modifié
step-signature-acceptance-validation = Ce qui doit être signé avec le document
chain = Certificats, du signataire à l’autorité
certificate-valid = Validité
span = du { $from } au { $to }
revocation = Révocation
revocation-is-anchor = de confiance parce que vous l’avez choisi
revocation-is-anchor-of-pack = reconnu par un paquet de confiance
revocation-is-good = non révoqué
revocation-is-revoked = révoqué
revocation-is-unknown = l’émetteur ne connaît pas ce certificat
revocation-is-not-determined = inconnue
time-stamps = Horodatages
time-stamp-content = Du contenu, avant la signature
time-stamp-signature = De la signature
time-stamp-archive = De tout le fichier
time = Heure
authority = Autorité
verdict = Résultat
counter-signature = Signature sur cette signature
