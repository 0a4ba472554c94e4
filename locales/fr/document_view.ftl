# draft: no speaker has reviewed these sentences yet.
# A document as the browser extension shows it before it is signed.

document = Document { $name }
opening = Ouverture du document…
unreadable = Le fichier ne peut plus être lu.
kind-not-shown = Ce type de fichier ne peut pas être affiché ici. Ouvrez-le avec son programme, puis comparez le nom et l’empreinte.
file-name = Nom
file-type = Type
file-size = Taille
type-unknown = non indiqué
size-bytes = { $amount } octets
size-kilobytes = { $amount } Ko
size-megabytes = { $amount } Mo
digest-too-large = non calculée ici pour les fichiers de plus de { $most }

page-of = Page { $page } sur { $pages }
page-incomplete = Quelque chose sur cette page n’a pas pu être lu et manque ici.
page-missing = Cette page ne peut pas être affichée.
pages-cut = Seules les { $shown } premières pages sur { $pages } sont affichées.
pdf-password = Ce PDF est protégé par un mot de passe. Il ne peut être ni affiché ni signé ainsi.
pdf-unreadable = Ce PDF est endommagé ou d’une forme qui ne peut pas être affichée.
pdf-form = Ce PDF contient un formulaire (XFA) que seuls certains programmes affichent. Ce qu’ils montrent peut différer des pages affichées ici.
pdf-scripts = Ce PDF contient des scripts. Ils ne sont pas exécutés ici ; dans d’autres programmes, ils pourraient changer ce que l’on voit.
pdf-attachments = D’autres fichiers sont joints à ce PDF. Ils ne sont pas affichés ici et sont signés avec lui.
pdf-layers = Ce PDF a des calques masqués. Ils ne sont pas affichés ici et sont signés avec lui.
zoom = Taille des pages
zoom-in = Agrandir les pages
zoom-out = Réduire les pages

text-cut = Seuls les premiers { $shown } sur { $size } sont affichés.
text-hidden = { $count ->
    [one] { $count } caractère caché est affiché par son numéro : il est invisible ou change l’ordre des autres.
   *[other] { $count } caractères cachés sont affichés par leur numéro : ils sont invisibles ou changent l’ordre des autres.
}
text-empty = Le fichier est vide.
not-text = Ce n’est pas du texte lisible (UTF-8). Ses premiers octets sont affichés à la place ({ $shown }).
markup = C’est le code source qui est affiché, et non ce qu’un navigateur en dessinerait.
json-invalid = Ce texte ne peut pas être mis en forme comme JSON. Il est affiché tel qu’il est écrit.
json-duplicates = { $count ->
    [one] Un nom figure deux fois dans un même objet ; les programmes ne s’accordent pas sur la valeur qui compte : { $names }
   *[other] Des noms figurent deux fois dans un même objet ; les programmes ne s’accordent pas sur la valeur qui compte : { $names }
}
as-it-is = Tel qu’il est écrit

picture = Image { $name }, { $width } sur { $height } pixels
picture-unreadable = Cette image est endommagée ou d’un autre type que celui qu’elle indique.
picture-large = Cette image est trop grande pour être affichée ({ $width } sur { $height } pixels).
picture-animated = Ce fichier peut contenir d’autres images. Seule la première est affichée.

placing-role = emplacement mobile de la signature
placing-keys = Les flèches le déplacent, à grands pas avec Maj. Ctrl ou Alt et une flèche changent sa taille. Page précédente et Page suivante le portent sur une autre page. Un clic sur une page l’y place.
placing-at = Page { $page } sur { $pages } : à { $left } mm de la gauche et { $top } mm du haut, { $width } mm de large, { $height } mm de haut
placing-size = Taille de la signature
placing-smaller = Réduire la signature
placing-larger = Agrandir la signature
