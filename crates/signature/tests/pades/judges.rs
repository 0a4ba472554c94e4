//! What `pyHanko`, `pdfsig` and `qpdf` say.

use std::{fs, path::Path};

use tempfile::TempDir;

pub(crate) use crate::support::pdf::{assert_clean, assert_pdfsig};
use crate::support::{
    Holder, Kind,
    judge::{ask, python},
    pdf::{PyHanko, py_hanko_of},
    pki,
};

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
    py_hanko_of(pki(), &[file]).remove(0).long_term
}

/// `pyHanko`'s validation of all signatures, with the root as the only anchor.
pub(crate) fn py_hanko(file: &[u8]) -> Vec<PyHanko> {
    py_hanko_of(pki(), &[file]).remove(0).signatures
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
