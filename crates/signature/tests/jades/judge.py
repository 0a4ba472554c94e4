"""Does what a list of tasks (JSON on standard input) says with the package `jwcrypto`, and prints the list of results."""

import json
import sys

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from jwcrypto import jwk, jws
from jwcrypto.common import base64url_decode, base64url_encode

ALGORITHMS = [start + end for start in ("ES", "PS", "RS") for end in ("256", "384", "512")]
REGISTRY = {"sigD": jws.JWSEHeaderParameter("content elsewhere", True, True, None)}


def public_key(certificate):
    key = x509.load_pem_x509_certificate(certificate.encode()).public_key()
    if hasattr(key, "public_numbers") and hasattr(key.public_numbers(), "e"):
        numbers = key.public_numbers()
        key = RSAPublicNumbers(numbers.e, numbers.n).public_key()
    return jwk.JWK.from_pyca(key)


def verify(document, certificate, algorithm, payload=None):
    token = jws.JWS(header_registry=REGISTRY)
    token.allowed_algs = [algorithm]
    token.deserialize(document)
    detached = None
    if "payload" not in json.loads(document) if document.startswith("{") else ".." in document:
        detached = base64url_decode(payload or "")
    token.verify(public_key(certificate), detached_payload=detached)
    content = detached if detached is not None else token.payload
    return {"content": base64url_encode(content), "header": token.jose_header}


def sign(form, key, algorithm, header, content, unprotected=None):
    secret = jwk.JWK.from_pem(key.encode())
    token = jws.JWS(base64url_decode(content), header_registry=REGISTRY)
    token.allowed_algs = ALGORITHMS
    protected = {**header, "alg": algorithm}
    token.add_signature(secret, None, json.dumps(protected), json.dumps(unprotected) if unprotected else None)
    if form == "general":
        token.add_signature(secret, None, json.dumps({**protected, "iat": 2}), None)
    return token.serialize(form == "compact")


results = []
for task in json.load(sys.stdin):
    function = {"verify": verify, "sign": sign}[task.pop("task")]
    try:
        results.append({"done": function(**task)})
    except Exception as error:
        results.append({"refused": repr(error)})
json.dump(results, sys.stdout)
