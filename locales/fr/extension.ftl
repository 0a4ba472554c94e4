# draft: no speaker has reviewed these sentences yet.
# The browser extension's own words: its name, the toolbar button, the page "Check my set-up".

extension-name = Bitaqa
extension-description = Utilisez votre carte nationale d’identité pour vous connecter à des sites.

set-up-title = Vérifier mon installation
set-up-language = Langue
set-up-checking = Vérification…
set-up-ready = Tout est en place
set-up-ready-next = Insérez votre carte dans le lecteur lorsqu’un site la demande.

part-extension = Extension
part-host = Programme sur cet ordinateur
part-sites = Sites web
part-present = version { $version }
part-checking = vérification…
host-missing = introuvable
# How to get the program, where it is missing.
host-get = Installez le programme « bitaqa-host » depuis l’endroit où vous avez obtenu cette extension, puis vérifiez encore. Inutile de redémarrer le navigateur.
host-outdated = trop ancien
host-refused = ne répond pas
extension-outdated = trop ancienne
sites-allowed = autorisés
sites-forbidden = non autorisés

# Title of the toolbar button and of the message when the person, or the browser, took site access away.
access-title = Bitaqa n’est pas autorisée sur les sites
access-explanation = Sans cette autorisation, aucun site ne peut trouver Bitaqa. Elle ne regarde rien et ne fait rien tant que vous ne cliquez pas sur un bouton de connexion.
access-allow = Autoriser sur les sites
access-still-missing = Toujours pas autorisée. Vous pouvez aussi le faire dans la liste des extensions du navigateur.

recent-title = Demandes récentes
recent-none = Aucune depuis le démarrage du navigateur.
request-authenticate = Connexion
request-identify = Identité
request-other = Autre
outcome-success = terminé
duration = { $milliseconds } ms

# Leads to the page "My card".
my-card-open = Voir ma carte
# Leads to the page "Sign a file".
sign-file-open = Signer un fichier
# Leads to the page "Check a file".
check-file-open = Vérifier un fichier

report-copy = Copier le rapport
report-copied = Copié
check-again = Vérifier encore
