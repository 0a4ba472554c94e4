"""What a relying party of others does with encrypted tokens, with the package `jwcrypto`: one list of tasks (JSON on standard input), one
list of results."""

import json
import sys

from jwcrypto import jwe, jwk, jws


def open_(task):
    outer = jwe.JWE(algs=["ECDH-ES", task["encryption"]])
    outer.deserialize(task["jwt"], jwk.JWK(**task["key"]))
    inner = outer.payload.decode()
    if not task.get("jwks"):
        return {"outer": outer.jose_header, "claims": json.loads(inner)}
    keys = jwk.JWKSet.from_json(json.dumps(task["jwks"]))
    signed = jws.JWS()
    signed.allowed_algs = ["ES256"]
    signed.deserialize(inner)
    signed.verify(keys.get_key(signed.jose_header["kid"]))
    claims = json.loads(signed.payload)
    if claims["iss"] != task["issuer"] or claims["aud"] != task["audience"]:
        raise ValueError("from or for somebody else")
    return {"outer": outer.jose_header, "inner": inner, "header": signed.jose_header, "claims": claims}


def encrypt(task):
    key = next(key for key in task["jwks"]["keys"] if key.get("use") == "enc")
    header = {"alg": "ECDH-ES", "enc": task["encryption"], "cty": "JWT", "kid": key["kid"]}
    token = jwe.JWE(task["content"].encode(), protected=json.dumps(header), recipient=jwk.JWK(**key))
    return token.serialize(compact=True)


TASKS = {"open": open_, "encrypt": encrypt}


def done(task):
    try:
        return {"done": TASKS[task["task"]](task)}
    except Exception as error:  # whatever the judge says of it is its verdict
        return {"refused": repr(error)}


print(json.dumps([done(task) for task in json.load(sys.stdin)]))
