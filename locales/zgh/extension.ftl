# draft: no speaker has reviewed these sentences yet.
# The browser extension's own words: its name, the toolbar button, the page "Check my set-up".

extension-name = ⴱⵉⵟⴰⵇⴰ
extension-description = ⵙⵙⵎⵔⵙ ⵜⴰⴽⴰⵕⴹⴰ ⵏⵏⴽ ⵜⴰⵏⴰⵎⵓⵔⵜ ⴰⴼⴰⴷ ⴰⴷ ⵜⴽⵛⵎⴷ ⵙ ⵉⵙⵉⵜⵏ ⵏ ⵡⵉⴱ.

set-up-title = ⵙⵙⵉⵔⵎ ⴰⵙⵡⵓⴷⴷⵓ ⵉⵏⵓ
set-up-language = ⵜⵓⵜⵍⴰⵢⵜ
set-up-checking = ⴰⵔ ⵉⵙⵙⵉⵔⵎ…
set-up-ready = ⵉⵡⵊⴷ ⴽⵓⵍⵍⵓ
set-up-ready-next = ⵙⵙⴽⵛⵎ ⵜⴰⴽⴰⵕⴹⴰ ⵏⵏⴽ ⵖ ⵓⵎⵖⵔⵉ ⵍⵍⵉⵖ ⵜⵜ ⵉⵔⴰ ⵓⵙⵉⵜ.

part-extension = ⵜⵉⵎⵔⵏⵉⵡⵜ
part-host = ⴰⵙⵖⵣⵏ ⵖ ⵓⵎⵙⵙⵓⴷⵙ ⴰⴷ
part-sites = ⵉⵙⵉⵜⵏ ⵏ ⵡⵉⴱ
part-present = ⵜⵓⵏⵖⵉⵍⵜ { $version }
part-checking = ⴰⵔ ⵉⵙⵙⵉⵔⵎ…
host-missing = ⵓⵔ ⵉⵍⵍⵉ
# How to get the program, where it is missing.
host-get = ⵙⵔⵙ ⴰⵙⵖⵣⵏ « bitaqa-host » ⵙⴳ ⵓⴷⵖⴰⵔ ⵏⵏⴰ ⵖ ⵜⵓⵎⵥⴷ ⵜⵉⵎⵔⵏⵉⵡⵜ ⴰⴷ, ⵜⵙⵙⵉⵔⵎⴷ ⴷⴰⵖ.
host-outdated = ⵉⵇⴷⵎ ⴱⴰⵀⵔⴰ
host-refused = ⵓⵔ ⴰ ⵉⵜⵜⵔⴰⵔ
extension-outdated = ⵜⵇⴷⵎ ⴱⴰⵀⵔⴰ
sites-allowed = ⵜⵜⵓⵙⵙⵓⵔⴼⵏ
sites-forbidden = ⵓⵔ ⵜⵜⵓⵙⵙⵓⵔⴼⵏ

# Title of the toolbar button and of the message when the person, or the browser, took site access away.
access-title = ⵓⵔ ⵜⵜⵓⵙⵙⵓⵔⴼ ⴱⵉⵟⴰⵇⴰ ⵖ ⵉⵙⵉⵜⵏ
access-explanation = ⴱⵍⴰ ⵜⵓⵔⴰⴳⵜ ⴰⴷ, ⵓⵔ ⵉⵖⵉⵢ ⵓⵙⵉⵜ ⴰⴷ ⵢⴰⴼ ⴱⵉⵟⴰⵇⴰ. ⵓⵔ ⴰ ⵜⵙⴽⴰⵔ ⴰⵎⵢⴰ ⴰⵔ ⵜⴰⴷⵔⴷ ⵖⴼ ⵜⵇⴼⴼⴰⵍⵜ ⵏ ⵓⴽⵛⵛⵓⵎ.
access-allow = ⵙⵙⵓⵔⴼ ⵖ ⵉⵙⵉⵜⵏ
access-still-missing = ⵓⵔ ⵜⴰ ⵜⵜⵓⵙⵙⵓⵔⴼ. ⵜⵖⵉⵢⴷ ⴰⴷ ⵜⵜ ⵜⵙⵙⵓⵔⴼⴷ ⵖ ⵜⵍⴳⴰⵎⵜ ⵏ ⵜⵎⵔⵏⵉⵡⵉⵏ ⵏ ⵓⵎⵙⵙⴰⵔⴰ.

recent-title = ⵉⵙⵓⵜⵔⵏ ⵉⵎⴳⴳⵓⵔⴰ
recent-none = ⵓⵔ ⵉⵍⵍⵉ ⵢⴰⵏ ⵙⴳ ⵜⵉⵔⵣⵎⵉ ⵏ ⵓⵎⵙⵙⴰⵔⴰ.
request-authenticate = ⴰⴽⵛⵛⵓⵎ
request-identify = ⵜⵉⵎⴰⴳⵉⵜ
request-other = ⵢⴰⴹⵏ
outcome-success = ⵉⵙⵎⴷ
duration = { $milliseconds } ms

# Leads to the page "My card".
my-card-open = ⵥⵔ ⵜⴰⴽⴰⵕⴹⴰ ⵉⵏⵓ
# Leads to the page "Sign a file".
sign-file-open = ⵙⴳⵎⴹ ⴰⴼⴰⵢⵍⵓ
# Leads to the page "Check a file".
check-file-open = ⵙⵙⵉⵔⵎ ⴰⴼⴰⵢⵍⵓ

report-copy = ⵏⵖⵍ ⴰⵏⵇⵇⵉⵙ
report-copied = ⵉⵜⵜⵓⵏⵖⵍ
check-again = ⵙⵙⵉⵔⵎ ⴷⴰⵖ
