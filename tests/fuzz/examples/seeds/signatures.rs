//! Signed files, made with the keys of the tests of `crates/trust`.

use std::time::Duration;

use bitaqa_protocol::auth_token::TokenAlgorithm;
use bitaqa_signature::{
    Hash, SignatureAlgorithm, Signer, SignerStatement,
    asic::{
        self,
        zip::{Compression, EntryName, ZipWriter},
    },
    cades::{self, Content, Profile},
    cms::Element,
    jades,
    statement::Commitment,
    xades,
};
use bitaqa_trust::{Certificate, DateTime};

use crate::{
    Seed,
    test_pki::{
        Issued, Key, Kind, Template,
        der::{bit_string, integer, octet_string, sequence, tlv},
        extension::key_usage,
    },
};

/// `nonRepudiation`, bit 1 of the extension (RFC 5280 section 4.2.1.3).
const CONTENT_COMMITMENT: u8 = 0x40;

pub(crate) fn seeds() -> Vec<Seed> {
    let holder = Template::named(&[("2.5.4.3", "A")])
        .with(key_usage(CONTENT_COMMITMENT))
        .self_signed(Key::new(Kind::P256, 5));
    let maker = Maker { signer: signer(&holder), holder };
    let cms = maker.cms();
    let seed = |target: &'static str, name: &str, bytes: Vec<u8>| (target, name.to_owned(), bytes);
    let simple = asic::ContainerKind::Simple;
    vec![
        seed("cms", "attached", cms.clone()),
        seed("cms", "detached", maker.detached_cms()),
        seed("cms", "certificates", maker.with_certificate(&cms)),
        seed("cms", "indefinite-lengths", with_indefinite_lengths(&cms)),
        seed("cms", "time-stamp", time_stamp_information()),
        seed("xml", "signed", [vec![0x02], maker.xml()].concat()),
        seed("xml", "namespaces", with_choice(0x00, XML_NAMESPACES)),
        seed("xml", "attributes", with_choice(0x02, XML_ATTRIBUTES)),
        seed("xml", "text", with_choice(0x81, XML_TEXT)),
        seed("zip", "simple-cms", maker.container()),
        seed("zip", "simple-xml", maker.container_of(simple, asic::SignatureKind::Xades)),
        seed(
            "zip",
            "extended-cms",
            maker.container_of(asic::ContainerKind::Extended, asic::SignatureKind::Cades),
        ),
        seed("zip", "files", archive()),
        seed("signed_file", "cms", cms.clone()),
        seed("signed_file", "xml", maker.xml()),
        seed("signed_file", "json", maker.json(jades::Serialization::Flattened)),
        seed("signed_file", "compact", maker.json(jades::Serialization::Compact)),
        seed("signed_file", "pdf", b"%PDF-1.7\n".to_vec()),
        seed("signed_file", "container", maker.container()),
        seed("signed_pdf", "unsigned", pdf()),
        seed("signed_pdf", "form", pdf_with_form(&cms)),
        seed("time_stamp", "information", time_stamp_information()),
        seed("time_stamp", "message", cms),
        seed("trusted_list", "empty", trusted_list().into_bytes()),
    ]
}

fn signer(holder: &Issued) -> Signer {
    let certificate = Certificate::from_der(&holder.der).expect("a certificate");
    Signer::new(certificate, Vec::new(), SignatureAlgorithm::Ecdsa(Hash::Sha256)).expect("a signer")
}

struct Maker {
    holder: Issued,
    signer: Signer,
}

impl Maker {
    fn sign(&self, digest: &[u8]) -> Vec<u8> {
        self.holder.key.sign_digest(TokenAlgorithm::ES256, digest)
    }

    fn statement(&self) -> SignerStatement {
        SignerStatement {
            signing_time: DateTime::from_unix_duration(Duration::from_secs(1_780_315_200)).ok(),
            commitments: vec![Commitment::ProofOfApproval],
            ..SignerStatement::default()
        }
    }

    fn prepared_cms(&self) -> cades::Prepared {
        cades::prepare(&self.signer, Content::Attached(b"a"), Profile::Cades, &self.statement()).expect("cms")
    }

    fn cms(&self) -> Vec<u8> {
        let prepared = self.prepared_cms();
        let signature = self.sign(&prepared.digest());
        prepared.finish(&signature).expect("a signature")
    }

    fn detached_cms(&self) -> Vec<u8> {
        let content = Content::Digest { hash: Hash::Sha256, digest: Hash::Sha256.digest(&[b"a"]) };
        let prepared = cades::prepare(&self.signer, content, Profile::Cades, &self.statement()).expect("cms");
        let signature = self.sign(&prepared.digest());
        prepared.finish(&signature).expect("a signature")
    }

    /// With a certificate and an answer that nobody signed, as those of B-LT are added.
    fn with_certificate(&self, message: &[u8]) -> Vec<u8> {
        let other = Template::named(&[("2.5.4.3", "B")]).self_signed(Key::new(Kind::P256, 6));
        let certificates = vec![Certificate::from_der(&other.der).expect("a certificate")];
        let data = cades::ValidationData { certificates, ..cades::ValidationData::default() };
        cades::with_validation_data(message, &data).expect("a message")
    }

    fn xml(&self) -> Vec<u8> {
        let packaging =
            xades::Packaging::Enveloped { document: b"<a/>", others: xades::OtherSignatures::Signed };
        // as short as it can be
        let statement = SignerStatement { commitments: Vec::new(), ..self.statement() };
        let prepared = xades::prepare(&self.signer, packaging, &statement).expect("xml");
        let signature = self.sign(&prepared.digest());
        prepared.finish(&signature).expect("a signature")
    }

    fn json(&self, serialization: jades::Serialization) -> Vec<u8> {
        let options = jades::Options { serialization, ..jades::Options::default() };
        let content = jades::Content::Attached(b"a");
        let prepared = jades::prepare(&self.signer, content, options, &self.statement()).expect("json");
        let signature = self.sign(&prepared.digest());
        prepared.finish(&signature).expect("a signature")
    }

    fn container(&self) -> Vec<u8> {
        self.container_of(asic::ContainerKind::Simple, asic::SignatureKind::Cades)
    }

    fn container_of(&self, kind: asic::ContainerKind, signature: asic::SignatureKind) -> Vec<u8> {
        let files = [asic::File { name: "a", media_type: None, content: b"a" }];
        let prepared =
            asic::prepare(&self.signer, kind, signature, &files, &self.statement()).expect("a container");
        let value = self.sign(&prepared.digest());
        prepared.finish(&value).expect("a signature")
    }
}

/// Declarations that are used, not used, taken back, and equal to those around them.
const XML_NAMESPACES: &str = "<a xmlns=\"urn:a\" xmlns:p=\"urn:p\" xmlns:q=\"urn:q\"><p:b p:c=\"1\" c=\"2\" xmlns:p=\"urn:p\"/>\
    <b xmlns=\"\"><c xmlns=\"urn:a\" q:d=\"\"/></b><p:e xmlns:p=\"urn:other\"><p:f xml:lang=\"ar\" xml:space=\"preserve\"/></p:e></a>";
/// Attributes out of order, identifiers, and what is written as a reference in them.
const XML_ATTRIBUTES: &str = "<?xml version='1.0' encoding=\"UTF-8\"?>\n<a z='&#xA;&#9;&#13;&lt;&quot;' b=\"'\" Id='i' xml:id='j'>\
    <b  x = '1'\ty='2' />\r\n</a >";
/// Sections, comments, instructions and references, also beside the root element.
const XML_TEXT: &str = "<!-- a --><?p q?>\n<a>&amp;&#x20AC;&#13;<![CDATA[<b>&]]> ]] <!--c--><?d?>\u{0642} </a>\n<!--e-->\n<?f  g ?>";

fn with_choice(choice: u8, text: &str) -> Vec<u8> {
    [&[choice], text.as_bytes()].concat()
}

/// `ContentInfo` with lengths that are told at the end, as a program writes that does not know them before.
fn with_indefinite_lengths(message: &[u8]) -> Vec<u8> {
    let parts = Element::parse(message).and_then(|info| info.children(2, "parts")).expect("a message");
    let content = parts[1].content();
    [&[0x30, 0x80][..], parts[0].encoded(), &[0xa0, 0x80], content, &[0; 4]].concat()
}

/// Files in a folder, one packed, one empty, and a comment.
fn archive() -> Vec<u8> {
    let mut zip = ZipWriter::new(Vec::new());
    for (name, content, compression) in [
        ("a/", &b""[..], Compression::Stored),
        ("a/b.txt", &[b'b'; 300], Compression::Deflated),
        ("\u{0642}", b"c", Compression::Stored),
        ("empty", b"", Compression::Deflated),
    ] {
        zip.add(&EntryName::parse(name).expect("a name"), content, compression).expect("an entry");
    }
    zip.finish(b"comment").expect("an archive")
}

fn objects(objects: &[String]) -> Vec<u8> {
    let mut file = b"%PDF-1.7\n".to_vec();
    let mut offsets = Vec::new();
    for (number, object) in (1..).zip(objects) {
        offsets.push(file.len());
        file.extend_from_slice(format!("{number} 0 obj\n{object}\nendobj\n").as_bytes());
    }
    let start = file.len();
    file.extend_from_slice(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).as_bytes());
    for offset in offsets {
        file.extend_from_slice(format!("{offset:010} 00000 n \n").as_bytes());
    }
    let size = objects.len() + 1;
    file.extend_from_slice(
        format!("trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n").as_bytes(),
    );
    file
}

fn pdf() -> Vec<u8> {
    objects(&[
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>".to_owned(),
    ])
}

/// With a signature field whose byte range fits nothing.
fn pdf_with_form(cms: &[u8]) -> Vec<u8> {
    let contents: String = cms.iter().take(300).map(|byte| format!("{byte:02x}")).collect();
    objects(&[
        "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R]/SigFlags 3>>>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Annots[4 0 R]>>".to_owned(),
        "<</FT/Sig/T(a)/Subtype/Widget/Rect[0 0 0 0]/P 3 0 R/V 5 0 R>>".to_owned(),
        format!(
            "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/ByteRange[0 9 99 9]/Contents<{contents}>>>"
        ),
    ])
}

/// `ContentInfo` of a time stamp without signer: no one makes it, and its reader gets as far as the content.
fn time_stamp_information() -> Vec<u8> {
    let oid = |bytes: &[u8]| tlv(0x06, bytes);
    let sha256 = sequence(&[&oid(&[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01])]);
    let imprint = sequence(&[&sha256, &octet_string(&[7; 32])]);
    let information = sequence(&[
        &integer(&[1]),
        &oid(&[0x2a, 0x03]),
        &imprint,
        &integer(&[9]),
        &tlv(0x18, b"20260601120000Z"),
    ]);
    let tst_info = oid(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x04]);
    let content = sequence(&[&tst_info, &tlv(0xa0, &octet_string(&information))]);
    let signed = sequence(&[&integer(&[3]), &tlv(0x31, &sha256), &content, &tlv(0x31, &bit_string(&[]))]);
    let signed_data = oid(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02]);
    sequence(&[&signed_data, &tlv(0xa0, &signed)])
}

fn trusted_list() -> String {
    "<TrustServiceStatusList xmlns=\"http://uri.etsi.org/02231/v2#\" TSLTag=\"http://uri.etsi.org/19612/TSLTag\">\
     <SchemeInformation><TSLVersionIdentifier>5</TSLVersionIdentifier><TSLSequenceNumber>1</TSLSequenceNumber>\
     <TSLType>http://uri.etsi.org/TrstSvc/TrustedList/TSLType/EUgeneric</TSLType>\
     <SchemeTerritory>MA</SchemeTerritory><ListIssueDateTime>2026-01-01T00:00:00Z</ListIssueDateTime>\
     <NextUpdate><dateTime>2026-07-01T00:00:00Z</dateTime></NextUpdate></SchemeInformation>\
     </TrustServiceStatusList>"
        .to_owned()
}
