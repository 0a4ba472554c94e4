"""A relying party on PyPI Authlib, in the way its documentation shows for Flask: private_key_jwt, PKCE, userinfo, sign-out.

Its argument says who it is; it prints where to send the browser, reads where the browser came back, and prints what it learnt.
The web application listens nowhere: requests are put into it as Flask's own test client does.
"""

import json
import sys
from urllib.parse import urlsplit

from authlib.integrations.flask_client import OAuth
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from flask import Flask, session
from joserfc.jwk import ECKey

about = json.loads(sys.argv[1])
origin = about["redirectUri"].removesuffix("/callback")
app = Flask(__name__)
app.secret_key = "of a test"
key = ECKey.import_key({**about["key"], "alg": "ES256"})

bank = OAuth(app).register(
    name="bank",
    client_id=about["client"],
    client_secret=key,
    server_metadata_url=about["issuer"] + "/.well-known/openid-configuration",
    client_auth_methods=[PrivateKeyJWT(alg="ES256", headers={"kid": about["key"]["kid"]})],
    client_kwargs={
        "scope": "openid profile",
        "code_challenge_method": "S256",
        "token_endpoint_auth_method": "private_key_jwt",
    },
)


@app.get("/sign-in")
def sign_in():
    return bank.authorize_redirect(about["redirectUri"])


@app.get("/callback")
def callback():
    token = bank.authorize_access_token()
    session["id_token"] = token["id_token"]
    return {"claims": token["userinfo"], "userinfo": bank.userinfo(token=token), "tokenType": token["token_type"]}


@app.get("/sign-out")
def sign_out():
    return bank.logout_redirect(post_logout_redirect_uri=origin + "/bye", id_token_hint=session["id_token"])


@app.get("/bye")
def bye():
    return bank.validate_logout_response()


app.testing = True  # exceptions come through
visitor = app.test_client()


def visit(address):
    parts = urlsplit(address)
    return visitor.get(parts.path, query_string=parts.query, base_url=origin)


def tell(value):
    print(json.dumps(value), flush=True)


def hear():
    return json.loads(sys.stdin.readline())


try:
    tell({"authorize": visit("/sign-in").location})
    told = visit(hear()).get_json()
    tell({**told, "endSession": visit("/sign-out").location})
    tell({"signedOut": visit(hear()).get_json()["post_logout_redirect_uri"] == origin + "/bye"})
except Exception as error:  # whatever was wrong is the verdict
    tell({"error": repr(error)})
