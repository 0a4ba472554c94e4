"""Does what a list of tasks (JSON on standard input) says with the package `jwcrypto`, and prints the list of results."""

import base64
import json
import sys

from jwcrypto import jwe, jwk, jws


def to_bytes(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def to_text(content):
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def thumbprint(task):
    return jwk.JWK(**task["jwk"]).thumbprint()


def verify(task):
    token = jws.JWS()
    token.allowed_algs = [task["algorithm"]]
    token.deserialize(task["jws"], jwk.JWK(**task["jwk"]))
    return {"content": to_text(token.payload), "header": token.jose_header}


def sign(task):
    token = jws.JWS(to_bytes(task["content"]))
    header = json.dumps({**task["header"], "alg": task["algorithm"]})
    token.add_signature(jwk.JWK(**task["jwk"]), protected=header)
    return token.serialize(compact=True)


def decrypt(task):
    token = jwe.JWE(algs=["ECDH-ES", "A256GCM", "A128GCM"])
    token.deserialize(task["jwe"], jwk.JWK(**task["jwk"]))
    return {"content": to_text(token.payload), "header": token.jose_header}


def encrypt(task):
    header = json.dumps({**task["header"], "alg": "ECDH-ES", "enc": task["enc"]})
    token = jwe.JWE(to_bytes(task["content"]), protected=header, recipient=jwk.JWK(**task["jwk"]))
    return token.serialize(compact=True)


TASKS = {task.__name__: task for task in (thumbprint, verify, sign, decrypt, encrypt)}


def done(task):
    try:
        return {"done": TASKS[task["task"]](task)}
    except Exception as error:  # whatever the judge says of it is its verdict
        return {"refused": repr(error)}


print(json.dumps([done(task) for task in json.load(sys.stdin)]))
