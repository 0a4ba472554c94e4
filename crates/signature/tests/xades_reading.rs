//! Files that signxml and xmlsec1 made are read as what they are, and files of attackers never as intact.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends where it cannot go on"
)]

mod support;

use std::{
    fmt::Write as _,
    sync::atomic::{AtomicUsize, Ordering},
};

use bitaqa_signature::{
    FoundSignature,
    algorithm::AlgorithmError,
    found::{Coverage, Integrity, SigningCertificate},
    xades::{self, NoContent, OtherSignatures, Packaging, XadesError, enveloped::EnvelopedError},
    xml::XmlFault,
};
use proptest::prelude::*;
use support::{
    Holder, Kind, judge, pki,
    xml::{DOCUMENT, sign, statement},
};

const ENVELOPED: Packaging<'static> =
    Packaging::Enveloped { document: DOCUMENT.as_bytes(), others: OtherSignatures::Signed };

fn only(document: &[u8]) -> FoundSignature {
    let mut found = xades::read(document, &NoContent).unwrap();
    assert_eq!(found.len(), 1);
    found.remove(0)
}

// signxml canonicalizes the properties as it does SignedInfo, without saying so: only with the form that is meant where none is
// named, others find the same digest.
const SIGNXML: &str = r#"
import sys
from lxml import etree
from signxml import SignatureMethod, DigestAlgorithm, methods
from signxml.xades import XAdESSigner
key, cert, method, out = sys.argv[1:5]
document = etree.fromstring(b"<a><b Id='b'>text</b></a>")
signer = XAdESSigner(method=methods.enveloped, signature_algorithm=SignatureMethod[method], digest_algorithm=DigestAlgorithm.SHA256,
    claimed_roles=["lead"], c14n_algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315")
signed = signer.sign(document, key=open(key, "rb").read(), cert=open(cert).read())
open(out, "wb").write(etree.tostring(signed))
"#;

#[test]
fn signatures_of_signxml_are_intact() {
    let script = pki().file("sign.py", SIGNXML.as_bytes());
    for (kind, method) in [
        (Kind::P256, "ECDSA_SHA256"),
        (Kind::P521, "ECDSA_SHA512"),
        (Kind::P384, "ECDSA_SHA384"),
        (Kind::Rsa2048, "RSA_SHA256"),
        (Kind::Rsa3072, "SHA512_RSA_MGF1"),
        (Kind::Rsa2048, "SHA3_256_RSA_MGF1"),
    ] {
        let holder = pki().signer(kind);
        let out = pki().path("signxml.xml");
        let arguments =
            [script.as_os_str(), holder.key_file.as_os_str(), holder.certificate_file.as_os_str()];
        let rest = [method.as_ref(), out.as_os_str()];
        let verdict = judge::ask(judge::python(), arguments.into_iter().chain(rest));
        assert!(verdict.success, "{}", verdict.text);
        let found = only(&std::fs::read(&out).unwrap());
        assert_eq!(found.integrity, Integrity::Intact, "{method}: {:?}", found.format_faults);
        assert!(
            matches!(&found.signer, SigningCertificate::Bound(certificate) if **certificate == holder.certificate)
        );
        assert_eq!(found.coverage, Coverage::Whole, "{method}");
        assert_eq!(found.statement.claimed_roles, ["lead"]);
        assert!(found.statement.signing_time.is_some());
    }
}

// A signature by the parameters in its `SignatureMethod`, with lxml's canonical form and the padding of `cryptography`.
const RSA_PSS: &str = r#"
import base64, hashlib, sys
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from lxml import etree
key, cert, parameters, name, salt, out = sys.argv[1:7]
certificate = "".join(open(cert).read().split("-----")[2].split())
reference = base64.b64encode(hashlib.sha256(b"<a><b>text</b></a>").digest()).decode()
document = etree.fromstring(f"""<a><b>text</b><Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo><CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/><SignatureMethod Algorithm="http://www.w3.org/2007/05/xmldsig-more#rsa-pss">{parameters}</SignatureMethod><Reference URI=""><Transforms><Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/></Transforms><DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><DigestValue>{reference}</DigestValue></Reference></SignedInfo><SignatureValue/><KeyInfo><X509Data><X509Certificate>{certificate}</X509Certificate></X509Data></KeyInfo></Signature></a>""")
signature = document[1]
hash = getattr(hashes, name)()
private = serialization.load_pem_private_key(open(key, "rb").read(), None)
value = private.sign(etree.tostring(signature[0], method="c14n", exclusive=True),
    padding.PSS(padding.MGF1(hash), int(salt)), hash)
signature[1].text = base64.b64encode(value).decode()
open(out, "wb").write(etree.tostring(document))
"#;

#[test]
fn parameters_of_rsassa_pss_are_taken_as_they_stand() {
    let digest = |name: &str| {
        let more = "http://www.w3.org/2001/04/xmldsig-more#sha384";
        let uri = if name == "sha384" {
            more.to_owned()
        } else {
            format!("http://www.w3.org/2001/04/xmlenc#{name}")
        };
        format!("<DigestMethod Algorithm='{uri}'/>")
    };
    let mask = |inside: &str| {
        format!(
            "<p:MaskGenerationFunction Algorithm='http://www.w3.org/2007/05/xmldsig-more#MGF1'>{inside}</p:MaskGenerationFunction>"
        )
    };
    let (salt, trailer) =
        (|text: &str| format!("<p:SaltLength>{text}</p:SaltLength>"), "<p:TrailerField>1</p:TrailerField>");
    let (sha256, sha384, sha512) = (digest("sha256"), digest("sha384"), digest("sha512"));
    let script = pki().file("rsa_pss.py", RSA_PSS.as_bytes());
    let holder = pki().signer(Kind::Rsa2048);
    for (inside, name, length, outcome) in [
        (String::new(), "SHA256", "32", Some(Integrity::Intact)),
        (sha256.clone() + &mask(&sha256) + &salt("32") + trailer, "SHA256", "32", Some(Integrity::Intact)),
        (sha384.clone() + &mask(&sha384), "SHA384", "48", Some(Integrity::Intact)),
        (sha512.clone() + &mask("") + &salt("20"), "SHA512", "20", Some(Integrity::Intact)),
        // something else than was signed with
        (salt("20"), "SHA256", "32", Some(Integrity::SignatureInvalid)),
        (sha384.clone(), "SHA512", "64", Some(Integrity::SignatureInvalid)),
        // what is not calculated with
        (sha256.clone() + &mask(&sha512), "SHA256", "32", None),
        (digest("sha1"), "SHA256", "32", None),
        (salt("-1"), "SHA256", "32", None),
        (salt("4294967328"), "SHA256", "32", None),
        ("<p:TrailerField>2</p:TrailerField>".to_owned(), "SHA256", "32", None),
        (salt("32") + &sha256, "SHA256", "32", None),
    ] {
        let parameters = format!(
            "<p:RSAPSSParams xmlns:p='http://www.w3.org/2007/05/xmldsig-more#'>{inside}</p:RSAPSSParams>"
        );
        let out = pki().path("rsa_pss.xml");
        let files = [script.as_os_str(), holder.key_file.as_os_str(), holder.certificate_file.as_os_str()];
        let rest = [parameters.as_ref(), name.as_ref(), length.as_ref(), out.as_os_str()];
        let verdict = judge::ask(judge::python(), files.into_iter().chain(rest));
        assert!(verdict.success, "{}", verdict.text);
        let found = only(&std::fs::read(&out).unwrap());
        assert_eq!(found.integrity, outcome.unwrap_or(Integrity::NotVerified), "{inside}");
        assert_eq!(
            found.algorithm.err(),
            outcome.is_none().then_some(AlgorithmError::Parameters),
            "{inside}"
        );
    }
}

/// A document with a signature that `xmlsec1` made, by the transforms of its reference.
fn by_xmlsec(holder: &Holder, canonicalization: &str, hash: &str, uri: &str, transforms: &str) -> Vec<u8> {
    let kind = match holder.kind {
        Kind::Rsa2048 | Kind::Rsa3072 => "rsa",
        _ => "ecdsa",
    };
    let digest = match hash {
        "sha1" => "http://www.w3.org/2000/09/xmldsig#sha1".to_owned(),
        _ => format!("http://www.w3.org/2001/04/xmlenc#{hash}"),
    };
    let template = format!(
        "<a xmlns=\"urn:a\" xmlns:u=\"urn:unused\" xml:lang=\"ar\"><!-- c --><item xmlns=\"urn:example:default\" Id=\"b\">dGV4dA==\n</item>\
         <Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\"><SignedInfo><!-- seen or not -->\
         <CanonicalizationMethod Algorithm=\"{canonicalization}\"/>\
         <SignatureMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#{kind}-sha256\"/>\
         <Reference URI=\"{uri}\"><Transforms>{transforms}</Transforms><DigestMethod Algorithm=\"{digest}\"/><DigestValue/></Reference>\
         </SignedInfo><SignatureValue/><KeyInfo><X509Data/></KeyInfo></Signature></a>"
    );
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let file = pki().file(&format!("template_{number}.xml"), template.as_bytes());
    let out = pki().path(&format!("by_xmlsec_{number}.xml"));
    let key = format!("{},{}", holder.key_file.display(), holder.certificate_file.display());
    let verdict = judge::ask(
        "xmlsec1",
        [
            "--sign".as_ref(),
            "--privkey-pem".as_ref(),
            key.as_ref(),
            "--id-attr:Id".as_ref(),
            "urn:example:default:item".as_ref(),
            "--output".as_ref(),
            out.as_os_str(),
            file.as_os_str(),
        ],
    );
    assert!(verdict.success, "{}", verdict.text);
    std::fs::read(out).unwrap()
}

const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";

fn transform(algorithm: &str) -> String {
    format!("<Transform Algorithm=\"{algorithm}\"/>")
}

#[test]
fn signatures_of_xmlsec1_are_intact_in_every_canonical_form() {
    let enveloped = transform("http://www.w3.org/2000/09/xmldsig#enveloped-signature");
    let base64 = transform("http://www.w3.org/2000/09/xmldsig#base64");
    let xpath = "<Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xpath-19991116\"><XPath \
                 xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">not(ancestor-or-self::ds:Signature)</XPath></Transform>";
    let list = format!(
        "<Transform Algorithm=\"{EXCLUSIVE}\"><InclusiveNamespaces xmlns=\"{EXCLUSIVE}\" PrefixList=\"#default u\"/></Transform>"
    );
    for kind in [Kind::P256, Kind::Rsa2048] {
        let holder = pki().signer(kind);
        for method in [
            "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
            "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments",
            "http://www.w3.org/2006/12/xml-c14n11",
            "http://www.w3.org/2006/12/xml-c14n11#WithComments",
            EXCLUSIVE,
            "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
        ] {
            let whole = Coverage::Whole;
            let part = |uri: &str| Coverage::Parts(vec![uri.to_owned()]);
            for (uri, transforms, coverage) in [
                ("", enveloped.clone() + &transform(method), whole.clone()),
                ("", enveloped.clone(), whole.clone()),
                ("", xpath.to_owned() + &transform(method), whole.clone()),
                ("", enveloped.clone() + &list, whole.clone()),
                ("#b", transform(method), part("#b")),
                ("#b", list.clone(), part("#b")),
                ("#b", base64.clone(), part("#b")),
                ("#xpointer(id('b'))", transform(method), part("#xpointer(id('b'))")),
                ("#xpointer(/)", enveloped.clone() + &transform(method), whole.clone()),
            ] {
                let found = only(&by_xmlsec(&holder, method, "sha256", uri, &transforms));
                assert_eq!(
                    found.integrity,
                    Integrity::Intact,
                    "{method} {uri} {transforms} {:?}",
                    found.format_faults
                );
                assert_eq!(found.coverage, coverage, "{uri} {transforms}");
                assert!(matches!(found.signer, SigningCertificate::NotBound(_)));
            }
        }
    }
}

#[test]
fn what_is_weak_or_unsafe_is_not_verified() {
    let holder = pki().signer(Kind::P256);
    let enveloped = transform("http://www.w3.org/2000/09/xmldsig#enveloped-signature");
    let weak = only(&by_xmlsec(&holder, EXCLUSIVE, "sha1", "", &enveloped));
    assert_eq!(weak.integrity, Integrity::NotVerified);
    for xpath in ["not(ancestor-or-self::ds:Signature) ", "not(ancestor-or-self::ds:Signature|self::x)", "1"]
    {
        let xpath = format!(
            "<Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xpath-19991116\"><XPath \
             xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">{xpath}</XPath></Transform>"
        );
        let is_common = xpath.contains("Signature) <");
        let found = only(&by_xmlsec(&holder, EXCLUSIVE, "sha256", "", &(enveloped.clone() + &xpath)));
        assert_eq!(found.integrity == Integrity::Intact, is_common, "{xpath}");
        assert_eq!(found.format_faults.is_empty(), is_common, "{xpath}");
    }
}

#[test]
fn what_was_wrapped_is_not_passed_off() {
    let holder = pki().signer(Kind::P256);
    let signed = String::from_utf8(sign(
        &holder,
        Packaging::Element { document: DOCUMENT.as_bytes(), identifier: "order" },
        &statement(),
    ))
    .unwrap();
    assert_eq!(only(signed.as_bytes()).coverage, Coverage::Whole);
    let start = signed.find("<o:order").unwrap();
    let end = signed.find("</o:order>").unwrap() + "</o:order>".len();
    // The signed root becomes a part of another document: the signature holds, and does not cover the whole.
    let around = format!("<fake><item>a million</item>{}</fake>", &signed[start..end]);
    let found = only(around.as_bytes());
    assert_eq!(
        (found.integrity, found.coverage),
        (Integrity::Intact, Coverage::Parts(vec!["#order".to_owned()]))
    );
    assert_eq!(xades::verify_enveloped(around.as_bytes()).unwrap_err(), EnvelopedError::NotAtTheRoot);
    // A second element with the identifier, before or behind the first.
    for twice in [
        signed.replace("<ds:Signature ", "<item Id=\"order\"/><ds:Signature "),
        signed.replacen("<item ", "<item Id=\"order\"/><item ", 1),
    ] {
        let Err(XadesError::Document(error)) = xades::read(twice.as_bytes(), &NoContent) else { panic!() };
        assert_eq!(error.fault, XmlFault::DuplicateIdentifier);
    }
    // Properties of another signature, properties twice, and properties that are not those which are signed.
    let properties_start = signed.find("<xades:QualifyingProperties").unwrap();
    let closing = "</xades:QualifyingProperties>";
    let properties_end = signed.find(closing).unwrap() + closing.len();
    let properties = &signed[properties_start..properties_end];
    let renamed = properties.replace("-properties\"", "-other\"").replace("مديرة", "ملك");
    for (name, attacked) in [
        ("target", signed.replace(" Target=\"#", " Target=\"#other-")),
        ("twice", signed.replace(properties, &(renamed.clone() + properties))),
        (
            "instead",
            signed.replace(properties, &format!("{renamed}</ds:Object><ds:Object>{}", inner(properties))),
        ),
        ("hidden", signed.replace(properties, &format!("{renamed}<wrapper>{properties}</wrapper>"))),
    ] {
        let found = only(attacked.as_bytes());
        assert!(!found.format_faults.is_empty(), "{name}");
        assert!(found.integrity != Integrity::Intact, "{name}: {:?}", found.format_faults);
        assert!(!found.statement.claimed_roles.contains(&"ملك".to_owned()), "{name}");
    }
}

/// What is inside of `QualifyingProperties`, with the declaration that it needs.
fn inner(properties: &str) -> String {
    let start = properties.find("<xades:SignedProperties").unwrap();
    let end = properties.rfind("</xades:QualifyingProperties>").unwrap();
    properties[start..end].replacen(
        "<xades:SignedProperties",
        "<xades:SignedProperties xmlns:xades=\"http://uri.etsi.org/01903/v1.3.2#\"",
        1,
    )
}

#[test]
fn no_flipped_bit_changes_what_an_intact_signature_says() {
    let signed = sign(&pki().signer(Kind::P256), ENVELOPED, &statement());
    let before = xades::verify_enveloped(&signed).unwrap();
    let mut harmless = 0;
    for position in 0..signed.len() {
        let mut changed = signed.clone();
        changed[position] ^= 1 << (position % 6);
        let Ok(after) = xades::verify_enveloped(&changed) else { continue };
        // What is left: comments, white space inside of tags, identifiers that nothing refers to, and the certificate of the issuer.
        harmless += 1;
        assert_eq!(after.octets(), before.octets(), "byte {position}");
        assert_eq!(after.signer(), before.signer(), "byte {position}");
        assert_eq!(after.signature().statement, before.signature().statement, "byte {position}");
    }
    println!("{} bytes; a flipped bit in {harmless} of them changes nothing that is signed", signed.len());
}

#[test]
fn ten_thousand_signatures_are_read() {
    let document = by_xmlsec(&pki().signer(Kind::P256), EXCLUSIVE, "sha256", "#b", &transform(EXCLUSIVE));
    let text = String::from_utf8(document).unwrap();
    let (start, end) =
        (text.find("<Signature ").unwrap(), text.find("</Signature>").unwrap() + "</Signature>".len());
    let many = [&text[..start], &text[start..end].repeat(10_000), &text[end..]].concat();
    let found = xades::read(many.as_bytes(), &NoContent).unwrap();
    assert_eq!(found.len(), 10_000);
    assert!(found.iter().all(|one| one.integrity == Integrity::Intact));
    let too_many = [
        &text[..start],
        &"<Signature xmlns='http://www.w3.org/2000/09/xmldsig#'/>".repeat(20_001),
        &text[end..],
    ]
    .concat();
    assert_eq!(xades::read(too_many.as_bytes(), &NoContent).unwrap_err(), XadesError::TooManySignatures);
}

#[test]
fn work_is_bounded() {
    // Many references to much, and a declaration that exclusive canonicalization writes again and again.
    let mut references = String::new();
    for _ in 0..4000 {
        write!(
            references,
            "<Reference URI=''><Transforms>{}</Transforms><DigestMethod Algorithm='http://www.w3.org/2001/04/xmlenc#sha256'/><DigestValue>AAAA</DigestValue></Reference>",
            transform(EXCLUSIVE)
        )
        .unwrap();
    }
    let namespace = format!("urn:{}", "n".repeat(1000));
    let document = format!(
        "<a xmlns:p='{namespace}'>{}<Signature xmlns='http://www.w3.org/2000/09/xmldsig#'><SignedInfo><CanonicalizationMethod \
         Algorithm='{EXCLUSIVE}'/><SignatureMethod Algorithm='http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256'/>{references}</SignedInfo>\
         <SignatureValue>AAAA</SignatureValue></Signature></a>",
        "<p:b/>".repeat(20_000)
    );
    let found = only(document.as_bytes());
    assert_eq!(found.integrity, Integrity::NotVerified);
    assert!(
        found.format_faults.iter().any(|fault| fault.contains("much larger")),
        "{:?}",
        found.format_faults.first()
    );
    let found = only(document.replace("<p:b/>", "<b>long text</b>").as_bytes());
    assert!(found.format_faults.iter().any(|fault| fault.contains("cost too much")));
    assert!(found.integrity != Integrity::Intact);
}

#[test]
fn a_trusted_list_of_libdigidocpp_is_signed_as_a_whole() {
    let Some(folder) = judge::conformance("libdigidocpp") else {
        println!("the files of libdigidocpp are not here: no list verified");
        return;
    };
    let list = std::fs::read(folder.join("TSL.xml")).unwrap();
    let verified = xades::verify_enveloped(&list).unwrap();
    let certificate = judge::ask(
        "openssl",
        ["x509", "-in", folder.join("TSL.crt").to_str().unwrap(), "-noout", "-fingerprint", "-sha256"],
    );
    let fingerprint: String =
        verified.signer().sha256().iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":");
    assert!(certificate.text.contains(&fingerprint), "{}", certificate.text);
    let text = String::from_utf8(verified.octets().to_vec()).unwrap();
    assert!(text.contains("<SchemeOperatorName>") && !text.contains("SignatureValue"));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn spliced_documents_never_panic(cuts in prop::collection::vec((0_usize..9000, 0_usize..9000, 0_usize..9000), 1..6)) {
        static SIGNED: std::sync::OnceLock<Vec<u8>> = std::sync::OnceLock::new();
        let signed = SIGNED.get_or_init(|| sign(&pki().signer(Kind::P256), ENVELOPED, &statement()));
        let mut document = signed.clone();
        for (from, to, at) in cuts {
            let (from, to) = (from.min(to).min(signed.len()), from.max(to).min(signed.len()));
            let at = at.min(document.len());
            document.splice(at..at, signed[from..to].iter().copied());
        }
        let _ = xades::read(&document, &NoContent);
    }
}
