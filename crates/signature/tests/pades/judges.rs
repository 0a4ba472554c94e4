//! What `pyHanko`, `pdfsig` and `qpdf` say.

use std::{fs, path::Path};

use tempfile::TempDir;

use crate::support::{
    Holder, Kind,
    judge::{ask, python},
    pki,
};

const VALIDATE: &str = r#"
import sys, json, warnings
warnings.filterwarnings("ignore")
import logging
logging.disable(logging.CRITICAL)
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko.keys import load_cert_from_pemder
from pyhanko_certvalidator import ValidationContext
root = load_cert_from_pemder(sys.argv[2])
others = [load_cert_from_pemder(path) for path in sys.argv[3:]]
reader = PdfFileReader(open(sys.argv[1], "rb"), strict=True)
found = []
for sig in reader.embedded_signatures:
    context = ValidationContext(trust_roots=[root], other_certs=others, allow_fetching=False)
    if sig.sig_object.get("/Type") == "/DocTimeStamp":
        status = validate_pdf_timestamp(sig, validation_context=context)
    else:
        status = validate_pdf_signature(sig, signer_validation_context=context, ts_validation_context=context)
    found.append({
        "field": sig.field_name, "intact": status.intact, "valid": status.valid, "trusted": status.trusted,
        "coverage": status.coverage.name,
        "level": status.modification_level.name if getattr(status, "modification_level", None) is not None else None,
        "ok": status.bottom_line if hasattr(status, "bottom_line") else
            status.intact and status.valid and status.trusted and status.modification_level.name == "LTA_UPDATES"
            or status.intact and status.valid and status.trusted and status.coverage.name == "ENTIRE_FILE",
        "certified": sig.docmdp_level.value if sig.docmdp_level is not None else None,
        "name": str(sig.sig_object.get("/Name")) if "/Name" in sig.sig_object else None,
        "reason": str(sig.sig_object.get("/Reason")) if "/Reason" in sig.sig_object else None,
        "location": str(sig.sig_object.get("/Location")) if "/Location" in sig.sig_object else None,
        "stamped": getattr(status, "timestamp_validity", None) is not None,
    })
print(json.dumps(found))
"#;

const LONG_TERM: &str = r#"
import sys, asyncio, dataclasses, warnings, logging
warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)
from pyhanko.pdf_utils.reader import PdfFileReader
from asn1crypto.crl import CertificateList
from asn1crypto.ocsp import OCSPResponse
from pyhanko.sign.validation.ades import ades_lta_validation, ades_with_time_validation
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.policy_decl import (
    LocalKnowledge, PdfSignatureValidationSpec, RevinfoOnlineFetchingRule, RevocationInfoGatheringSpec, SignatureValidationSpec)
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager
from pyhanko_certvalidator.revinfo.archival import CRLContainer, OCSPContainer
from pyhanko.keys import load_cert_from_pemder
trust = SimpleTrustManager.build(trust_roots=[load_cert_from_pemder(sys.argv[2])])
policy = CertValidationPolicySpec(trust_manager=trust, revinfo_policy=CertRevTrustPolicy(REQUIRE_REVINFO))
spec = SignatureValidationSpec(
    cert_validation_policy=policy,
    revinfo_gathering_policy=RevocationInfoGatheringSpec(online_fetching_rule=RevinfoOnlineFetchingRule.LOCAL_ONLY))
reader = PdfFileReader(open(sys.argv[1], "rb"), strict=True)
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
print(result.ades_subindic, "archived" if archived else "", result.failure_msg or "")
"#;

const SIGN: &str = r#"
import sys, warnings, logging
warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils import generic
from pyhanko.sign import signers, fields
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko.keys import load_cert_from_pemder, load_private_key_from_pemder
from pyhanko_certvalidator.registry import SimpleCertificateStore
source, target, mode, certificate, key, authority, tsa, tsa_key = sys.argv[1:9]
store = SimpleCertificateStore.from_certs([load_cert_from_pemder(authority)])
signer = signers.SimpleSigner(
    signing_cert=load_cert_from_pemder(certificate), signing_key=load_private_key_from_pemder(key, None),
    cert_registry=store, embed_roots=False)
stamper = DummyTimeStamper(load_cert_from_pemder(tsa), load_private_key_from_pemder(tsa_key, None), certs_to_embed=store)
def sign(data, name, **options):
    writer = IncrementalPdfFileWriter(data)
    spec = fields.SigFieldSpec(name, box=(20, 20, 200, 90)) if mode == "visible" else fields.SigFieldSpec(name)
    fields.append_signature_field(writer, spec)
    meta = signers.PdfSignatureMetadata(field_name=name, md_algorithm="sha256", **options)
    return signers.sign_pdf(writer, meta, signer=signer)
pades = {"subfilter": fields.SigSeedSubFilter.PADES}
data = open(source, "rb")
if mode == "pkcs7":
    data = sign(data, "Sig1", reason="because", location="Rabat")
elif mode == "certify":
    data = sign(data, "Sig1", certify=True, docmdp_permissions=fields.MDPPerm.FILL_FORMS, **pades)
else:
    data = sign(data, "Sig1", **pades)
if mode == "twice":
    data = sign(data, "Sig2", **pades)
if mode == "stamp":
    writer = IncrementalPdfFileWriter(data)
    signers.PdfTimeStamper(stamper).timestamp_pdf(writer, "sha256", in_place=True)
    data = writer.output if hasattr(writer, "output") and writer.output else data
if mode == "fill":
    writer = IncrementalPdfFileWriter(data)
    for reference in writer.root["/AcroForm"]["/Fields"]:
        field = reference.get_object()
        if field["/T"] == "town":
            field["/V"] = generic.pdf_string("Casablanca")
            writer.mark_update(reference.reference)
    writer.write_in_place()
data.seek(0)
open(target, "wb").write(data.read())
"#;

/// `pyHanko`'s verdict (EN 319 102-1) on the first signature, with revocation data demanded and nothing but what is in the
/// file to find them in.
pub(crate) fn long_term(file: &[u8]) -> String {
    let folder = TempDir::new().unwrap();
    let (script, pdf) = (folder.path().join("long_term.py"), folder.path().join("file.pdf"));
    fs::write(&script, LONG_TERM).unwrap();
    fs::write(&pdf, file).unwrap();
    ask(python(), [&script, &pdf, &pki().path("root.pem")]).text
}

/// A file that `pyHanko` signed.
pub(crate) fn sign_with_py_hanko(file: &[u8], holder: &Holder, mode: &str) -> Vec<u8> {
    let folder = TempDir::new().unwrap();
    let [script, from, to] = ["sign.py", "in.pdf", "out.pdf"].map(|name| folder.path().join(name));
    fs::write(&script, SIGN).unwrap();
    fs::write(&from, file).unwrap();
    let infrastructure = pki().issue("rsa_tsa", Kind::Rsa2048, "/C=MA/CN=Test Time Stamps 2", "tsa");
    let (authority, tsa, tsa_key) =
        (&pki().path("ca.pem"), &infrastructure.certificate_file, &infrastructure.key_file);
    let arguments: [&Path; 9] = [
        &script,
        &from,
        &to,
        Path::new(mode),
        &holder.certificate_file,
        &holder.key_file,
        authority,
        tsa,
        tsa_key,
    ];
    let verdict = ask(python(), arguments);
    assert!(verdict.success, "{}", verdict.text);
    fs::read(to).unwrap()
}

/// The text that `pdftotext` finds on a page, the first being 1.
pub(crate) fn text_of(file: &[u8], page: usize) -> String {
    let folder = TempDir::new().unwrap();
    let pdf = folder.path().join("file.pdf");
    fs::write(&pdf, file).unwrap();
    let page = page.to_string();
    let arguments = ["-f", &page, "-l", &page, pdf.to_str().unwrap(), "-"];
    ask("pdftotext", arguments).text
}

/// What `pyHanko` says of one signature.
#[derive(Debug, Clone)]
pub(crate) struct PyHanko {
    pub(crate) field: String,
    pub(crate) intact: bool,
    pub(crate) coverage: String,
    pub(crate) ok: bool,
    pub(crate) stamped: bool,
    pub(crate) certified: Option<i64>,
    pub(crate) name: Option<String>,
    pub(crate) reason: Option<String>,
    pub(crate) location: Option<String>,
}

/// `pyHanko`'s validation of all signatures, with the root as the only anchor.
pub(crate) fn py_hanko(file: &[u8]) -> Vec<PyHanko> {
    let folder = TempDir::new().unwrap();
    let (script, pdf) = (folder.path().join("validate.py"), folder.path().join("file.pdf"));
    fs::write(&script, VALIDATE).unwrap();
    fs::write(&pdf, file).unwrap();
    let arguments = [&script, &pdf, &pki().path("root.pem"), &pki().path("ca.pem")];
    let verdict = ask(python(), arguments);
    assert!(verdict.success, "{}", verdict.text);
    let found: Vec<serde_json::Value> = serde_json::from_str(verdict.text.lines().last().unwrap()).unwrap();
    let text = |value: &serde_json::Value| value.as_str().map(str::to_owned);
    found
        .iter()
        .map(|found| PyHanko {
            field: text(&found["field"]).unwrap(),
            intact: found["intact"] == true && found["valid"] == true,
            coverage: text(&found["coverage"]).unwrap(),
            ok: found["ok"] == true,
            stamped: found["stamped"] == true,
            certified: found["certified"].as_i64(),
            name: text(&found["name"]),
            reason: text(&found["reason"]),
            location: text(&found["location"]),
        })
        .collect()
}

/// `pdfsig` finds this many signatures, all valid.
pub(crate) fn assert_pdfsig(file: &[u8], signatures: usize) {
    let folder = TempDir::new().unwrap();
    let pdf = folder.path().join("file.pdf");
    fs::write(&pdf, file).unwrap();
    let verdict = ask("pdfsig", [Path::new("-nocert"), &pdf]);
    let valid = verdict.text.matches("Signature Validation: Signature is Valid.").count();
    assert_eq!(valid, signatures, "{}", verdict.text);
}

/// `qpdf` has nothing to say against it.
pub(crate) fn assert_clean(file: &[u8]) {
    let folder = TempDir::new().unwrap();
    let pdf = folder.path().join("file.pdf");
    fs::write(&pdf, file).unwrap();
    let verdict = ask("qpdf", [Path::new("--check"), &pdf]);
    assert!(verdict.success && !verdict.text.contains("WARNING"), "{}", verdict.text);
}
