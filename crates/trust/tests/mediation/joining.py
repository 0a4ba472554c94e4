"""Joins two statements, or reads what was joined, with jwcrypto and hashlib: after docs/statements.md, with no code of ours."""

import base64
import hashlib
import json
import sys

from jwcrypto import jwk, jws


def sign(type_, payload, key):
    token = jws.JWS(json.dumps(payload, ensure_ascii=False).encode())
    header = {"typ": type_, "alg": "ES256", "kid": key["kid"]}
    token.add_signature(key, protected=json.dumps(header))
    return token.serialize(compact=True)


def digest(text):
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


def statement(asked, key, name, origin, jti, recipient):
    text = {"ar": "نص", "fr": "Texte", "en": name}
    public = json.loads(recipient.export_public())
    return sign(
        "bitaqa-statement+jwt",
        {
            "iss": asked["iss"],
            "iat": asked["now"] - 20,
            "exp": asked["now"] + 600,
            "jti": jti,
            "legal_name": text,
            "origins": [origin],
            "purposes": [{"id": asked["purpose"], "text": text}],
            "claims": asked["allowed"],
            "jwk": {name: public[name] for name in ("kty", "crv", "x", "y", "kid")},
        },
        key,
    )


def join(asked):
    key = jwk.JWK.generate(kty="EC", crv="P-256", kid="by-others")
    portal_key = jwk.JWK.generate(kty="EC", crv="P-384", kid="portal")
    platform_key = jwk.JWK.generate(kty="EC", crv="P-256", kid="platform")
    portal = statement(asked, key, "Portal", "https://portal.example.ma", "p1", portal_key)
    platform = statement(asked, key, "Platform", asked["aud"], "p2", platform_key)
    relay = asked["mode"] == "relay"
    reader = portal_key if relay else platform_key
    joining = sign(
        "bitaqa-mediation+jwt",
        {
            "iss": asked["iss"],
            "aud": asked["aud"],
            "iat": asked["now"],
            "exp": asked["now"] + 300,
            "jti": "j1",
            "mode": asked["mode"],
            "portal": digest(portal),
            "platform": digest(platform),
            "purpose": asked["purpose"],
            "claims": asked["claims"],
            "challenge": asked["challenge"],
            "holder": asked["holder"],
            "proof": asked["proof"],
            "recipient": reader.thumbprint(),
        },
        key,
    )
    first, last = (portal, platform) if relay else (platform, portal)
    return {
        "key": json.loads(key.export_public()),
        "joined": "~".join([first, joining, last]),
        "recipient": reader.thumbprint(),
    }


def read(asked):
    key = jwk.JWK(**asked["key"])
    payloads = []
    for text in asked["joined"].split("~"):
        token = jws.JWS()
        token.deserialize(text, key)
        payloads.append(json.loads(token.payload))
    first, joining, last = payloads
    texts = asked["joined"].split("~")
    relay = joining["mode"] == "relay"
    portal, platform = (texts[0], texts[2]) if relay else (texts[2], texts[0])
    return {
        "digests": joining["portal"] == digest(portal) and joining["platform"] == digest(platform),
        "recipient": joining["recipient"] == jwk.JWK(**first["jwk"]).thumbprint(),
        "ends": joining["exp"] <= min(first["exp"], last["exp"]),
        "mode": joining["mode"],
        "claims": joining["claims"],
        "challenge": joining["challenge"],
        "holder": joining["holder"],
        "proof": joining["proof"],
    }


asked = json.load(sys.stdin)
json.dump({"join": join, "read": read}[sys.argv[1]](asked), sys.stdout)
