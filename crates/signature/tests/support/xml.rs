//! Signatures in XML, made for tests, and the programs that judge them.

use std::path::{Path, PathBuf};

use bitaqa_signature::{
    SignatureAlgorithm, SignerStatement,
    statement::{Commitment, Place, SignaturePolicy},
    xades::{self, Packaging},
};
use bitaqa_trust::{DateTime, ObjectIdentifier};

use super::{Holder, Pki, judge, pki};

/// A document in several namespaces, with two elements that can be named.
pub const DOCUMENT: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- before -->\n<o:order xmlns:o=\"urn:example:order\" xmlns=\"urn:example:default\" Id=\"order\">\r\n  <item Id=\"item-1\" o:price='12 &amp; 50'>قهوة é</item>\n  <note Id=\"note\"/><!-- inside --><![CDATA[<x>]]>\n</o:order>\n<?after all?>\n";

/// The same without an instruction behind the root element, which signxml would not see.
pub fn plain() -> &'static [u8] {
    DOCUMENT.strip_suffix("<?after all?>\n").unwrap().as_bytes()
}

/// A statement with all that a signer can say.
pub fn statement() -> SignerStatement {
    SignerStatement {
        signing_time: Some(DateTime::new(2026, 11, 26, 12, 0, 0).unwrap()),
        commitments: vec![
            Commitment::ProofOfApproval,
            Commitment::Other(ObjectIdentifier::new_unwrap("1.2.3.4.5")),
        ],
        claimed_roles: vec!["مديرة".to_owned(), "R&D <lead>".to_owned()],
        place: Some(Place {
            locality: Some("الرباط".to_owned()),
            state: None,
            postal_code: Some("10000".to_owned()),
            country: Some("MA".to_owned()),
        }),
        policy: Some(SignaturePolicy {
            identifier: ObjectIdentifier::new_unwrap("1.2.3.4.6"),
            digest: vec![7; 32],
            hash: bitaqa_signature::Hash::Sha256,
            uri: Some("https://policy.example/?a=1&b=2".to_owned()),
        }),
        media_type: None,
    }
}

/// Signs with the algorithm that fits the holder's key best.
pub fn sign(holder: &Holder, packaging: Packaging<'_>, statement: &SignerStatement) -> Vec<u8> {
    let algorithm = SignatureAlgorithm::for_key(holder.certificate.public_key().unwrap().kind());
    sign_with(holder, algorithm, packaging, statement)
}

/// Signs with an algorithm.
pub fn sign_with(
    holder: &Holder,
    algorithm: SignatureAlgorithm,
    packaging: Packaging<'_>,
    statement: &SignerStatement,
) -> Vec<u8> {
    let prepared = xades::prepare(&holder.with(algorithm), packaging, statement).unwrap();
    let signature = holder.sign(algorithm, &prepared.digest());
    prepared.finish(&signature).unwrap()
}

/// What `xmlsec1` says about a signature, the first one or the one that an XPath expression finds, with the tests' root trusted.
pub fn xmlsec(file: &Path, xpath: Option<&str>) -> judge::Verdict {
    xmlsec_of(pki(), file, &pki().path("content.bin"), xpath)
}

/// The same with the root of an infrastructure; `content` is what is signed elsewhere, if something is.
pub fn xmlsec_of(pki: &Pki, file: &Path, content: &Path, xpath: Option<&str>) -> judge::Verdict {
    let ds = "http://www.w3.org/2000/09/xmldsig#";
    let mut arguments = vec!["--verify".to_owned()];
    for name in [
        "http://uri.etsi.org/01903/v1.3.2#:SignedProperties".to_owned(),
        format!("{ds}:Object"),
        format!("{ds}:SignatureValue"),
        "urn:example:default:item".to_owned(),
        "urn:example:order:order".to_owned(),
    ] {
        arguments.extend(["--id-attr:Id".to_owned(), name]);
    }
    if let Some(xpath) = xpath {
        arguments.extend(["--node-xpath".to_owned(), xpath.to_owned()]);
    }
    let name = content.file_name().unwrap().to_string_lossy();
    arguments.extend([format!("--url-map:{name}"), content.display().to_string()]);
    arguments.extend(["--enabled-key-data".to_owned(), "x509".to_owned()]);
    arguments.extend(["--trusted-pem".to_owned(), pki.path("root.pem").display().to_string()]);
    arguments.push(file.display().to_string());
    judge::ask("xmlsec1", arguments)
}

const SIGNXML: &str = r#"
import sys, json
from lxml import etree
from signxml.xades import XAdESVerifier, XAdESSignatureConfiguration
from signxml import SignatureMethod, DigestAlgorithm
cases = json.load(open(sys.argv[1]))
for case in cases:
    data = open(case["file"], "rb").read()
    def resolve(uri):
        return open(case["folder"] + "/" + uri, "rb").read()
    try:
        config = XAdESSignatureConfiguration(
            require_x509=True, expect_references=case["references"],
            location=case["location"], signature_methods=frozenset(SignatureMethod), digest_algorithms=frozenset(DigestAlgorithm))
        results = XAdESVerifier().verify(data, x509_cert=open(case["certificate"]).read(), expect_config=config, uri_resolver=resolve)
        print("OK", case["file"], len(results))
    except Exception as error:
        print("FAILED", case["file"], type(error).__name__, error)
"#;

/// A file for [`signxml`].
pub struct Case {
    pub file: PathBuf,
    /// The signer's.
    pub certificate: PathBuf,
    /// Of `SignedInfo`, that to the signed properties included.
    pub references: usize,
    /// Where the signature is: an ElementPath, `.//` anywhere.
    pub location: &'static str,
    /// Where what is signed elsewhere is.
    pub folder: PathBuf,
}

/// What signxml's `XAdESVerifier` says about files, each with the certificate that must have signed it: its own paths demand
/// `digitalSignature`, which a certificate for documents does not have.
pub fn signxml(cases: &[Case]) -> judge::Verdict {
    let cases: Vec<serde_json::Value> = cases
        .iter()
        .map(|case| {
            serde_json::json!({
                "file": case.file,
                "references": case.references,
                "location": case.location,
                "certificate": case.certificate,
                "folder": case.folder,
            })
        })
        .collect();
    let folder = tempfile::tempdir().unwrap();
    let [script, input] = ["verify.py", "cases.json"].map(|name| folder.path().join(name));
    std::fs::write(&script, SIGNXML).unwrap();
    std::fs::write(&input, serde_json::to_vec(&cases).unwrap()).unwrap();
    judge::ask(judge::python(), [script, input])
}
