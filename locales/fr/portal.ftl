# The example portal: texts in French.
#
# draft: no speaker has reviewed these texts yet.

portal-name = Portail d’exemple
portal-note = Un exemple pour les développeurs. Rien n’est conservé après la déconnexion.
skip = Aller au contenu
language = Langue

sign-in-title = Se connecter avec sa carte nationale
sign-in-intro = Sans mot de passe : la carte dit qui vous êtes, le code PIN prouve qu’elle est entre vos mains.
step-card = Branchez le lecteur et insérez votre carte.
step-button = Appuyez sur le bouton ci-dessous. Une fenêtre de Bitaqa s’ouvre.
step-pin = Vérifiez l’adresse dans cette fenêtre et saisissez-y votre code PIN. Ne le saisissez jamais dans une page web.
receives = Ce site recevra :
receives-what = votre nom, votre numéro personnel et le certificat de votre carte.
sign-in = Me connecter avec ma carte
cancel = Annuler
check = Tout est-il en place sur cet ordinateur ?
no-script = La connexion a besoin de JavaScript. Autorisez-le pour ce site et rechargez la page.
no-sdk = Le module @bitaqa/web manque : démarrez le portail avec --sdk.

identity-title = Dire qui vous êtes
identity-intro = La puce de votre carte dit à ce site votre nom, et si vous avez 18 ans ou plus. Une fenêtre de Bitaqa montre ce qui est envoyé avant l’envoi. Aucun code PIN n’est demandé : cela ne prouve donc pas que la carte est à vous.
identity-receives-what = votre nom et tout ce que contient la même partie de la puce : date de naissance, sexe, nationalité, numéros et date d’expiration de la carte.
identify = Dire qui je suis
identified-title = Vous avez dit qui vous êtes
identified-name = Nom
identified-over-18 = 18 ans ou plus ?
identified-chip = La puce n’est pas une copie ?
identified-in-use = Carte toujours en usage ?
identity-forget = Oublier cela
yes = oui
no = non

progress-starting = Bitaqa est appelé…
progress-queued = Une autre demande passe d’abord sur cet ordinateur…
progress-waiting-for-card = Insérez votre carte dans le lecteur…
progress-reading = Lecture de la carte…
progress-waiting-for-person = Continuez dans la fenêtre de Bitaqa…
progress-signing = La carte répond…
progress-sending = Envoi de ce que vous avez accepté…
progress-verifying = Le portail vérifie la réponse…
check-running = Vérification…
check-ready = Tout est en place.

error-extension-not-reachable = Bitaqa ne répond pas dans ce navigateur.
    .remedy = Installez l’extension Bitaqa, ou autorisez-la sur ce site, puis rechargez la page.
error-gesture-missing = Un clic de votre part est nécessaire.
    .remedy = Appuyez de nouveau sur le bouton.
error-request-aborted = Vous avez annulé. Rien n’a été envoyé.
    .remedy = Appuyez sur le bouton quand vous voudrez recommencer.
error-portal-unreachable = Le portail ne répond pas.
    .remedy = Vérifiez votre connexion, puis appuyez de nouveau sur le bouton.

refused-challenge = Le délai de connexion est écoulé.
    .remedy = Appuyez de nouveau sur le bouton et saisissez votre code PIN dans les cinq minutes.
refused-signature = La réponse de la carte ne correspond pas à cette demande.
    .remedy = Appuyez de nouveau sur le bouton. Si cela se reproduit, prévenez les responsables du portail.
refused-certificate = Le certificat de cette carte n’est plus valable, ou pas encore.
    .remedy = Demandez une nouvelle carte au service qui vous l’a remise.
refused-issuer = Ce portail n’accepte pas les cartes de ce type.
    .remedy = Utilisez une autre carte ou adressez-vous aux responsables du portail.
refused-request = Le délai de cette demande est écoulé, ou la réponse appartient à une autre.
    .remedy = Appuyez de nouveau sur le bouton et terminez dans les cinq minutes.
refused-document = Ce portail n’accepte pas cette carte : elle est retirée ou expirée, ou son pays n’est pas connu ici.
    .remedy = Utilisez une autre carte ou adressez-vous aux responsables du portail.
refused-chip = La puce de cette carte n’a pas prouvé qu’elle n’est pas une copie.
    .remedy = Appuyez de nouveau sur le bouton et laissez la carte dans le lecteur jusqu’à la fin.
refused-other = Le portail n’a pas pu accepter la réponse de la carte.
    .remedy = Appuyez de nouveau sur le bouton. Si cela se reproduit, communiquez le code ci-dessous aux responsables du portail.

signed-in-title = Vous êtes connecté
number = Numéro personnel
issuer = Délivrée par
level = Niveau de garantie
level-none = non indiqué
level-low = faible
level-substantial = substantiel
level-high = élevé
valid-until = Certificat valable jusqu’au
revocation = Certificat révoqué ?
revocation-good = non
revocation-unchecked = non vérifié
sign-out = Se déconnecter

test-banner = C’est une carte de test : personne de réel ne s’est connecté.
test-document = C’est une carte de test : la personne n’existe pas.
test-accepted = Ce portail accepte aussi les cartes de test.
