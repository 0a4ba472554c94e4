"""PyPI schemathesis against a running platform: what it makes of the description, with a fixed seed.

Its argument is a file that says where the platform is and what there is to work with. A third of the requests are as schemathesis makes them, a third come from
a known relying party and browser, and a third are right but for what schemathesis makes of the rest. Its last line says which statuses each
operation answered with: requests that are all refused would show little.
"""

import itertools
import json
import secrets
import sys
import time
from collections import Counter, defaultdict

import schemathesis
from joserfc import jwt
from joserfc.jwk import ECKey
from schemathesis.cli import schemathesis as command

with open(sys.argv[1]) as file:
    about = json.load(file)
issuer = about["issuer"]
key = ECKey.import_key(about["key"])
codes = iter(about["codes"])
interactions = iter(about["interactions"])
turns = defaultdict(itertools.count)
seen = defaultdict(Counter)

REQUEST = {
    "client_id": "app",
    "response_type": "code",
    "redirect_uri": about["redirectUri"],
    "scope": "openid profile",
    "code_challenge": about["challenge"],
    "code_challenge_method": "S256",
}
TEXTS = {"ar": "تجربة", "fr": "Essai", "en": "Trial"}
SELF = {
    "authentication": "none",
    "redirect_uris": ["http://localhost:3000/callback"],
    "claims": ["name"],
    "require_pushed_requests": False,
    "minimum_level": "none",
    "contact": "dev@example.ma",
    "legal_basis": "to try it",
    "legal_name": TEXTS,
    "name": TEXTS,
    "purpose": TEXTS,
}
SIGN_OUT = {"client_id": "app", "post_logout_redirect_uri": about["signedOut"]}


def assertion():
    now = int(time.time())
    claims = {"iss": "bank", "sub": "bank", "aud": issuer, "iat": now, "exp": now + 60, "jti": secrets.token_urlsafe()}
    return {
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": jwt.encode({"alg": "ES256", "kid": about["key"]["kid"]}, claims, key),
    }


def redemption():
    return {
        "grant_type": "authorization_code",
        "client_id": "app",
        "code": next(codes, "none is left"),
        "redirect_uri": about["redirectUri"],
        "code_verifier": about["verifier"],
    }


# what is right of an operation
RIGHT = {
    "GET /authorize": lambda turn: {**REQUEST, "response_mode": "form_post" if turn % 2 else "query", "prompt": "none"},
    "POST /authorize": lambda turn: {**REQUEST, "response_mode": "form_post", "prompt": "none login"[: 10 if turn % 2 else 4]},
    "POST /par": lambda turn: REQUEST,
    "POST /statement": lambda turn: assertion(),
    # ten a minute are taken, together with those of the form
    "POST /register-portal": lambda turn: SELF if turn < 4 else {},
    "POST /register-portal/form": lambda turn: {"name": "Trial", "contact": "dev@example.ma", "redirect_uris": "http://localhost:3000/"},
    "POST /token": lambda turn: redemption(),
    "POST /introspect": lambda turn: {"token": about["bankToken"], **assertion()},
    "POST /revoke": lambda turn: {"token": "unknown", "client_id": "app"},
    "GET /end-session": lambda turn: SIGN_OUT if turn % 2 else {},
    "POST /end-session": lambda turn: SIGN_OUT,
}


@schemathesis.hook
def before_call(context, case, kwargs):
    # nothing outside is asked, wherever an answer leads
    kwargs["allow_redirects"] = False
    case.headers = {**(case.headers or {}), "Origin": issuer}
    name = f"{case.method.upper()} {case.path}"
    turn = next(turns[name])
    kind, turn = turn % 3, turn // 3
    if kind == 0:
        return
    if name in RIGHT:
        right = RIGHT[name](turn)
        place = "query" if case.method.upper() == "GET" else "body"
        made = getattr(case, place)
        made = made if isinstance(made, dict) and kind == 1 else {}
        setattr(case, place, {**made, **right} if kind == 2 else {**made, "client_id": "app"})
        if kind == 2 and place == "body":
            is_json = case.path == "/register-portal"
            case.media_type = "application/json" if is_json else "application/x-www-form-urlencoded"
    if case.path == "/userinfo":
        case.headers["Authorization"] = f"Bearer {about['appToken']}"
        if kind == 2:
            case.headers.pop("DPoP", None)
            if name.startswith("POST"):
                case.body, case.media_type = {}, "application/x-www-form-urlencoded"
    if case.path.startswith("/interaction/"):
        case.path_parameters = {"id": next(interactions, "none")}
        # signed in where that ends no session
        signed_in = kind == 2 and turn % 2 and not case.path.endswith("/other-card")
        case.headers["Cookie"] = about["cookies"] if signed_in else about["browserCookie"]
        if kind == 2:
            case.query = {"lang": "fr"}
    if kind == 2 and case.path == "/assets/{file}":
        case.path_parameters = {"file": "sign_in.js"}
    if kind == 2 and case.path == "/bitaqa/{file}":
        case.path_parameters = {"file": "bitaqa-web.js"}


@schemathesis.hook
def after_call(context, case, response):
    seen[f"{case.method.upper()} {case.path}"][response.status_code] += 1


CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "unsupported_method",
]
arguments = [
    "run",
    issuer + "/openapi.json",
    "--checks=" + ",".join(CHECKS),
    "--phases=examples,coverage,fuzzing",
    f"--max-examples={about['examples']}",
    "--seed=1",
    "--generation-deterministic",
    "--continue-on-failure",
    "--no-shrink",
    "--no-color",
    "--warnings=off",
    "--output-truncate=false",
]
try:
    command(arguments, standalone_mode=False)
    verdict = 0
except SystemExit as exit:
    verdict = exit.code or 0
print(json.dumps({"verdict": verdict, "seen": {name: dict(statuses) for name, statuses in seen.items()}}))
