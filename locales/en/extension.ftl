# The browser extension's own words: its name, the toolbar button, the page "Check my set-up".

extension-name = Bitaqa
extension-description = Use your national identity card to sign in to websites.

set-up-title = Check my set-up
set-up-language = Language
set-up-checking = Looking…
set-up-ready = Everything is in place
set-up-ready-next = Put your card into the reader when a website asks for it.

part-extension = Extension
part-host = Program on this computer
part-sites = Websites
part-present = version { $version }
part-checking = looking…
host-missing = not found
# How to get the program, where it is missing.
host-get = Install the program “bitaqa-host” from the place where you got this extension, then check again. The browser need not be restarted.
host-outdated = too old
host-refused = does not answer
extension-outdated = too old
sites-allowed = allowed
sites-forbidden = not allowed

# Title of the toolbar button and of the message when the person, or the browser, took site access away.
access-title = Bitaqa may not run on websites
access-explanation = Without this permission no website can find Bitaqa. It looks at nothing and does nothing until you click a sign-in button.
access-allow = Allow on websites
access-still-missing = Still not allowed. You can also allow it in the browser’s own list of extensions.

recent-title = Recent requests
recent-none = None since the browser was started.
request-authenticate = Sign-in
request-identify = Identity
request-other = Other
outcome-success = done
duration = { $milliseconds } ms

# Leads to the page "My card".
my-card-open = See my card
# Leads to the page "Sign a file".
sign-file-open = Sign a file
# Leads to the page "Check a file".
check-file-open = Check a file

report-copy = Copy report
report-copied = Copied
check-again = Check again
