"""Python's HTTP server in front of `openssl ocsp`, whose own listens on every address (`-port` takes a number alone)."""

import base64
import subprocess
import sys
import urllib.parse
from http.server import BaseHTTPRequestHandler, HTTPServer


class Responder(BaseHTTPRequestHandler):
    def do_POST(self):
        self.answer(self.rfile.read(int(self.headers["content-length"])))

    def do_GET(self):
        # RFC 6960 appendix A.1: the question in base64 is the last part of the path
        self.answer(base64.b64decode(urllib.parse.unquote(self.path.split("/", 2)[2])))

    def answer(self, question):
        command = ["openssl", "ocsp", *sys.argv[1:], "-reqin", "-", "-respout", "-"]
        done = subprocess.run(command, input=question, stdout=subprocess.PIPE, check=False)
        self.send_response(200 if done.returncode == 0 else 500)
        self.send_header("content-type", "application/ocsp-response")
        self.send_header("content-length", str(len(done.stdout)))
        self.end_headers()
        self.wfile.write(done.stdout)


server = HTTPServer(("127.0.0.1", 0), Responder)
print(f"ACCEPT 127.0.0.1:{server.server_address[1]}", flush=True)
server.serve_forever()
