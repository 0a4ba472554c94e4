"""pyHanko's verdicts on a PDF whose only anchor is a root, with nothing but what is in the file; arguments are the file and the root.

Prints JSON: of each signature and time stamp whether it is good with revocation data that the file has for each certificate, and what
EN 319 102-1 says of the signature (basic validation). Its validation with time and for the long term is not asked: it knows time stamps of a
signature inside of its CMS only, and not those that cover the file (EN 319 142-1 clause 6.3 has both for B-T).
"""

import asyncio
import json
import logging
import sys
import warnings

warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)

from asn1crypto.crl import CertificateList
from asn1crypto.ocsp import OCSPResponse
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko.sign.validation.ades import ades_basic_validation
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.policy_decl import (
    LocalKnowledge,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager
from pyhanko_certvalidator.revinfo.archival import CRLContainer, OCSPContainer

root = load_cert_from_pemder(sys.argv[2])
reader = PdfFileReader(open(sys.argv[1], "rb"), strict=True)
store = DocumentSecurityStore.read_dss(reader)


def context():
    return store.as_validation_context({"trust_roots": [root], "allow_fetching": False, "revocation_mode": "require"})


def whole(signature):
    if signature.sig_object.get("/Type") == "/DocTimeStamp":
        status = validate_pdf_timestamp(signature, validation_context=context())
        return {"type": "time-stamp", "good": status.intact and status.valid and status.trusted}
    status = validate_pdf_signature(signature, signer_validation_context=context(), ts_validation_context=context())
    return {"type": "signature", "good": status.bottom_line}


def basic(signature):
    answers = []
    for answer in store.ocsps:
        answers += OCSPContainer.load_multi(OCSPResponse.load(answer.get_object().data))
    lists = [CRLContainer(crl_data=CertificateList.load(one.get_object().data)) for one in store.crls]
    specification = SignatureValidationSpec(
        cert_validation_policy=CertValidationPolicySpec(
            trust_manager=SimpleTrustManager.build(trust_roots=[root]),
            revinfo_policy=CertRevTrustPolicy(REQUIRE_REVINFO),
        ),
        revinfo_gathering_policy=RevocationInfoGatheringSpec(online_fetching_rule=RevinfoOnlineFetchingRule.LOCAL_ONLY),
        local_knowledge=LocalKnowledge(known_ocsps=answers, known_crls=lists, known_certs=list(store.load_certs())),
    )
    result = asyncio.run(ades_basic_validation(signature.signed_data, specification, raw_digest=signature.compute_digest()))
    return str(result.ades_subindic)


json.dump({"parts": [whole(one) for one in reader.embedded_signatures], "basic": basic(reader.embedded_regular_signatures[0])}, sys.stdout)
