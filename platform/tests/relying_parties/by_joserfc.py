"""A small relying party on PyPI joserfc, by FAPI 2.0: pushed and signed requests, proofs of a key, private_key_jwt.

Its argument says who it is; it prints where to send the browser, reads where the browser came back, and prints what it learnt.
"""

import hashlib
import json
import secrets
import sys
import time
from base64 import urlsafe_b64encode
from urllib.parse import parse_qsl, urlencode, urlsplit

import requests
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

about = json.loads(sys.argv[1])
issuer, client = about["issuer"], about["client"]
key = ECKey.import_key(about["key"])
proof_key = ECKey.generate_key("P-256")
http = requests.Session()


def tell(value):
    print(json.dumps(value), flush=True)


def hear():
    return json.loads(sys.stdin.readline())


def sha256(text):
    return urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


def require(true, what):
    if not true:
        raise ValueError(what)


def signed(claims, kind):
    now = int(time.time())
    header = {"alg": "ES256", "kid": about["key"]["kid"], "typ": kind}
    lives = {"iss": client, "aud": issuer, "iat": now, "nbf": now, "exp": now + 60, "jti": secrets.token_urlsafe()}
    return jwt.encode(header, {**lives, **claims}, key)


def proof(method, address, token=None):
    claims = {"jti": secrets.token_urlsafe(), "htm": method, "htu": address, "iat": int(time.time())}
    if token:
        claims["ath"] = sha256(token)
    return jwt.encode({"alg": "ES256", "typ": "dpop+jwt", "jwk": proof_key.as_dict(private=False)}, claims, proof_key)


def post(address, **parameters):
    parameters["client_id"] = client
    parameters["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    parameters["client_assertion"] = signed({"sub": client}, "JWT")
    answer = http.post(address, data=parameters, headers={"DPoP": proof("POST", address)})
    require(answer.ok, f"{address}: {answer.status_code} {answer.text}")
    return answer.json()


def get(address, **headers):
    answer = http.get(address, headers=headers)
    require(answer.ok, f"{address}: {answer.status_code} {answer.headers.get('WWW-Authenticate')}")
    return answer.json()


def parameters_of(address, of):
    require(address.split("?")[0] == of, "somebody else's address")
    pairs = parse_qsl(urlsplit(address).query, keep_blank_values=True)
    require(len(pairs) == len(dict(pairs)), "a parameter twice")
    return dict(pairs)


try:
    provider = get(issuer + "/.well-known/openid-configuration")
    require(provider["issuer"] == issuer, "another issuer")
    verifier, state, nonce = (secrets.token_urlsafe(48) for _ in range(3))
    asked = {
        "client_id": client,
        "response_type": "code",
        "redirect_uri": about["redirectUri"],
        "scope": "openid profile",
        "state": state,
        "nonce": nonce,
        "code_challenge": sha256(verifier),
        "code_challenge_method": "S256",
    }
    pushed = post(provider["pushed_authorization_request_endpoint"], request=signed(asked, "oauth-authz-req+jwt"))
    query = urlencode({"client_id": client, "request_uri": pushed["request_uri"]})
    tell({"authorize": provider["authorization_endpoint"] + "?" + query})

    answer = parameters_of(hear(), about["redirectUri"])
    require(answer.get("iss") == issuer, "another issuer answered (RFC 9207)")
    require(answer.get("state") == state, "another state")
    require("code" in answer, str(answer))
    tokens = post(
        provider["token_endpoint"],
        grant_type="authorization_code",
        code=answer["code"],
        redirect_uri=about["redirectUri"],
        code_verifier=verifier,
    )
    require(tokens["token_type"] == "DPoP", "not bound")
    keys = KeySet.import_key_set(get(provider["jwks_uri"]))
    claims = jwt.decode(tokens["id_token"], keys, algorithms=[about["idTokenAlgorithm"]]).claims
    jwt.JWTClaimsRegistry(
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "value": client},
        nonce={"essential": True, "value": nonce},
        exp={"essential": True},
        iat={"essential": True},
        sub={"essential": True},
    ).validate(claims)
    address, token = provider["userinfo_endpoint"], tokens["access_token"]
    userinfo = get(address, Authorization=f"DPoP {token}", DPoP=proof("GET", address, token))
    # what somebody gets who has the token and not the key
    stolen = http.get(address, headers={"Authorization": f"Bearer {token}"})
    end = {"id_token_hint": tokens["id_token"], "post_logout_redirect_uri": about["signedOut"], "state": state}
    tell({
        "claims": claims,
        "userinfo": userinfo,
        "tokenType": tokens["token_type"],
        "stolen": stolen.status_code,
        "endSession": provider["end_session_endpoint"] + "?" + urlencode(end),
    })
    tell({"signedOut": parameters_of(hear(), about["signedOut"]) == {"state": state}})
except Exception as error:  # whatever was wrong is the verdict
    tell({"error": repr(error)})
