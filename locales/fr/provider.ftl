# draft: no speaker has reviewed these sentences yet.
# Le prestataire de signature d’exemple : ses textes en français. Ceux qui manquent sont ceux du portail d’exemple.

provider-name = Prestataire de signature d’exemple
provider-note = Un exemple pour développeurs. Il oublie ce que vous avez signé après 15 minutes.
provider-title = Signez avec votre carte nationale
provider-intro = Ce site garde ces documents sur son serveur et y prépare votre signature. Lisez-les ici avant de signer.
step-document = Lisez un document, puis appuyez sur son bouton. Bitaqa demande si ce site peut voir votre certificat.
step-digest = Bitaqa montre le nom et l’empreinte du document, dit que cet ordinateur ne peut pas en voir le contenu, et demande votre code PIN. Ne le tapez jamais sur une page web.
signing-receives-what = votre certificat, qui contient votre nom, et votre signature.
no-script = La signature a besoin de JavaScript. Autorisez-le pour ce site et rechargez la page.

document-read = Lire { $name }
document-sign = Signer { $name } avec ma carte
signed-by = Signé par { $name }
signed-save = Enregistrer { $name }
signed-beside = Ce fichier ne contient que la signature : gardez-le avec le document.
test-signed = C’est une carte de test : personne de réel n’a signé.
test-accepted = Ce site n’accepte que des cartes de test.

progress-certificate = Bitaqa demande si ce site peut voir votre certificat…
progress-preparing = Le site prépare votre signature…
progress-verifying = Le site produit et vérifie le fichier signé…

error-certificate-unusable = Cette carte n’a pas de certificat qui puisse signer des documents ici.
    .remedy = Utilisez une autre carte.
error-portal-unreachable = Le site ne répond pas.
    .remedy = Vérifiez votre connexion, puis appuyez de nouveau sur le bouton.

refused-preparation = Le temps pour signer est écoulé, ou cette signature a déjà été envoyée.
    .remedy = Appuyez de nouveau sur le bouton et tapez votre code PIN dans les cinq minutes.
refused-signature-invalid = La signature ne correspond pas à ce document et à ce certificat. Aucun fichier n’a été produit.
    .remedy = Appuyez de nouveau sur le bouton. Si cela se reproduit, prévenez les responsables de ce site.
refused-not-accepted = Ce site n’accepte pas les signatures de cette carte.
    .remedy = Utilisez une autre carte, ou adressez-vous aux responsables de ce site.
refused-certificate-not-for-documents = Le certificat de cette carte ne sert pas à signer des documents.
    .remedy = Utilisez une autre carte.
refused-other = Ce site n’a pas pu produire le fichier signé.
    .remedy = Appuyez de nouveau sur le bouton. Si cela se reproduit, donnez aux responsables de ce site le code ci-dessous.
