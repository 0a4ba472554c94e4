"""Validates a CMS message and a PDF again and again, with what they bring; prints the median of each in milliseconds."""
import asyncio
import dataclasses
import logging
import statistics
import sys
import time
import warnings
from io import BytesIO

from asn1crypto import cms
from asn1crypto.crl import CertificateList
from asn1crypto.ocsp import OCSPResponse
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.ades import ades_with_time_validation
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

warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)

trust = SimpleTrustManager.build(trust_roots=[load_cert_from_pemder(sys.argv[1])])
specification = SignatureValidationSpec(
    cert_validation_policy=CertValidationPolicySpec(
        trust_manager=trust, revinfo_policy=CertRevTrustPolicy(REQUIRE_REVINFO)
    ),
    revinfo_gathering_policy=RevocationInfoGatheringSpec(
        online_fetching_rule=RevinfoOnlineFetchingRule.LOCAL_ONLY
    ),
)
with open(sys.argv[2], "rb") as file:
    message = file.read()
with open(sys.argv[3], "rb") as file:
    document = file.read()


def median(work):
    work()
    times = []
    begun = time.perf_counter()
    while time.perf_counter() - begun < 4:
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return statistics.median(times) * 1000


def judge(data, answers, lists, certificates, **more):
    knowledge = LocalKnowledge(
        known_ocsps=[one for answer in answers for one in OCSPContainer.load_multi(answer)],
        known_crls=[CRLContainer(crl_data=list_) for list_ in lists],
        known_certs=certificates,
    )
    judged = dataclasses.replace(specification, local_knowledge=knowledge)
    result = asyncio.run(ades_with_time_validation(data, judged, **more))
    assert str(result.ades_subindic).endswith("OK"), result.failure_msg


def judge_cms():
    data = cms.ContentInfo.load(message)["content"]
    lists, answers = [], []
    for choice in data["crls"]:
        if choice.name == "other":
            answers.append(OCSPResponse.load(choice.chosen["other_rev_info"].dump()))
        else:
            lists.append(CertificateList.load(choice.chosen.dump()))
    certificates = [choice.chosen for choice in data["certificates"]]
    judge(data, answers, lists, certificates)


def judge_pdf():
    reader = PdfFileReader(BytesIO(document))
    signature = reader.embedded_regular_signatures[0]
    store = DocumentSecurityStore.read_dss(reader)
    answers = [OCSPResponse.load(answer.get_object().data) for answer in store.ocsps]
    lists = [CertificateList.load(list_.get_object().data) for list_ in store.crls]
    judge(signature.signed_data, answers, lists, list(store.load_certs()), raw_digest=signature.compute_digest())


print(median(judge_cms), median(judge_pdf))
