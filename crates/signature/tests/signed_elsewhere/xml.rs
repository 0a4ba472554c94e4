//! XML documents that xadesjs and signxml signed, and xmlsec1 after a template.

use std::{fs, io::Write as _, path::Path, process::Stdio};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bitaqa_signature::{Hash, Level};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    Beside, LEVELS, contains, element, pki, raised,
    support::{
        Holder, Kind,
        judge::{ask, python},
        xml::xmlsec_of,
    },
};

const KINDS: [Kind; 2] = [Kind::P256, Kind::Rsa2048];

/// What `xadesjs` says to each task.
fn xadesjs(tasks: &[Value]) -> Vec<Value> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/xadesjs/judge.mjs");
    let mut command = std::process::Command::new("node");
    command.arg(script).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap_or_else(|error| panic!("node is needed: {error}"));
    child.stdin.take().unwrap().write_all(Value::from(tasks).to_string().as_bytes()).unwrap();
    let results: Vec<Value> = serde_json::from_slice(&child.wait_with_output().unwrap().stdout).unwrap();
    assert_eq!(results.len(), tasks.len());
    results
}

fn signed_by_xadesjs(holder: &Holder) -> Vec<u8> {
    let algorithm = match holder.kind {
        Kind::P256 => json!({"name": "ECDSA", "namedCurve": "P-256", "hash": "SHA-256"}),
        _ => json!({"name": "RSASSA-PKCS1-v1_5", "hash": "SHA-256"}),
    };
    let file = |path: &Path| fs::read_to_string(path).unwrap();
    let task = json!({
        "task": "sign",
        "document": "<o:order xmlns:o=\"urn:order\"><item Id=\"item-1\">قهوة</item></o:order>",
        "key": file(&holder.key_file),
        "certificate": file(&holder.certificate_file),
        "references": [{"uri": "", "hash": "SHA-256", "transforms": ["enveloped", "exc-c14n"]}],
        "algorithm": algorithm,
        "roles": ["lead"],
        "versioned": true,
    });
    xadesjs(&[task])[0]["done"].as_str().unwrap().as_bytes().to_vec()
}

// the canonical form is the one that is meant where none is named: signxml names none for the properties
const SIGNXML: &str = r#"
import sys
from lxml import etree
from signxml import SignatureMethod, DigestAlgorithm, methods
from signxml.xades import XAdESSigner
key, cert, method, out = sys.argv[1:]
document = etree.fromstring(b"<a><b Id='b'>text</b></a>")
signer = XAdESSigner(method=methods.enveloped, signature_algorithm=SignatureMethod[method],
    digest_algorithm=DigestAlgorithm.SHA256, c14n_algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315")
open(out, "wb").write(etree.tostring(signer.sign(document, key=open(key, "rb").read(), cert=open(cert).read())))
"#;

fn signed_by_signxml(holder: &Holder, folder: &TempDir) -> Vec<u8> {
    let out = folder.path().join("signxml.xml");
    let method = if holder.kind == Kind::P256 { "ECDSA_SHA256" } else { "RSA_SHA256" };
    let files =
        [holder.key_file.as_os_str(), holder.certificate_file.as_os_str(), method.as_ref(), out.as_os_str()];
    let verdict = ask(python(), ["-c".as_ref(), SIGNXML.as_ref()].into_iter().chain(files));
    assert!(verdict.success, "{}", verdict.text);
    fs::read(out).unwrap()
}

/// All digests of references, and the signature, are xmlsec1's; the digest of the certificate stands in the template.
fn signed_by_xmlsec(holder: &Holder, folder: &TempDir) -> Vec<u8> {
    const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
    const SHA256: &str = "http://www.w3.org/2001/04/xmlenc#sha256";
    let kind = if holder.kind == Kind::P256 { "ecdsa" } else { "rsa" };
    let digest = STANDARD.encode(Hash::Sha256.digest(&[holder.certificate.der()]));
    let template = format!(
        "<a xmlns=\"urn:a\">\n  <b>text</b>\n  <ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" Id=\"s\"><ds:SignedInfo>\
         <ds:CanonicalizationMethod Algorithm=\"{EXCLUSIVE}\"/>\
         <ds:SignatureMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#{kind}-sha256\"/>\
         <ds:Reference Id=\"r\" URI=\"\"><ds:Transforms>\
         <ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"/><ds:Transform Algorithm=\"{EXCLUSIVE}\"/>\
         </ds:Transforms><ds:DigestMethod Algorithm=\"{SHA256}\"/><ds:DigestValue/></ds:Reference>\
         <ds:Reference Type=\"http://uri.etsi.org/01903#SignedProperties\" URI=\"#p\"><ds:Transforms>\
         <ds:Transform Algorithm=\"{EXCLUSIVE}\"/></ds:Transforms><ds:DigestMethod Algorithm=\"{SHA256}\"/><ds:DigestValue/>\
         </ds:Reference></ds:SignedInfo><ds:SignatureValue/><ds:KeyInfo><ds:X509Data/></ds:KeyInfo><ds:Object>\
         <xades:QualifyingProperties xmlns:xades=\"http://uri.etsi.org/01903/v1.3.2#\" Target=\"#s\">\
         <xades:SignedProperties Id=\"p\"><xades:SignedSignatureProperties>\
         <xades:SigningTime>2026-06-01T12:00:00Z</xades:SigningTime><xades:SigningCertificateV2><xades:Cert><xades:CertDigest>\
         <ds:DigestMethod Algorithm=\"{SHA256}\"/><ds:DigestValue>{digest}</ds:DigestValue></xades:CertDigest></xades:Cert>\
         </xades:SigningCertificateV2></xades:SignedSignatureProperties><xades:SignedDataObjectProperties>\
         <xades:DataObjectFormat ObjectReference=\"#r\"><xades:MimeType>text/xml</xades:MimeType></xades:DataObjectFormat>\
         </xades:SignedDataObjectProperties></xades:SignedProperties></xades:QualifyingProperties></ds:Object></ds:Signature></a>\n"
    );
    let [file, out] = ["template.xml", "signed.xml"].map(|name| folder.path().join(name));
    fs::write(&file, template).unwrap();
    let key = format!("{},{}", holder.key_file.display(), holder.certificate_file.display());
    let arguments = [
        "--sign".as_ref(),
        "--privkey-pem".as_ref(),
        key.as_ref(),
        "--id-attr:Id".as_ref(),
        "http://uri.etsi.org/01903/v1.3.2#:SignedProperties".as_ref(),
        "--output".as_ref(),
        out.as_os_str(),
        file.as_os_str(),
    ];
    let verdict = ask("xmlsec1", arguments);
    assert!(verdict.success, "{}", verdict.text);
    fs::read(out).unwrap()
}

#[test]
fn what_others_signed_in_xml_is_raised_and_they_accept_it() {
    let folder = TempDir::new().unwrap();
    let (mut by_xadesjs, mut accepted) = (Vec::new(), 0);
    for kind in KINDS {
        let holder = pki().signer(kind);
        for (maker, before) in [
            ("xadesjs", signed_by_xadesjs(&holder)),
            ("signxml", signed_by_signxml(&holder, &folder)),
            ("xmlsec1", signed_by_xmlsec(&holder, &folder)),
        ] {
            let name = format!("{maker} {kind:?}");
            for (level, file) in LEVELS.into_iter().zip(raised(&name, &before, &Beside(false))) {
                for part in ["SignedInfo", "SignatureValue", "KeyInfo", "SignedProperties"] {
                    assert!(contains(&file, &element(&before, part)), "{name} {level} {part}");
                }
                // all of it, but for where the unsigned properties came in
                let kept = before.iter().zip(&file).take_while(|(one, other)| one == other).count();
                assert!(
                    contains(&before[..kept], b"SignedProperties")
                        && file.ends_with(&before[before.len() - 30..])
                );
                let document = folder.path().join("raised.xml");
                fs::write(&document, &file).unwrap();
                // signxml and xadesjs put no certificate of the authority into the file, which B-LT brings
                let mut judged = xmlsec_of(pki(), &document, &document, None);
                if !judged.success {
                    judged = xmlsec_with(&document);
                }
                assert!(judged.success, "{name} {level}: {}", judged.text);
                accepted += 1;
                // it does not know the archive time stamps of EN 319 132-1
                if maker == "xadesjs" && level < Level::BLta {
                    by_xadesjs.push(json!({"task": "verify", "document": String::from_utf8(file).unwrap(), "contents": {}}));
                }
            }
        }
    }
    for result in xadesjs(&by_xadesjs) {
        assert_eq!(result["done"][0]["valid"], true, "{result}");
    }
    println!(
        "xmlsec1 accepts {accepted} files that others signed and that were raised, xadesjs {}",
        by_xadesjs.len()
    );
}

/// With the authority's certificate from elsewhere.
fn xmlsec_with(document: &Path) -> crate::support::judge::Verdict {
    let [root, authority] = ["root.pem", "ca.pem"].map(|name| pki().path(name));
    let fixed =
        ["--verify", "--id-attr:Id", "http://uri.etsi.org/01903/v1.3.2#:SignedProperties", "--trusted-pem"];
    let mut arguments: Vec<&std::ffi::OsStr> = fixed.map(AsRef::as_ref).to_vec();
    arguments.extend([
        root.as_os_str(),
        "--untrusted-pem".as_ref(),
        authority.as_os_str(),
        document.as_os_str(),
    ]);
    ask("xmlsec1", arguments)
}
