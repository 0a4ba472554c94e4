# The native window: texts in French.
#
# draft: no speaker has reviewed these texts yet.

product-name = Bitaqa
window-title = Bitaqa : connexion
who-asks = Ce site demande :
not-verified = Nom non vérifié. Contrôlez l’adresse.
holder = Carte de
discloses = Le site recevra
field-name = Nom
field-personal-number = Numéro personnel
field-country = Pays
field-organisation = Organisme
field-email = Courriel
field-issuer = Délivré par

question-sign-in = Se connecter avec votre carte ?

question-access-number = Quel numéro est imprimé sur votre carte ?
    .advice = La carte s’ouvre avec le numéro d’accès à la carte : six chiffres au recto, souvent à côté des lettres CAN. Ce n’est pas votre code PIN, et le site ne le reçoit pas.
access-number = Numéro d’accès à la carte
access-number-reader = C’est la carte dans le lecteur { $reader }.
access-number-was-wrong = Ce numéro est faux.
access-number-remembered-is-another = Le numéro retenu n’est pas pour cette carte. Saisissez celui qui y est imprimé.
access-number-tries-left = { $tries ->
    [0] Plus aucun essai
    [one] Dernier essai : après un numéro faux, la carte n’en accepte plus
   *[other] { $tries } essais restants
}

pin-authentication = Code PIN de connexion
pin-labelled = { $pin } ({ $label })
pin-prompt = { $pin }, { $length }
length-digits = { $count ->
    [one] { $count } chiffre
   *[other] { $count } chiffres
}
length-digits-between = { $min } à { $max } chiffres
length-characters = { $count ->
    [one] { $count } caractère
   *[other] { $count } caractères
}
length-characters-between = { $min } à { $max } caractères
tries-left = { $tries ->
    [0] Plus aucun essai
    [one] Dernier essai : un code faux bloque la carte
   *[other] { $tries } essais restants
}
pin-was-wrong = Ce code PIN est faux.
typed = { $count ->
    [0] Rien de saisi
    [one] { $count } saisi
   *[other] { $count } saisis
}
typed-of = { $count } sur { $total } saisis
hint-digits-only = Ici, seulement des chiffres.
hint-characters-only = Ici, seulement des lettres latines, des chiffres et des signes.
hint-incomplete = Le code a { $length }. Saisissez-le d’abord en entier.
hint-full = Ce code n’a plus de place.
hint-number-incomplete = Le numéro a { $length }. Saisissez-le d’abord en entier.
hint-number-full = Ce numéro n’a plus de place.
hint-too-early = Attendez un instant, puis tapez : les touches précédentes ne comptent pas.
keypad = Clavier
keypad-show = Afficher le clavier
keypad-erase = Effacer le dernier

sign-in = Se connecter
open-card = Ouvrir la carte
cancel = Annuler
close = Fermer
progress = En cours

waiting-service = Le service des cartes de cet ordinateur est arrêté
    .advice = Démarrez le service des cartes à puce (pcscd). Cette fenêtre continue d’elle-même.
waiting-reader = Aucun lecteur de cartes n’est branché
    .advice = Branchez un lecteur de cartes. Cette fenêtre continue d’elle-même.
waiting-card = Mettez votre carte dans le lecteur
    .advice = La puce en avant. Cette fenêtre continue d’elle-même.
waiting-known-card = Cette carte ne permet pas de se connecter
    .advice = Mettez votre carte d’identité dans le lecteur.
waiting-numbered-card = Cette carte ne s’ouvre pas avec un numéro imprimé
    .advice = Elle s’ouvre seulement avec les lignes de lettres et de chiffres au verso, qui ne sont pas demandées ici. Mettez une autre carte.
waiting-answering-card = La carte ne répond pas
    .advice = Retirez-la, tournez-la pour que la puce entre en premier, puis réessayez.
waiting-free-reader = Un autre programme utilise le lecteur
    .advice = Fermez l’autre programme. Cette fenêtre continue d’elle-même.
waiting-same-card = La carte a été retirée
    .advice = Remettez la même carte dans le lecteur.

reading = Lecture de la carte…
    .advice = Laissez la carte dans le lecteur.
access-number-on-reader = Saisissez le numéro d’accès à la carte sur le lecteur
    .advice = Le lecteur ouvre lui-même la carte. Saisissez sur son clavier les six chiffres du recto de la carte, souvent à côté des lettres CAN, puis appuyez sur sa touche de validation. Ce n’est pas votre code PIN ; ni cet ordinateur ni le site ne le reçoivent.
pin-pad = Saisissez le code PIN sur le lecteur
    .advice = Le lecteur a son propre clavier. Saisissez-y le code, puis appuyez sur sa touche de validation.
signing = Connexion…
    .advice = Laissez la carte dans le lecteur.
done = Vous êtes connecté
    .advice = Vous pouvez retirer votre carte. Cette fenêtre se ferme d’elle-même.

window-title-identity = Bitaqa : votre identité
portal-asks = { $name } demande
portal-asks-through = { $name } demande, par { $platform }
portal-reads = Seul { $name } peut lire ce que vous envoyez. { $platform } le transmet sans pouvoir le lire.
platform-reads = { $platform } lit ce que vous envoyez, transmet à { $name } ce qui est demandé et efface le reste.
verified = Nom vérifié.
test-portal = TEST : cette demande n’est qu’un essai. Sa réponse ne prouve rien.

question-consent = Voulez-vous montrer ces données ?
purpose = Pour quoi
group-identity = Données d’identité
group-photo = Photo
group-signature = Image de votre signature
group-details = Autres données personnelles
group-state = Données propres à l’État
group-other = Groupe de données { $number }
group-required = Obligatoire
group-optional = Facultatif
group-asked = Demandé : { $claims }
group-comes-along = Transmis avec : { $claims }
group-age = Seul un âge est demandé, mais il se déduit de la date de naissance, qui est envoyée.
group-locked = Ce groupe est obligatoire. Annulez si vous ne voulez pas le montrer.
groups-whole = Chaque groupe est signé d’un bloc : il est donc envoyé en entier.
recognisable = La preuve que votre carte est authentique permet aussi aux portails de la reconnaître.
certificate-goes-along = Le code PIN est demandé avant tout envoi. Le certificat de la carte est joint, avec votre nom et votre numéro.
list-separator = { ", " }
claim-given-name = Prénoms
claim-family-name = Nom
claim-given-name-ar = Prénoms en arabe
claim-family-name-ar = Nom en arabe
claim-birthdate = Date de naissance
claim-age-over = Si vous avez plus de { $years } ans
claim-gender = Sexe
claim-nationalities = Nationalité
claim-personal-number = Numéro personnel
claim-document-number = Numéro du document
claim-date-of-expiry = Date d’expiration
claim-photo = Photo
claim-signature-image = Image de votre signature
claim-place-of-birth = Lieu de naissance
claim-place-of-birth-ar = Lieu de naissance en arabe
claim-address = Adresse
claim-address-ar = Adresse en arabe
claim-other-personal-details = Autres données personnelles
claim-father-name = Nom du père
claim-father-name-ar = Nom du père en arabe
claim-mother-name = Nom de la mère
claim-mother-name-ar = Nom de la mère en arabe
access-number-where = La carte s’ouvre avec six chiffres au recto, souvent à côté des lettres CAN. Ce n’est pas votre code PIN, et personne d’autre ne les reçoit.
mrz-where = La carte s’ouvre avec ces trois indications, comme elles y sont imprimées. Tapez 00 pour un jour ou un mois qui n’y figure pas.
on-reader-next = Le lecteur demandera ensuite le numéro d’accès de la carte, sur son propre clavier.
use-nothing = Ouvrir sans rien taper
use-reader = Le saisir plutôt sur le lecteur
use-access-number = Plutôt le numéro d’accès à la carte
use-mrz = Plutôt le numéro et les dates du document
remember = Retenir ce numéro sur cet ordinateur
remember-as = Nom pour ce numéro (facultatif)
remember-as-appeared = Vous pouvez nommer ce numéro dans le champ suivant.
date-prompt = { $date } : jour, mois, année
place-day = J
place-month = M
place-year = A
mrz-was-wrong = La carte ne s’ouvre pas avec ce numéro et ces dates.
hint-document-number-only = Seuls des lettres latines et des chiffres peuvent être tapés ici.
hint-document-number-incomplete = Tapez d’abord le numéro du document.
hint-date-incomplete = Une date a huit chiffres : jour, mois et année.
hint-no-date = Cette date n’existe pas. Contrôlez jour, mois et année.
hint-field-full = Il n’y a plus de place ici.
hint-mrz-incomplete = Tapez d’abord le numéro du document et les deux dates.
read-card = Lire la carte

question-release = Voici ce qui sera envoyé
    .advice = Rien n’a encore été envoyé.
sending = Envoi en cours…
    .advice = Vous pouvez laisser la carte dans le lecteur.
proving = Le site s’assure que la carte est authentique…
    .advice = Laissez la carte dans le lecteur.
sent = C’est envoyé
    .advice = Vous pouvez retirer votre carte. Cette fenêtre se ferme d’elle-même.
photo-unreadable = Votre photo est envoyée, mais ne peut pas être montrée ici.
signature-image-unreadable = L’image de votre signature est envoyée, mais ne peut pas être montrée ici.
issuer-signed = Lu sur la carte : le site vérifie la signature de l’émetteur
unauthenticated = Sans preuve d’origine : personne ne peut contrôler ces données.
send-to = Envoyer à { $portal }
goes-to = Destinataire : { $portal }.
do-not-send = Ne pas envoyer

question-confirm = Confirmez avec votre code PIN que la carte est à vous
confirm = Confirmer et envoyer
confirming = Confirmation en cours…
    .advice = Laissez la carte dans le lecteur.

# La page « Ma carte » de l'extension : le titulaire demande ce qui se trouve sur sa propre carte.
window-title-my-card = Bitaqa : ma carte
own-page-asks = Votre propre navigateur le demande, pour sa page « Ma carte »
own-page-gets = Seule cette page de ce navigateur reçoit les données.
own-page-purpose = Vous montrer ce qui se trouve sur votre carte
question-my-card = Voulez-vous voir ce qui se trouve sur votre carte ?
shown-on-page = C’est sur la page « Ma carte »
    .advice = Vous pouvez retirer votre carte. Cette fenêtre se ferme d’elle-même.

# Documents.
window-title-signing = Bitaqa : signer des documents
question-sign = Signer avec votre carte ?
documents = { $total ->
    [one] 1 document est signé
   *[other] { $total } documents sont signés
}
document-of = Document { $number } sur { $total }
documents-names = Les noms sont ceux que donne le site. Les empreintes disent ce qui est signé.
content-not-visible = Cet ordinateur ne peut pas voir le contenu : le site n’a donné que des empreintes. Ne signez que si vous savez de quoi elles sont.
show-digests = Montrer les empreintes entières
pin-signature = Code PIN de signature de documents
sign = Signer
signing-documents = Signature en cours…
    .advice = Laissez la carte dans le lecteur.
signed = C’est signé
    .advice = Vous pouvez retirer votre carte. Cette fenêtre se ferme d’elle-même.
question-certificates = Donner au site votre certificat de signature ?
    .advice = Il apprend ce qui est écrit ci-dessous. Rien n’est signé, et aucun code PIN n’est demandé.
    .main = Envoyer le certificat
# The same where the person signs a file of their own, on the page "Sign a file".
question-own-certificates = La page « Signer un fichier » peut-elle utiliser votre certificat de signature ?
    .advice = Il figurera dans le fichier signé. Rien n’est encore signé, et aucun code PIN n’est demandé.
    .main = Utiliser le certificat
own-signing-asks = Votre propre navigateur le demande, pour sa page « Signer un fichier »
own-signing-gets = Seule cette page de ce navigateur reçoit la signature.
discloses-in-file = Le fichier signé dira
documents-own-names = Les noms sont ceux de vos fichiers. Les empreintes disent ce qui est signé.
waiting-signing-card = Cette carte ne permet pas de signer des documents
    .advice = Mettez dans le lecteur une carte avec un certificat de signature.
