"""pyHanko's verdicts (EN 319 102-1 clauses 5.3 and 5.5) about signatures in CMS.

Reads a list of cases in JSON: message, time, roots, certificates, lists, answers (paths and ISO time). Writes the list of
sub-indications, one for each case, in JSON; OK where it passed.
"""

import asyncio
import json
import sys
from datetime import datetime
from pathlib import Path

from asn1crypto import cms, crl, ocsp, x509
from pyhanko.sign.validation.ades import ades_basic_validation, ades_with_time_validation
from pyhanko.sign.validation.policy_decl import (
    LocalKnowledge,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko_certvalidator.context import CertValidationPolicySpec, ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import (
    CertRevTrustPolicy,
    RevocationCheckingPolicy,
    RevocationCheckingRule,
)
from pyhanko_certvalidator.registry import SimpleTrustManager
from pyhanko_certvalidator.revinfo.archival import CRLContainer, OCSPContainer


def load(kind, paths):
    return [kind.load(Path(path).read_bytes()) for path in paths]


def specification(case):
    policy = CertValidationPolicySpec(
        trust_manager=SimpleTrustManager.build(trust_roots=load(x509.Certificate, case["roots"])),
        revinfo_policy=CertRevTrustPolicy(
            RevocationCheckingPolicy(
                ee_certificate_rule=RevocationCheckingRule.CRL_OR_OCSP_REQUIRED,
                intermediate_ca_cert_rule=RevocationCheckingRule.CRL_OR_OCSP_REQUIRED,
            ),
        ),
    )
    return SignatureValidationSpec(
        cert_validation_policy=policy,
        revinfo_gathering_policy=RevocationInfoGatheringSpec(
            online_fetching_rule=RevinfoOnlineFetchingRule.LOCAL_ONLY
        ),
        local_knowledge=LocalKnowledge(
            known_crls=[CRLContainer(one) for one in load(crl.CertificateList, case["lists"])],
            known_ocsps=[OCSPContainer(one) for one in load(ocsp.OCSPResponse, case["answers"])],
            known_certs=load(x509.Certificate, case["certificates"]),
        ),
    )


async def judge(case):
    signed = cms.ContentInfo.load(Path(case["message"]).read_bytes())["content"]
    at = datetime.fromisoformat(case["time"])
    timing = ValidationTimingInfo(at, at, point_in_time_validation=True)
    attributes = signed["signer_infos"][0]["unsigned_attrs"].native or []
    # the process with time demands a time stamp
    is_stamped = any(one["type"] == "signature_time_stamp_token" for one in attributes)
    process = ades_with_time_validation if is_stamped else ades_basic_validation
    result = await process(signed, specification(case), timing_info=timing)
    return result.ades_subindic.standard_name


async def main():
    return [await judge(case) for case in json.load(sys.stdin)]


json.dump(asyncio.run(main()), sys.stdout)
