# The trust platform: texts in French.
#
# draft: no speaker has reviewed these texts yet.

platform-name = Plateforme nationale de confiance
platform-note = Ne saisissez votre code PIN que dans la fenêtre de Bitaqa.
skip = Aller au contenu
language = Langue
sandbox = Plateforme de test : seules les cartes de test sont acceptées, et personne de réel ne s’y connecte.

sign-in-title = Se connecter avec sa carte nationale
step-card = Branchez le lecteur et insérez votre carte.
step-button = Appuyez sur le bouton ci-dessous. Une fenêtre de Bitaqa s’ouvre.
step-pin = Vérifiez l’adresse dans cette fenêtre et saisissez-y votre code PIN. Ne le saisissez jamais dans une page web.
with-pin = Avec votre code PIN
without-pin = Sans code PIN
step-show = Appuyez sur « Accepter et continuer sans code PIN ». Une fenêtre de Bitaqa s’ouvre.
step-number = Vérifiez l’adresse dans cette fenêtre et saisissez-y le numéro imprimé sur votre carte. Elle vous montre ce qui sera envoyé à cette plateforme.
receives = Ce site recevra :
claim-subject = un identifiant propre à ce site, qu’aucun autre ne connaît
claim-name = votre nom complet
claim-given-name = votre prénom
claim-family-name = votre nom de famille
claim-personal-number = votre numéro personnel, tel qu’il figure dans le certificat de votre carte
claim-verified = comment ces informations ont été vérifiées : qui a délivré votre carte, et de quel type elle est
claim-offline = il pourra renouveler ces informations pendant 30 jours en votre absence
purpose = Motif :
sign-in = Accepter et me connecter avec ma carte
show-card = Accepter et continuer sans code PIN
stop = Arrêter
cancel = Annuler et revenir au site
no-script = La connexion a besoin de JavaScript. Autorisez-le pour ce site et rechargez la page.

agree-title = Envoyer vos données à ce site ?
agree-signed-in = Vous êtes connecté en tant que
show-more = Ce que vous demandez exige que vous présentiez votre carte une nouvelle fois.
agree = Accepter et continuer
other-card = Utiliser une autre carte

for-service = Service demandé :
services-title = Services
services-text = Ce que vous pouvez faire avec votre carte, et le niveau que chaque service demande.
services-none = Il n’y a pas encore de service.
services-level = Niveau :
level-none = aucun
level-low = faible
level-substantial = substantiel
level-high = élevé

back-title = Retour au site
back = Continuer

refusal-title = Cette demande ne peut pas aboutir
refusal-text = Le site d’où vous venez a envoyé une demande que la plateforme n’accepte pas. Rien ne lui a été envoyé. Revenez sur ce site et réessayez.
for-developers = Pour les responsables du site :
ended-title = Cette demande est terminée
ended-text = Le délai est écoulé, la réponse est déjà partie, ou la demande a commencé dans un autre navigateur. Revenez sur le site et recommencez.
sign-out-title = Voulez-vous vous déconnecter ?
sign-out-text = Votre session sur la plateforme de confiance se termine dans ce navigateur.
sign-out = Se déconnecter
signed-out-title = Vous êtes déconnecté
signed-out-text = Votre session dans ce navigateur est terminée. Les sites que vous avez utilisés peuvent vous garder connecté.

progress-starting = Bitaqa est appelé…
progress-queued = Une autre demande passe d’abord sur cet ordinateur…
progress-waiting-for-card = Insérez votre carte dans le lecteur…
progress-reading = Lecture de la carte…
progress-waiting-for-person = Continuez dans la fenêtre de Bitaqa…
progress-signing = La carte répond…
progress-sending = Envoi de ce que vous avez accepté…
progress-verifying = La plateforme vérifie la réponse…

error-extension-not-reachable = Bitaqa ne répond pas dans ce navigateur.
    .remedy = Installez l’extension Bitaqa, ou autorisez-la sur ce site, puis rechargez la page.
error-gesture-missing = Un clic de votre part est nécessaire.
    .remedy = Appuyez de nouveau sur le bouton.
error-request-aborted = Vous avez annulé. Rien n’a été envoyé.
    .remedy = Appuyez sur le bouton quand vous voudrez recommencer.
error-platform-unreachable = La plateforme ne répond pas.
    .remedy = Vérifiez votre connexion, puis appuyez de nouveau sur le bouton.

refused-challenge = Le délai de connexion est écoulé.
    .remedy = Appuyez de nouveau sur le bouton et saisissez votre code PIN dans les cinq minutes.
refused-signature = La réponse de la carte ne correspond pas à cette demande.
    .remedy = Appuyez de nouveau sur le bouton. Si cela se reproduit, prévenez les responsables de la plateforme.
refused-certificate = Le certificat de cette carte n’est plus valable, ou pas encore.
    .remedy = Demandez une nouvelle carte au service qui vous l’a remise.
refused-issuer = Cette plateforme n’accepte pas les cartes de ce type.
    .remedy = Utilisez une autre carte ou adressez-vous aux responsables de la plateforme.
refused-request = Le délai de cette demande est écoulé, ou la réponse appartient à une autre.
    .remedy = Appuyez de nouveau sur le bouton et terminez dans les cinq minutes.
refused-document = Cette plateforme n’accepte pas cette carte : elle est retirée ou expirée, ou son pays n’est pas connu ici.
    .remedy = Utilisez une autre carte ou adressez-vous aux responsables de la plateforme.
refused-chip = La puce de cette carte n’a pas prouvé qu’elle n’est pas une copie.
    .remedy = Appuyez de nouveau sur le bouton et laissez la carte dans le lecteur jusqu’à la fin.
refused-other = La plateforme n’a pas pu accepter la réponse de la carte.
    .remedy = Appuyez de nouveau sur le bouton. Si cela se reproduit, communiquez le code ci-dessous aux responsables de la plateforme.
refused-ended = Cette demande est terminée.
    .remedy = Revenez sur le site d’où vous venez et recommencez.

register-title = Enregistrer un portail de test
register-text = Ceci est un bac à sable : seules les cartes de test s’y connectent. L’enregistrement vaut aussitôt et prend fin au bout de 30 jours.
register-fault = Cet enregistrement est impossible :
register-name = Nom que les gens voient
register-contact = Adresse e-mail
register-redirect-uris = Adresses de redirection, une par ligne
register-redirect-uris-note = https, ou http sur votre propre ordinateur (http://localhost:3000/callback)
register-keys = Clés publiques (JSON Web Key Set), pour private_key_jwt
register-keys-note = Laissez vide pour une application qui ne garde aucun secret. Ne collez jamais une clé privée.
register-go = Enregistrer
registered-title = Le portail de test est enregistré
registered-text = Gardez cet identifiant : il ne vous sera plus montré.
registered-id = client_id
registered-discovery = Découverte
registered-authentication = Authentification
registered-end = Fin
