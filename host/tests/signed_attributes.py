"""Signed attributes for a card's certificate, and the message that a signature over them makes; none of it is code of this project.

attributes CERTIFICATE DOCUMENT HASH                     prints the attributes (DER, hexadecimal)
message CERTIFICATE ATTRIBUTES SIGNATURE HASH OUT        writes the message, without its document
"""

import hashlib
import sys
from datetime import datetime, timezone
from pathlib import Path

from asn1crypto import algos, cms, core, tsp, x509


def attributes(certificate, document, name):
    der = Path(certificate).read_bytes()
    identifier = {"cert_hash": hashlib.new(name, der).digest()}
    if name != "sha256":
        identifier["hash_algorithm"] = {"algorithm": name}
    values = [
        ("content_type", "data"),
        ("signing_time", cms.Time({"utc_time": core.UTCTime(datetime.now(timezone.utc))})),
        ("message_digest", hashlib.new(name, Path(document).read_bytes()).digest()),
        ("signing_certificate_v2", tsp.SigningCertificateV2({"certs": [tsp.ESSCertIDv2(identifier)]})),
    ]
    signed = cms.CMSAttributes([cms.CMSAttribute({"type": kind, "values": [value]}) for kind, value in values])
    print(signed.dump().hex())


def message(certificate, signed, signature, name, out):
    certificate = x509.Certificate.load(Path(certificate).read_bytes())
    signature = bytes.fromhex(signature)
    algorithm = {"algorithm": name + "_rsa"}
    if certificate.public_key.algorithm == "ec":
        signature = algos.DSASignature.from_p1363(signature).dump()
        algorithm = {"algorithm": name + "_ecdsa"}
    sid = {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
    signer = {
        "version": "v1",
        "sid": cms.SignerIdentifier("issuer_and_serial_number", cms.IssuerAndSerialNumber(sid)),
        "digest_algorithm": {"algorithm": name},
        "signed_attrs": cms.CMSAttributes.load(bytes.fromhex(signed)),
        "signature_algorithm": algorithm,
        "signature": signature,
    }
    content = {
        "version": "v1",
        "digest_algorithms": [{"algorithm": name}],
        "encap_content_info": {"content_type": "data"},
        "certificates": [certificate],
        "signer_infos": [signer],
    }
    info = cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(content)})
    Path(out).write_bytes(info.dump())


command, *arguments = sys.argv[1:]
{"attributes": attributes, "message": message}[command](*arguments)
