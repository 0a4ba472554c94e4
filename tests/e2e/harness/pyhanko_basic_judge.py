"""pyHanko's verdict on the signatures of a PDF of level B-B, whose only anchor is a root; arguments are the file and the root.

Prints JSON: of each signature whether pyHanko believes it (intact, valid, trusted), and how much of the file it covers. Such a file has no revocation data,
and nobody is asked for any.
"""

import json
import logging
import sys

logging.disable(logging.CRITICAL)

from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

root = load_cert_from_pemder(sys.argv[2])
reader = PdfFileReader(open(sys.argv[1], "rb"), strict=True)


def verdict(signature):
    context = ValidationContext(trust_roots=[root], allow_fetching=False, revocation_mode="soft-fail")
    status = validate_pdf_signature(signature, signer_validation_context=context)
    return {"good": status.bottom_line, "coverage": status.coverage.name}


json.dump([verdict(one) for one in reader.embedded_signatures], sys.stdout)
