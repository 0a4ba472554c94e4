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

progress-starting = Bitaqa est appelé…
progress-queued = Une autre demande passe d’abord sur cet ordinateur…
progress-waiting-for-card = Insérez votre carte dans le lecteur…
progress-reading = Lecture de la carte…
progress-waiting-for-person = Continuez dans la fenêtre de Bitaqa…
progress-signing = La carte répond…
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
test-accepted = Ce portail accepte aussi les cartes de test.
