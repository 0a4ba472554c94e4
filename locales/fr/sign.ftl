# draft: no speaker has reviewed these sentences yet.
# Les pages sur lesquelles on signe des documents : « Signer un fichier », et la fenêtre qui montre ce qu’un site demande de signer.

product-name = Bitaqa
language = Langue

sign-file-title = Signer un fichier
sign-file-lead = Choisissez des fichiers de cet ordinateur. Ils sont signés avec votre carte et restent sur cet ordinateur : rien n’est envoyé sans vous demander.
choose-files = Choisir des fichiers
choose-files-drop = ou déposez-les ici

site-asks = Ce site demande :
site-not-verified = Le nom n’est pas vérifié. Vérifiez l’adresse.
site-title = { $count ->
    [one] Regardez le document avant de signer
   *[other] Regardez les { $count } documents avant de signer
}
site-lead = Ce que vous voyez ici est ce qui est signé. Ensuite, une fenêtre de Bitaqa demande votre code PIN.

documents = { $count ->
    [one] 1 document
   *[other] { $count } documents
}
seen = vu
format = Ce qui est produit
format-pades = Une signature dans chaque PDF
format-asic-e = Un conteneur avec tous les fichiers et une seule signature (ASiC-E)
format-cades = Un fichier signé pour chacun (CAdES)
format-xades = Un fichier XML signé pour chacun (XAdES)
format-jades = Un fichier JSON signé pour chacun (JAdES)
format-asic-s = Un conteneur pour chacun (ASiC-S)
level = Durée de vérification
level-b-b = Signature (B-B)
level-b-t = Avec un horodatage (B-T)
level-b-lt = Long terme (B-LT)
level-b-lta = Long terme, avec un horodatage d’archivage (B-LTA)
visible = Une signature visible sur la page
reason-field = Motif (affiché dans la signature)
image-field = Ajouter une image (PNG ou JPEG)
remove-image = Retirer l’image
image-unusable = Cette image ne peut pas être utilisée : elle n’est ni PNG ni JPEG, ou elle est trop grande.
place-signature = Signature

# The site decided what is made.
made-pades = Le site reçoit chaque PDF avec votre signature.
made-asic-e = Le site reçoit un conteneur avec tous les documents et votre signature.
made-other = Le site reçoit des fichiers signés, les documents étant dedans ou à côté.

# Before the reason that the site gives for the signature.
site-reason = La signature donnera ce motif, dans les mots du site :
site-image = La signature montrera une image fournie par le site.

# What the signature shows on the page, before the name in the certificate, the date, and the reason.
shown-name = Signé par :
shown-date = Date :
shown-reason = Motif :
shown-reason-given = « { $reason } »
# In place of the name, before the card was asked for its certificate.
shown-name-later = (le nom figurant dans votre certificat)

# Beside a document in the list of which a person should know something, and before the names of all of them.
caution = Attention
flagged = { $flagged ->
    [one] 1 document sur { $total } peut montrer ou faire autre chose que ce que vous voyez ici :
   *[other] { $flagged } documents sur { $total } peuvent montrer ou faire autre chose que ce que vous voyez ici :
}

risk-java-script = Ce PDF contient des scripts, qui peuvent changer ce qu’il montre.
risk-automatic-actions = Ce PDF agit de lui-même quand il est ouvert, imprimé, fermé ou rempli.
risk-external-actions = Ce PDF a des liens ou des actions qui ouvrent d’autres fichiers ou adresses, lancent des programmes ou envoient le formulaire.
risk-external-content = Des parties de ce PDF sont dans d’autres fichiers, qui ne sont pas signés.
risk-xfa = Ce PDF a un formulaire XFA, que certains programmes montrent à la place de ses pages.
risk-optional-content = Ce PDF a des calques qui peuvent être montrés ou cachés.
risk-viewer-made-appearances = Chaque programme dessine lui-même les champs de ce PDF. Ils peuvent paraître différents ailleurs.
risk-media = Ce PDF contient du son, des films ou du contenu en trois dimensions, que les programmes montrent différemment.
risk-trailing-bytes = Quelque chose se trouve après la fin de ce PDF, que ses pages ne montrent pas.
risk-embedded-files = Ce PDF contient d’autres fichiers. Ils sont signés aussi.
risk-form-fields = Ce PDF a des champs à remplir.
risk-unreadable = Bitaqa ne peut pas lire la structure de ce PDF : { $reason }

sign = Signer
cancel = Annuler
close = Fermer
try-again = Réessayer
sign-another = Signer un autre fichier

stage-receiving = Les documents arrivent du site…
stage-inspecting = Les documents sont inspectés : { $signed } sur { $total }
    .next = Vous pourrez signer quand ils le seront tous.
stage-certificate = Une fenêtre de Bitaqa vous interroge sur votre certificat
    .next = C’est une fenêtre à part, devant celle-ci.
stage-preparing = Les documents sont préparés…
stage-waiting-for-person = Une fenêtre de Bitaqa demande votre code PIN
    .next = Elle montre le nom et l’empreinte de chaque document. C’est une fenêtre à part, devant celle-ci.
stage-signing = La carte signe : { $signed } sur { $total }
    .next = Laissez la carte dans le lecteur.
stage-finishing = Les fichiers signés sont produits et vérifiés…
stage-raising = On demande aux services ce qui manque à la signature…

unsuited-title = Certificats non utilisés
unsuited-key-usage = il ne sert pas à signer des documents
unsuited-sign-in-key = sa clé est celle qui sert à se connecter
unsuited-expired = il a expiré, ou n’est pas encore valable
unsuited-key = sa clé est trop faible, ou d’un type inconnu
unsuited-algorithm = la carte et le certificat n’ont pas d’algorithme en commun
unsuited-no-pin = aucun code PIN que Bitaqa connaisse ne protège sa clé
unsuited-not-wanted = le site demande un certificat d’un autre type
unsuited = { $name } : { $why }
which-certificate = Quel certificat voulez-vous utiliser ?
certificate-number = Certificat { $number }
pin-each-time = Votre carte veut le code PIN pour chaque signature
pin-each-time-text = Il y a { $count } documents. Vous pouvez taper le code PIN { $count } fois, ou signer une fois pour tous ensemble.
answer-each = Taper le code PIN { $count } fois
    .text = Chaque document est signé séparément.
answer-container = Signer une fois
    .text = Tous les documents vont dans un conteneur (ASiC-E), avec une seule signature.

ask-services = Interroger ces services ?
ask-services-text = { $whom }. Ils reçoivent des empreintes et des questions sur des certificats, jamais les documents. Ils apprennent l’adresse de cet ordinateur et à qui est le certificat.
answer-ask = Les interroger
    .text = La signature reçoit ce qu’ils répondent.
answer-ask-nobody = Signer seulement ({ $level })
    .text = Aucun d’eux n’est interrogé.

signed = { $count ->
    [one] Le fichier est signé
   *[other] { $count } fichiers sont signés
}
signed-sent = Le site a les documents signés. Vous pouvez fermer cette fenêtre.
signed-files = Fichiers signés
signed-some = Des documents sont signés, mais pas tous
level-b = La signature dit quand vous avez signé selon l’horloge de cet ordinateur. Un horodatage, qui prouve l’heure, peut être ajouté plus tard.
level-t = Un horodatage prouve quand vous avez signé.
level-missed = La signature est { $reached }, et non { $wanted }.
missing-not-set-up = Aucun service d’horodatage n’est configuré sur cet ordinateur, ou sa configuration est inutilisable.
missing-no-time-stamp = Aucun horodatage reçu de : { $whom }
missing-no-answer = Aucune réponse reçue de : { $whom }
missing-not-allowed = Non interrogés, selon votre choix : { $whom }
missing-certificates = On ne connaît personne qui dise si un certificat a été révoqué, ou qui l’a émis.
missing-revoked = Un certificat de la signature, ou de son horodatage, avait été révoqué. Qui vérifie le fichier ne l’acceptera pas.
missing-not-raised = Ce que les services ont répondu n’a pas pu être ajouté au fichier.
level-later = Le fichier est bon tel quel. Le reste peut être ajouté plus tard, avec « Vérifier un fichier », ou avec la commande « bitaqa extend ».
save = Enregistrer

nothing-asked = Aucun site n’attend cette fenêtre. Vous pouvez la fermer.
too-large = Les fichiers sont trop gros : au plus 1 Go chacun, 2 Go ensemble.
too-many = Au plus 500 fichiers à la fois.
