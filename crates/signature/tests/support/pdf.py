"""What pyHanko says of files: `pdf.py FILE-OF-ROOT FILE-OF-AUTHORITY PDF...` prints a list with an object for each of them."""

import asyncio
import dataclasses
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
from pyhanko.sign.validation.ades import ades_lta_validation, ades_with_time_validation
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.policy_decl import (
    LocalKnowledge,
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager
from pyhanko_certvalidator.revinfo.archival import CRLContainer, OCSPContainer


def validated(sig, root, others):
    """A signature or time stamp with the root trusted, and nothing asked about revocation."""
    context = ValidationContext(trust_roots=[root], other_certs=others, allow_fetching=False)
    if sig.sig_object.get("/Type") == "/DocTimeStamp":
        status = validate_pdf_timestamp(sig, validation_context=context)
    else:
        status = validate_pdf_signature(sig, signer_validation_context=context, ts_validation_context=context)
    level = getattr(status, "modification_level", None)
    if hasattr(status, "bottom_line"):
        ok = status.bottom_line
    else:
        whole = status.coverage.name == "ENTIRE_FILE" or status.modification_level.name == "LTA_UPDATES"
        ok = status.intact and status.valid and status.trusted and whole
    text = {key: str(sig.sig_object["/" + key]) if "/" + key in sig.sig_object else None for key in ("Name", "Reason", "Location")}
    return {
        "field": sig.field_name,
        "intact": status.intact,
        "valid": status.valid,
        "coverage": status.coverage.name,
        "level": level and level.name,
        "ok": ok,
        "certified": sig.docmdp_level.value if sig.docmdp_level is not None else None,
        "name": text["Name"],
        "reason": text["Reason"],
        "location": text["Location"],
        "stamped": getattr(status, "timestamp_validity", None) is not None,
    }


def long_term(reader, root):
    """The verdict of EN 319 102-1 on the first signature, with revocation data demanded, and nothing but the file to find it in."""
    trust = SimpleTrustManager.build(trust_roots=[root])
    policy = CertValidationPolicySpec(trust_manager=trust, revinfo_policy=CertRevTrustPolicy(REQUIRE_REVINFO))
    spec = SignatureValidationSpec(
        cert_validation_policy=policy,
        revinfo_gathering_policy=RevocationInfoGatheringSpec(online_fetching_rule=RevinfoOnlineFetchingRule.LOCAL_ONLY),
    )
    sig = reader.embedded_regular_signatures[0]
    if reader.embedded_timestamp_signatures:
        result = asyncio.run(ades_lta_validation(sig, PdfSignatureValidationSpec(spec)))
        archived = result.oldest_evidence_record_timestamp is not None
    else:
        ocsps, crls, certs = [], [], []
        try:
            dss = DocumentSecurityStore.read_dss(reader)
            for answer in dss.ocsps:
                ocsps += OCSPContainer.load_multi(OCSPResponse.load(answer.get_object().data))
            crls = [CRLContainer(crl_data=CertificateList.load(crl.get_object().data)) for crl in dss.crls]
            certs = list(dss.load_certs())
        except NoDSSFoundError:
            pass
        knowledge = LocalKnowledge(known_ocsps=ocsps, known_crls=crls, known_certs=certs)
        spec = dataclasses.replace(spec, local_knowledge=knowledge)
        result = asyncio.run(ades_with_time_validation(sig.signed_data, spec, raw_digest=sig.compute_digest()))
        archived = False
    return f"{result.ades_subindic} {'archived' if archived else ''} {result.failure_msg or ''}"


def judged(path, root, others):
    reader = PdfFileReader(open(path, "rb"), strict=True)
    try:
        verdict = long_term(reader, root)
    except Exception as error:
        verdict = repr(error)
    return {"signatures": [validated(sig, root, others) for sig in reader.embedded_signatures], "long_term": verdict}


root = load_cert_from_pemder(sys.argv[1])
others = [load_cert_from_pemder(sys.argv[2])]
print(json.dumps([judged(path, root, others) for path in sys.argv[3:]]))
