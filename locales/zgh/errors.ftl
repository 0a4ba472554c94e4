# What went wrong, and what to do: in Standard Moroccan Tamazight.
#
# draft: no speaker has reviewed these texts yet.
#
# Where $tries is the number of PIN tries left; it may be absent.

error-user-cancelled = ⵜⵙⵙⵔⴷ ⵜⵉⴳⴰⵡⵜ.
    .remedy = ⵓⵔ ⵉⵜⵜⵢⴰⵣⵏ ⵡⴰⵍⵓ. ⵜⵣⵎⵎⵔⴷ ⴰⴷ ⵜⴱⴷⵓⴷ ⴷⴰⵖ ⴳ ⵓⵙⵉⵜ.
error-user-timeout = ⵓⵔ ⵉⵔⴰⵔ ⴰⵡⴷ ⵢⴰⵏ ⴳ ⵡⴰⴽⵓⴷ.
    .remedy = ⵓⵔ ⵉⵜⵜⵢⴰⵣⵏ ⵡⴰⵍⵓ. ⴱⴷⵓ ⴷⴰⵖ ⴳ ⵓⵙⵉⵜ.
error-pin-wrong = { $tries ->
    [0] ⵜⴰⵏⴳⴰⵍⵜ ⴰⴷ ⵜⵅⵙⵔ. ⵓⵔ ⵉⵇⵇⵉⵎⵉ ⴰⵡⴷ ⵢⴰⵏ ⵓⵔⵔⵓⵎ.
    [one] ⵜⴰⵏⴳⴰⵍⵜ ⴰⴷ ⵜⵅⵙⵔ. ⵉⵇⵇⵉⵎⴰ ⵢⴰⵏ ⵓⵔⵔⵓⵎ.
    [other] ⵜⴰⵏⴳⴰⵍⵜ ⴰⴷ ⵜⵅⵙⵔ. ⵇⵇⵉⵎⵏ { $tries } ⵏ ⵡⴰⵔⵔⵓⵎⵏ.
   *[unknown] ⵜⴰⵏⴳⴰⵍⵜ ⴰⴷ ⵜⵅⵙⵔ.
}
    .remedy = ⴱⴷⵓ ⴷⴰⵖ ⴳ ⵓⵙⵉⵜ, ⵜⴰⵔⴰⴷ ⵜⴰⵏⴳⴰⵍⵜ ⵏ ⵜⴽⴰⵕⴹⴰ ⴰⴷ.
error-pin-blocked = ⵜⵇⵇⵏ ⵜⵏⴳⴰⵍⵜ ⵏ ⵜⴽⴰⵕⴹⴰ ⴰⴷ.
    .remedy = ⵕⵥⵎ ⵜⵜ ⵙ ⵜⵏⴳⴰⵍⵜ ⵏ ⵓⵕⵥⴰⵎ (PUK), ⵏⵖ ⵙⵇⵙⴰ ⵜⴰⵎⵙⵙⵓⴳⵓⵔⵜ ⵏⵏⴰ ⴰⴽ ⵉⴼⴽⴰⵏ ⵜⴰⴽⴰⵕⴹⴰ.
error-pin-not-activated = ⵓⵔ ⵜⴰ ⵜⵜⵓⵙⴽⴰⵔ ⵜⵏⴳⴰⵍⵜ ⵏ ⵜⴽⴰⵕⴹⴰ ⴰⴷ.
    .remedy = ⵙⴽⵔ ⵜⴰⵏⴳⴰⵍⵜ ⵏⵏⴽ ⵙ ⵓⵎⵣⵡⴰⵔⵓ, ⵎⴽⵍⵍⵉ ⵜⵙⵙⴼⵔⵓ ⵜⵎⵙⵙⵓⴳⵓⵔⵜ ⵏⵏⴰ ⴰⴽ ⵉⴼⴽⴰⵏ ⵜⴰⴽⴰⵕⴹⴰ.
error-gesture-missing = ⵉⵜⵜⵔ ⵓⵙⵉⵜ ⵜⴰⴽⴰⵕⴹⴰ ⵏⵏⴽ ⴱⵍⴰ ⴰⴷ ⵜⴰⴷⵔⴷ ⵅⴼ ⴽⵔⴰ.
    .remedy = ⴰⴷⵔ ⴷⴰⵖ ⵅⴼ ⵜⵇⴼⴼⴰⵍⵜ ⵏ ⵓⵙⵉⵜ.
error-request-invalid = ⵓⵔ ⵉⵜⵜⵓⴼⵔⴽ ⵓⵙⵓⵜⵔ ⵏ ⵓⵙⵉⵜ.
    .remedy = ⴰⵍⵙ ⴰⵣⴷⴰⵎ ⵏ ⵜⴰⵙⵏⴰ. ⵎⴽ ⵢⴰⵖⵓⵍ ⴰⵏⵏ, ⵙⵙⵏ ⴰⵙⵉⵜ.
error-request-too-large = ⵢⵓⵣⵏ ⵓⵙⵉⵜ ⵉⵙⴼⴽⴰ ⴰⵟⵟⴰⵙ ⵙ ⵢⴰⵜ ⵜⵡⴰⵍⴰ.
    .remedy = ⴰⵍⵙ ⴰⵣⴷⴰⵎ ⵏ ⵜⴰⵙⵏⴰ. ⵎⴽ ⵢⴰⵖⵓⵍ ⴰⵏⵏ, ⵙⵙⵏ ⴰⵙⵉⵜ.
error-challenge-invalid = ⵓⵔ ⵉⵖⵓⴷⵉ ⵓⵙⵓⵜⵔ ⵏ ⵓⴽⵛⵓⵎ ⵏ ⵓⵙⵉⵜ.
    .remedy = ⴰⵍⵙ ⴰⵣⴷⴰⵎ ⵏ ⵜⴰⵙⵏⴰ. ⵎⴽ ⵢⴰⵖⵓⵍ ⴰⵏⵏ, ⵙⵙⵏ ⴰⵙⵉⵜ.
error-request-id-reused = ⵉⵜⵜⵔ ⵓⵙⵉⵜ ⵙⵏⴰⵜ ⵜⵡⴰⵍⵉⵡⵉⵏ ⴰⴽⵛⵓⵎ ⵏⵏⵉⴽ.
    .remedy = ⴰⵍⵙ ⴰⵣⴷⴰⵎ ⵏ ⵜⴰⵙⵏⴰ, ⵜⴱⴷⵓⴷ ⴷⴰⵖ.
error-request-pending = ⴷⴰ ⵉⵜⵜⵇⵍ ⵓⵙⵉⵜ ⵜⴰⴽⴰⵕⴹⴰ ⵏⵏⴽ.
    .remedy = ⴽⵎⵎⵍ ⵏⵖ ⵙⵙⵔ ⴳ ⵜⵙⴽⴰⵍⵜ ⵉⵕⵥⵎⵏ.
error-origin-not-allowed = ⵓⵔ ⵖⵓⵔ ⵓⵙⵉⵜ ⴰⴷ ⴰⵣⵔⴼ ⴰⴷ ⵉⵜⵜⵔ ⵜⴰⴽⴰⵕⴹⴰ ⵏⵏⴽ.
    .remedy = ⵕⵥⵎ ⴰⵙⵉⵜ ⵙ https, ⴳ ⵉⵛⵛⵔ ⵏⵏⵙ.
error-request-aborted = ⵉⵙⵙⵔ ⵓⵙⵉⵜ ⴰⴽⵛⵓⵎ.
    .remedy = ⴱⴷⵓ ⴷⴰⵖ ⴳ ⵓⵙⵉⵜ.
error-extension-not-reachable = ⵓⵔ ⴷⴰ ⵜⵔⴰⵔⴰ ⵜⵎⵔⵏⵉⵡⵜ ⵏ ⴱⵉⵟⴰⵇⴰ.
    .remedy = ⵙⴱⴷⴷ ⵜⵜ ⵏⵖ ⴰⴷⵊ ⵜⵜ ⴳ ⵓⵙⵉⵜ ⴰⴷ, ⵜⴰⵍⵙⴷ ⴰⵣⴷⴰⵎ ⵏ ⵜⴰⵙⵏⴰ.
error-extension-too-old = ⵜⵇⴷⵎ ⵜⵎⵔⵏⵉⵡⵜ ⵏ ⴱⵉⵟⴰⵇⴰ.
    .remedy = ⵙⵎⴰⵢⵏⵓ ⵜⵜ, ⵜⴰⵍⵙⴷ ⴰⵙⵙⵏⴽⵔ ⵏ ⵓⵎⵙⵙⴰⵔⴰ.
error-permission-missing = ⵜⵙⵔⵙ ⵜⵎⵔⵏⵉⵡⵜ ⵏ ⴱⵉⵟⴰⵇⴰ ⵜⵓⵔⴰⴳⵜ ⵏⵏⴰ ⵜⵔⴰ.
    .remedy = ⵕⵥⵎ ⵜⵉⵎⵔⵏⵉⵡⵜ, ⵜⴰⴷⵔⴷ ⵅⴼ ⵜⵇⴼⴼⴰⵍⵜ ⵏⵏⴰ ⴰⵙ ⵜⵜ ⵉⵔⴰⵔⵏ.
error-host-missing = ⵓⵔ ⵜⵙⴱⵉⴷⴷ ⴱⵉⵟⴰⵇⴰ ⴳ ⵓⵎⵙⵙⵓⴷⵙ ⴰⴷ.
    .remedy = ⵙⴱⴷⴷ ⵜⵜ, ⵜⴰⵔⵎⴷ ⴷⴰⵖ.
error-host-forbidden = ⵓⵔ ⵜⵇⴱⵉⵍ ⴱⵉⵟⴰⵇⴰ ⴳ ⵓⵎⵙⵙⵓⴷⵙ ⴰⴷ ⵜⵉⵎⵔⵏⵉⵡⵜ ⴰⴷ.
    .remedy = ⵙⴱⴷⴷ ⵜⵉⵎⵔⵏⵉⵡⵜ ⴷ ⵓⵙⵖⵣⵏ ⵙⴳ ⵢⴰⵏ ⵓⵙⴰⴳⵎ, ⵜⴰⵔⵎⴷ ⴷⴰⵖ.
error-host-too-old = ⵜⵇⴷⵎ ⴱⵉⵟⴰⵇⴰ ⴳ ⵓⵎⵙⵙⵓⴷⵙ ⴰⴷ.
    .remedy = ⵙⵎⴰⵢⵏⵓ ⵜⵜ, ⵜⴰⵔⵎⴷ ⴷⴰⵖ.
error-service-stopped = ⵜⴱⴷⴷ ⵜⵏⴰⴼⵓⵜ ⵏ ⵜⴽⴰⵕⴹⵉⵡⵉⵏ ⴳ ⵓⵎⵙⵙⵓⴷⵙ ⴰⴷ.
    .remedy = ⵙⵙⵏⴽⵔ ⵜⴰⵏⴰⴼⵓⵜ ⵏ ⵜⴽⴰⵕⴹⵉⵡⵉⵏ (pcscd), ⵜⴰⵔⵎⴷ ⴷⴰⵖ.
error-window-unavailable = ⵓⵔ ⵜⵣⵎⵎⵔ ⵜⵙⴽⴰⵍⵜ ⵏ ⵓⴽⵛⵓⵎ ⴰⴷ ⵜⴱⴰⵏ.
    .remedy = ⴽⵛⵎ ⵙ ⵓⵎⵙⵙⵓⴷⵙ ⴰⴷ ⵙ ⵉⵅⴼ ⵏⵏⵙ, ⵜⴰⵔⵎⴷ ⴷⴰⵖ.
error-no-reader = ⵓⵔ ⵉⵍⵍⵉ ⵓⵎⵖⵔⵉ ⵏ ⵜⴽⴰⵕⴹⵉⵡⵉⵏ.
    .remedy = ⵣⴷⵉ ⴰⵎⵖⵔⵉ ⵏ ⵜⴽⴰⵕⴹⵉⵡⵉⵏ, ⵜⴰⵔⵎⴷ ⴷⴰⵖ.
error-no-card = ⵓⵔ ⵜⵍⵍⵉ ⵜⴽⴰⵕⴹⴰ ⴳ ⵓⵎⵖⵔⵉ.
    .remedy = ⵙⵔⵙ ⵜⴰⴽⴰⵕⴹⴰ ⵏⵏⴽ, ⵜⴰⵔⵎⴷ ⴷⴰⵖ.
error-reader-busy = ⴷⴰ ⵉⵙⵙⵎⵔⴰⵙ ⵢⴰⵏ ⵓⵙⵖⵣⵏ ⵢⴰⴹⵏ ⵜⴰⴽⴰⵕⴹⴰ ⵏⵖ ⴰⵎⵖⵔⵉ.
    .remedy = ⵔⴳⵍ ⴰⵙⵖⵣⵏ ⵢⴰⴹⵏ, ⵜⴰⵔⵎⴷ ⴷⴰⵖ.
error-reader-fault = ⵓⵔ ⴷⴰ ⵉⵙⵡⵓⵔⵉ ⵓⵎⵖⵔⵉ ⵏ ⵜⴽⴰⵕⴹⵉⵡⵉⵏ ⵎⴽⵍⵍⵉ ⵉⵅⵚⵚⴰ.
    .remedy = ⴽⴽⵙ ⵜ, ⵜⵣⴷⵉⴷ ⵜ ⴷⴰⵖ, ⵜⴰⵔⵎⴷ.
error-card-mute = ⵓⵔ ⴷⴰ ⵜⵔⴰⵔⴰ ⵜⴽⴰⵕⴹⴰ.
    .remedy = ⵙⵙⵓⴼⵖ ⵜⵜ, ⵙⵡⵓⵔⵔⵉ ⵜⵜ ⴰⴼⴰⴷ ⴰⴷ ⵜⴽⵛⵎ ⵜⴱⵔⵉⵛⵜ ⵜⴰⵎⵣⵡⴰⵔⵓⵜ, ⵜⴰⵔⵎⴷ ⴷⴰⵖ.
error-card-unknown = ⵓⵔ ⵉⵜⵜⵢⴰⵙⵙⵏ ⵡⴰⵏⴰⵡ ⴰⴷ ⵏ ⵜⴽⴰⵕⴹⴰ.
    .remedy = ⵙⵙⵎⵔⵙ ⵜⴰⴽⴰⵕⴹⴰ ⵏ ⵜⵎⴰⴳⵉⵜ ⵏⵏⴽ. ⵎⴽ ⵜⴳⴰ ⵜⵜ, ⵙⵙⵏ ⴰⵖ.
error-card-removed = ⵜⴼⴼⵖ ⵜⴽⴰⵕⴹⴰ ⵣⵉⴽⴽ.
    .remedy = ⵔⴰⵔ ⵜⵜ ⵜⴱⴷⵓⴷ ⴷⴰⵖ. ⴰⴷⵊ ⵜⵜ ⴰⵔ ⵜⵉⵏⵉ ⵜⵙⴽⴰⵍⵜ ⵉⵙ ⵉⴼⵓⴽⴽⴰ.
error-card-changed = ⵓⵔ ⵜⴳⵉ ⵜⴰⴷ ⵜⴰⴽⴰⵕⴹⴰ ⵏⵏⴰ ⵅⴼ ⵜⵜⵓⵙⵇⵙⴰⴷ.
    .remedy = ⴱⴷⵓ ⴷⴰⵖ ⵙ ⵢⴰⵜ ⵜⴽⴰⵕⴹⴰ, ⵜⴰⴷⵊⴷ ⵜⵜ ⴳ ⵓⵎⵖⵔⵉ.
error-card-misbehaved = ⵜⴼⴽⴰ ⵜⴽⴰⵕⴹⴰ ⵜⴰⵎⵔⴰⵔⵓⵜ ⵏⵏⴰ ⵓⵔ ⵉⵍⵉⵏ ⴰⵏⴰⵎⴽ.
    .remedy = ⵙⵙⵓⴼⵖ ⵜⵜ, ⵜⵔⴰⵔⴷ ⵜⵜ, ⵜⴱⴷⵓⴷ ⴷⴰⵖ.
error-certificate-missing = ⵓⵔ ⵜⵣⵎⵎⵔ ⵜⴽⴰⵕⴹⴰ ⴰⴷ ⴰⴷ ⵜⵙⵙⴽⵛⵎ.
    .remedy = ⵜⵜⵔ ⵙⴳ ⵜⵎⵙⵙⵓⴳⵓⵔⵜ ⵏⵏⴰ ⴰⴽ ⵜⵜ ⵉⴼⴽⴰⵏ ⴰⴷ ⵜⵜ ⵜⵙⵙⵏⴽⵔ.
error-certificate-expired = ⵉⵣⵔⵉ ⵡⴰⴽⵓⴷ ⵏ ⵜⴽⴰⵕⴹⴰ ⴰⴷ, ⵏⵖ ⵓⵔ ⵜⴰ ⵉⴱⴷⵉ.
    .remedy = ⵙⵏⵇⴷ ⴰⵙⴰⴽⵓⴷ ⵏ ⵓⵎⵙⵙⵓⴷⵙ ⴰⴷ. ⵙⵎⴰⵢⵏⵓ ⵜⴰⴽⴰⵕⴹⴰ ⵎⴽ ⵉⵣⵔⵉ ⵡⴰⴽⵓⴷ ⵏⵏⵙ.
error-host-crashed = ⵜⴱⴷⴷ ⴱⵉⵟⴰⵇⴰ ⴳ ⵓⵎⵙⵙⵓⴷⵙ ⴰⴷ ⴱⵍⴰ ⴰⵙⵙⵏ.
    .remedy = ⴱⴷⵓ ⴷⴰⵖ ⴳ ⵓⵙⵉⵜ.
error-host-misbehaved = ⵜⴼⴽⴰ ⴱⵉⵟⴰⵇⴰ ⴳ ⵓⵎⵙⵙⵓⴷⵙ ⴰⴷ ⵜⴰⵎⵔⴰⵔⵓⵜ ⵉⵅⵙⵔⵏ.
    .remedy = ⵙⵎⴰⵢⵏⵓ ⵜⵜ, ⵜⴱⴷⵓⴷ ⴷⴰⵖ ⴳ ⵓⵙⵉⵜ.
error-token-invalid = ⵓⵔ ⵜⵣⵔⵉ ⵜⵎⵔⴰⵔⵓⵜ ⵏ ⵜⴽⴰⵕⴹⴰ ⴰⵙⵏⵇⴷ ⵏⵏⵖ, ⵓⵔ ⵜⵜⵢⴰⵣⵏ.
    .remedy = ⴱⴷⵓ ⴷⴰⵖ. ⵎⴽ ⵢⴰⵖⵓⵍ ⴰⵏⵏ, ⴰⴷ ⵓⵔ ⵜⵙⵙⵎⵔⵙⴷ ⵜⴰⴽⴰⵕⴹⴰ ⴰⴷ, ⵙⵙⵏ ⴰⵖ.
error-internal-error = ⵉⵍⵍⴰ ⵢⴰⵏ ⵓⵣⴳⴰⵍ ⴳ ⴱⵉⵟⴰⵇⴰ.
    .remedy = ⴱⴷⵓ ⴷⴰⵖ ⴳ ⵓⵙⵉⵜ. ⵎⴽ ⵢⴰⵖⵓⵍ ⴰⵏⵏ, ⵙⵙⵏ ⴰⵖ.
