# draft: no speaker has reviewed these sentences yet.
# The page "My card" of the browser extension: what is on the holder's own card.

my-card-title = Ma carte
intro = Voyez ce qui se trouve sur votre carte : vos données dans les deux écritures, votre photo, les certificats et le nombre d’essais du code PIN restants.
intro-privacy = Tout reste sur cet ordinateur. Cette page oublie tout quand vous la fermez ou l’effacez, et au plus tard après cinq minutes.
read-my-card = Lire ma carte
read-again = Lire à nouveau
stop = Annuler
clear = Effacer maintenant
language = Langue

stage-starting = Démarrage…
stage-queued = Une autre demande passe d’abord
stage-waiting-for-card = Insérez votre carte dans le lecteur
stage-waiting-for-person = Une fenêtre de Bitaqa vous demande ce qui doit être lu
stage-reading = Lecture de la carte…
cleared = Effacé : la page a oublié vos données
cleared-in-time = Cinq minutes sont passées : la page a oublié vos données
ready = Voici ce qui se trouve sur votre carte
read-at = Lue le { $date } à { $time }

photo = Votre photo
photo-unreadable = La photo ne peut pas être affichée.
signature-image = Image de votre signature
signature-image-unreadable = L’image de votre signature ne peut pas être affichée.
section-data = Vos données
section-certificates = Certificats
section-pins = Essais du code PIN
section-authenticity = Est-elle authentique ?
nothing-read = Vous avez choisi de ne lire aucune donnée, ou la carte n’en contient pas.
no-certificates = La carte n’en donne aucun.
no-pins = La carte ne donne pas de nombre.
group-unreadable = Quelque chose sur la carte ne peut pas être lu : { $group }
group-not-given = La carte n’a pas, ou ne donne pas : { $group }

genuine = Signée par le pays émetteur ({ $country })
genuine-test = TEST : signée pour des essais seulement ({ $country }) ; cela ne prouve rien
not-genuine = Ne vous y fiez pas : la signature du pays émetteur n’est pas valable
not-genuine-code = Raison : { $code }
not-checked-no-authorities = Non vérifiée : aucun certificat de pays n’est installé sur cet ordinateur
not-checked-authority-unknown = Non vérifiée : les certificats du pays qui a signé ne sont pas installés sur cet ordinateur
# Of a card whose data nobody signed (the Bahraini cards before 2025); stands on the page and on every copy.
cannot-be-checked = Ces données ne peuvent pas être vérifiées : personne ne les a signées. La carte pourrait être copiée ou inventée, et aucun ordinateur ne peut le dire
chip-proven = La puce est l’original
chip-not-proven = La puce est peut-être une copie : elle n’a pas prouvé qu’elle est l’original
chip-not-offered = La carte n’a aucun moyen de prouver que sa puce est l’original
chip-not-checked = Il n’a pas été possible de vérifier si la puce est l’original

purpose-authentication = Pour se connecter
purpose-signature = Pour signer des documents
certificate-holder = Titulaire
certificate-number = Numéro
certificate-issuer = Délivré par
certificate-valid = Validité
certificate-span = { $from } au { $to }
certificate-unreadable = Ce certificat ne peut pas être lu.
certificate-expired = expiré
certificate-early = pas encore valable
pin-tries = { $tries ->
    [0] bloqué : aucun essai restant
    [one] 1 essai restant
   *[other] { $tries } essais restants
}
pin-tries-of = { $tries ->
    [0] bloqué : aucun essai restant
    [one] 1 essai restant sur { $most }
   *[other] { $tries } essais restants sur { $most }
}
pin-unknown = la carte ne le dit pas
pin-not-activated = pas encore choisi
sex-female = féminin
sex-male = masculin

export-title = Enregistrer une copie
export-warning = Le fichier contient vos données personnelles, lisibles par quiconque le possède. Gardez-le en lieu sûr.
export-data = Données et photo
export-certificates = Certificats
export-pins = Essais du code PIN
export-nothing = Choisissez d’abord au moins une partie.
save-pdf = Enregistrer en PDF
save-json = Enregistrer en JSON
saving = Création du fichier…
saved = Le fichier a été remis au navigateur.
not-saved = Le fichier n’a pas pu être créé.
