# A document as the browser extension shows it before it is signed.

document = Document { $name }
opening = Opening the document…
unreadable = The file cannot be read any more.
kind-not-shown = This kind of file cannot be shown here. Open it with the program that it belongs to, and compare the name and the digest.
file-name = Name
file-type = Type
file-size = Size
type-unknown = not given
size-bytes = { $amount } bytes
size-kilobytes = { $amount } KB
size-megabytes = { $amount } MB
digest-too-large = not computed here for files over { $most }

page-of = Page { $page } of { $pages }
page-incomplete = Something on this page could not be read and is missing here.
page-missing = This page cannot be shown.
pages-cut = Only the first { $shown } of { $pages } pages are shown.
pdf-password = This PDF is locked with a password. It cannot be shown or signed like this.
pdf-unreadable = This PDF is damaged or has a form that cannot be shown.
pdf-form = This PDF holds a form (XFA) that only some programs show. What they show can differ from the pages here.
pdf-scripts = This PDF holds scripts. They are not run here; in other programs they could change what is seen.
pdf-attachments = Other files are attached to this PDF. They are not shown here, and are signed with it.
pdf-layers = This PDF has hidden layers. They are not shown here, and are signed with it.
zoom = Size of the pages
zoom-in = Show the pages larger
zoom-out = Show the pages smaller

text-cut = Only the first { $shown } of { $size } are shown.
text-hidden = { $count ->
    [one] 1 hidden character is shown by its number: it cannot be seen, or changes the order of others.
   *[other] { $count } hidden characters are shown by their numbers: they cannot be seen, or change the order of others.
}
text-empty = The file is empty.
not-text = This is not readable text (UTF-8). Its first bytes are shown instead ({ $shown }).
markup = Its source is shown, not what a browser would draw from it.
json-invalid = This cannot be laid out as JSON. It is shown as it is written.
json-duplicates = { $count ->
    [one] A name stands twice in one object; programs disagree about which value counts: { $names }
   *[other] Names stand twice in one object; programs disagree about which value counts: { $names }
}
as-it-is = As it is written

picture = Picture { $name }, { $width } by { $height } pixels
picture-unreadable = This picture is damaged or of another kind than it says.
picture-large = This picture is too large to be shown ({ $width } by { $height } pixels).
picture-animated = This file can hold more pictures. Only the first is shown.

placing-role = movable place of the signature
placing-keys = Arrow keys move it, with Shift in large steps. Ctrl or Alt and an arrow key change its size. Page Up and Page Down bring it to another page. A click on a page puts it there.
placing-at = Page { $page } of { $pages }: { $left } mm from the left, { $top } mm from the top, { $width } mm wide, { $height } mm high
placing-size = Size of the signature
placing-smaller = Make the signature smaller
placing-larger = Make the signature larger
