//! Signed files, made with the keys of the tests of `crates/trust`.

use std::time::Duration;

use bitaqa_protocol::auth_token::TokenAlgorithm;
use bitaqa_signature::{
    Hash, SignatureAlgorithm, Signer, SignerStatement, asic,
    cades::{self, Content, Profile},
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
    vec![
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

    fn xml(&self) -> Vec<u8> {
        let packaging =
            xades::Packaging::Enveloped { document: b"<a/>", others: xades::OtherSignatures::Signed };
        // as short as it can be
        let statement = SignerStatement { commitments: Vec::new(), ..self.statement() };
        let prepared = xades::prepare(&self.signer, packaging, &statement).expect("xml");
        let signature = self.sign(&prepared.digest());
        let mut document = prepared.finish(&signature).expect("a signature");
        document.truncate(2048);
        document
    }

    fn json(&self, serialization: jades::Serialization) -> Vec<u8> {
        let options = jades::Options { serialization, ..jades::Options::default() };
        let content = jades::Content::Attached(b"a");
        let prepared = jades::prepare(&self.signer, content, options, &self.statement()).expect("json");
        let signature = self.sign(&prepared.digest());
        prepared.finish(&signature).expect("a signature")
    }

    fn container(&self) -> Vec<u8> {
        let files = [asic::File { name: "a", media_type: None, content: b"a" }];
        let (kind, signature) = (asic::ContainerKind::Simple, asic::SignatureKind::Cades);
        let prepared =
            asic::prepare(&self.signer, kind, signature, &files, &self.statement()).expect("a container");
        let value = self.sign(&prepared.digest());
        prepared.finish(&value).expect("a signature")
    }
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
