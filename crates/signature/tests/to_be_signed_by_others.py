"""What others have signed, as the bytes that they signed: hexadecimal, on one line.

cms FILE          the signed attributes of the first signer of a message (DER)
xml CERT KEY      the canonical SignedInfo of a XAdES signature that signxml makes around a document
"""

import sys
from pathlib import Path

from asn1crypto import cms


def signed_attributes(path):
    content = cms.ContentInfo.load(Path(path).read_bytes())["content"]
    return content["signer_infos"][0]["signed_attrs"].untag().dump()


def signed_info(certificate, key):
    from lxml import etree
    from signxml import methods
    from signxml.xades import XAdESSigner

    signer = XAdESSigner(method=methods.enveloped, signature_algorithm="ecdsa-sha256", digest_algorithm="sha256")
    document = etree.fromstring('<contract xmlns="urn:example"><sum>100</sum></contract>')
    signed = signer.sign(document, key=Path(key).read_bytes(), cert=Path(certificate).read_text())
    info = signed.find(".//{http://www.w3.org/2000/09/xmldsig#}SignedInfo")
    form = info.find("{*}CanonicalizationMethod").get("Algorithm")
    return etree.tostring(info, method="c14n", exclusive="exc-c14n" in form, with_comments="omments" in form)


command, *arguments = sys.argv[1:]
made = {"cms": signed_attributes, "xml": signed_info}[command](*arguments)
print(made.hex())
