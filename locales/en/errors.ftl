# What went wrong, and what to do: in English.
#
# Where $tries is the number of PIN tries left; it may be absent.

error-user-cancelled = You cancelled.
    .remedy = Nothing was sent. You can start again on the site.
error-user-timeout = Nobody answered in time.
    .remedy = Nothing was sent. Start again on the site.
error-pin-wrong = { $tries ->
    [0] That PIN was wrong. No tries are left.
    [one] That PIN was wrong. One try is left.
    [other] That PIN was wrong. { $tries } tries are left.
   *[unknown] That PIN was wrong.
}
    .remedy = Start again on the site and type the PIN of this card.
error-pin-blocked = The PIN of this card is blocked.
    .remedy = Unblock it with the unblocking code (PUK) of the card, or ask the office that gave you the card.
error-pin-not-activated = The PIN of this card has not been set yet.
    .remedy = Set your own PIN first, as the office that gave you the card explains.
error-pin-suspended = The PIN of this card is paused: one try is left.
    .remedy = Do not guess. Ask the office that gave you the card how the last try is given.
error-can-wrong = The number from the card was wrong.
    .remedy = Start again on the site and type the number that is printed on this card. It is not the PIN.
error-can-blocked = This card no longer opens with the number that is printed on it.
    .remedy = Ask the office that gave you the card.
error-mrz-wrong = The document number or one of the dates was wrong.
    .remedy = Start again and type them as they are printed on this card.
error-gesture-missing = The site asked for your card without a click from you.
    .remedy = Press the button on the site again.
error-request-invalid = The site asked in a way that cannot be understood.
    .remedy = Reload the page. If it happens again, tell the site.
error-request-too-large = The site sent too much at once.
    .remedy = Reload the page. If it happens again, tell the site.
error-challenge-invalid = The site asked for a sign-in that is not valid.
    .remedy = Reload the page. If it happens again, tell the site.
error-request-id-reused = The site asked for the same sign-in twice.
    .remedy = Reload the page and start again.
error-request-pending = The site is already waiting for your card.
    .remedy = Finish or cancel in the window that is open.
error-origin-not-allowed = This site may not ask for your card.
    .remedy = Open the site with https, in its own tab.
error-request-aborted = The site cancelled the sign-in.
    .remedy = Start again on the site.
error-extension-not-reachable = The Bitaqa extension does not answer.
    .remedy = Install it, or allow it on this site, then reload the page.
error-extension-too-old = The Bitaqa extension is too old.
    .remedy = Update it, then restart the browser.
error-permission-missing = The Bitaqa extension lost a permission that it needs.
    .remedy = Open the extension and press the button that gives it back.
error-host-missing = Bitaqa is not installed on this computer.
    .remedy = Install it, then try again.
error-host-forbidden = Bitaqa on this computer does not accept this extension.
    .remedy = Install extension and program from the same place, then try again.
error-host-too-old = Bitaqa on this computer is too old.
    .remedy = Update it, then try again.
error-service-stopped = The card service of this computer is not running.
    .remedy = Start the smart card service (pcscd), then try again.
error-window-unavailable = The sign-in window cannot be shown.
    .remedy = Sign in to the desktop of this computer itself, then try again.
error-no-reader = No card reader is connected.
    .remedy = Connect a card reader, then try again.
error-no-card = There is no card in the reader.
    .remedy = Put your card in, then try again.
error-reader-busy = Another program is using the card or the reader.
    .remedy = Close the other program, then try again.
error-reader-fault = The card reader does not work as it should.
    .remedy = Unplug it, plug it in again, then try again.
error-card-mute = The card does not answer.
    .remedy = Take it out, turn it so that the chip goes in first, and try again.
error-card-unknown = This kind of card is not known.
    .remedy = Use your identity card. If this is your identity card, tell us.
error-mrz-needed = This card does not open with a printed number of six digits.
    .remedy = It opens only with the lines of letters and digits on its back, which are not asked for here. Use another card.
error-card-removed = The card was taken out too early.
    .remedy = Put it back and start again. Leave it in until the window says that it is done.
error-card-changed = The card is not the one that was asked about.
    .remedy = Start again with one card and leave it in the reader.
error-card-misbehaved = The card gave an answer that makes no sense.
    .remedy = Take it out, put it back in, and start again.
error-certificate-missing = This card cannot be used for signing in.
    .remedy = Ask the office that gave you the card to activate it.
error-certificate-expired = This card is out of date, or not valid yet.
    .remedy = Check the date of this computer. Renew the card if its date has passed.
error-host-crashed = Bitaqa on this computer stopped unexpectedly.
    .remedy = Start again on the site.
error-host-misbehaved = Bitaqa on this computer gave a wrong answer.
    .remedy = Update it, then start again on the site.
error-token-invalid = The answer of the card did not pass our check, so it was not sent.
    .remedy = Start again. If it happens again, do not use this card and tell us.
error-internal-error = Something went wrong in Bitaqa.
    .remedy = Start again on the site. If it happens again, tell us.
