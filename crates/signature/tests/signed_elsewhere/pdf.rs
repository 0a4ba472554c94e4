//! PDF files that pyHanko signed.

use std::fs;

use bitaqa_signature::Level;
use tempfile::TempDir;

use crate::{
    Beside, LEVELS, documents, pki, raised,
    support::{
        Holder, Kind,
        judge::{ask, python},
        pdf::{assert_clean, assert_pdfsig, py_hanko_of},
    },
};

const SIGN: &str = r#"
import sys, warnings, logging
warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers, fields
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko.keys import load_cert_from_pemder, load_private_key_from_pemder
from pyhanko_certvalidator.registry import SimpleCertificateStore
source, target, level, certificate, key, authority, tsa, tsa_key = sys.argv[1:]
store = SimpleCertificateStore.from_certs([load_cert_from_pemder(authority)])
signer = signers.SimpleSigner(
    signing_cert=load_cert_from_pemder(certificate), signing_key=load_private_key_from_pemder(key, None),
    cert_registry=store, embed_roots=False)
stamper = DummyTimeStamper(load_cert_from_pemder(tsa), load_private_key_from_pemder(tsa_key, None), certs_to_embed=store)
meta = signers.PdfSignatureMetadata(
    field_name="Sig1", md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES)
writer = IncrementalPdfFileWriter(open(source, "rb"))
signed = signers.sign_pdf(writer, meta, signer=signer, timestamper=stamper if level == "B-T" else None)
open(target, "wb").write(signed.read())
"#;

fn signed(document: &[u8], holder: &Holder, level: Level) -> Vec<u8> {
    let folder = TempDir::new().unwrap();
    let [script, from, to] = ["sign.py", "in.pdf", "out.pdf"].map(|name| folder.path().join(name));
    fs::write(&script, SIGN).unwrap();
    fs::write(&from, document).unwrap();
    // its own time stamps are signed with RSA
    let tsa = pki().issue("rsa_tsa", Kind::Rsa2048, "/C=MA/CN=Test Time Stamps 2", "tsa");
    let level = level.to_string();
    let authority = pki().path("ca.pem");
    let files = [&from, &to].map(|file| file.as_os_str());
    let keys = [&holder.certificate_file, &holder.key_file, &authority, &tsa.certificate_file, &tsa.key_file];
    let arguments = [script.as_os_str()].into_iter().chain(files).chain([level.as_ref()]);
    let verdict = ask(python(), arguments.chain(keys.map(|file| file.as_os_str())));
    assert!(verdict.success, "{}", verdict.text);
    fs::read(to).unwrap()
}

#[test]
fn what_pyhanko_signed_is_raised_and_pyhanko_accepts_it() {
    let form = documents::with_streams(&documents::form());
    let mut files = Vec::new();
    for kind in [Kind::P256, Kind::Rsa2048] {
        let holder = pki().signer(kind);
        for (document, first) in [
            (documents::plain(), Level::BB),
            (documents::plain(), Level::BT),
            (form.clone(), Level::BB),
            (form.clone(), Level::BT),
        ] {
            let before = signed(&document, &holder, first);
            let name = format!("{kind:?} {first}");
            for (level, file) in LEVELS.into_iter().zip(raised(&name, &before, &Beside(false))) {
                assert!(file.starts_with(&before), "{name} {level}");
                // it has a time stamp already
                assert_eq!(file == before, first == Level::BT && level == Level::BT, "{name} {level}");
                files.push((format!("{name} to {level}"), first, level, file));
            }
        }
    }
    let bytes: Vec<&[u8]> = files.iter().map(|(.., file)| &**file).collect();
    for ((name, first, level, file), judged) in files.iter().zip(py_hanko_of(pki(), &bytes)) {
        assert!(judged.signatures.iter().all(|one| one.ok && one.intact), "{name}: {judged:?}");
        assert_pdfsig(file, 1);
        assert_clean(file);
        let verdict = judged.long_term;
        if *level == Level::BT {
            continue;
        }
        // it says so also of a file whose first time stamp is over the file and not over the signature
        let wanted = if *first == Level::BT { "OK" } else { "SIG_CONSTRAINTS_FAILURE" };
        assert!(verdict.contains(wanted), "{name}: {verdict}");
        assert_eq!(
            verdict.contains("archived"),
            *level == Level::BLta || *first == Level::BB,
            "{name}: {verdict}"
        );
    }
    println!("pyHanko accepts {} files that it signed and that were raised", files.len());
}
