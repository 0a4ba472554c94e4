//! A public key infrastructure for tests, made when the tests start: no private key is ever stored.
//!
//! A root, an issuing authority under it, and certificates for the people on the cards; also every kind of bad
//! certificate that a verifier has to refuse.

pub mod card_verifying_authority;
mod certificate;
mod content_signer;
pub(crate) mod document_authority;
mod time;

use std::{fs, io, path::Path};

pub use certificate::{Certificate, Purpose, Variant};
pub use document_authority::{CountryKey, DocumentAuthority};

use crate::{
    der,
    person::Person,
    private_key::{KeyError, KeyKind, PrivateKey},
};
use certificate::{Authority, authority_certificate, holder_certificate};

/// Policy of authentication certificates, `1.3.6.1.4.1.32473.1.2`: under the number that RFC 5612 sets aside for examples.
pub const AUTHENTICATION_POLICY: [u32; 9] = [1, 3, 6, 1, 4, 1, 32_473, 1, 2];
/// Policy of signature certificates.
pub const SIGNATURE_POLICY: [u32; 9] = [1, 3, 6, 1, 4, 1, 32_473, 1, 3];
/// Policy of certificates for seals.
pub const SEAL_POLICY: [u32; 9] = [1, 3, 6, 1, 4, 1, 32_473, 1, 4];
/// A policy that no issuer profile names.
const OTHER_POLICY: [u32; 9] = [1, 3, 6, 1, 4, 1, 32_473, 1, 99];

/// The infrastructure: authorities that can issue.
#[derive(Clone)]
pub struct Pki {
    root: Authority,
    issuing: Authority,
    /// An authority that no verifier was told about.
    stranger: Authority,
}

impl Pki {
    /// Makes fresh authorities (P-384).
    ///
    /// # Errors
    /// [`KeyError::Generation`] when the system has no random bytes.
    pub fn generate() -> Result<Self, KeyError> {
        let root = Authority::self_signed("Bitaqa test root")?;
        let issuing = Authority::under(&root, "Bitaqa test authority")?;
        let stranger = Authority::self_signed("Stranger")?;
        Ok(Self { root, issuing, stranger })
    }

    /// The root's certificate.
    #[must_use]
    pub fn root(&self) -> &Certificate {
        &self.root.certificate
    }

    /// The issuing authority's certificate.
    #[must_use]
    pub fn issuing(&self) -> &Certificate {
        &self.issuing.certificate
    }

    /// Issues a certificate for a holder's key.
    ///
    /// # Errors
    /// [`KeyError`] when the authority's key fails.
    pub fn issue(
        &self,
        person: &Person,
        purpose: Purpose,
        variant: Variant,
        key: &PrivateKey,
    ) -> Result<Certificate, KeyError> {
        let own;
        let authority = match variant {
            Variant::UnknownIssuer => &self.stranger,
            Variant::SelfSigned => {
                own = Authority::of_holder(person, key.clone());
                &own
            }
            _ => &self.issuing,
        };
        let stranger = Person { serial_number: format!("{}7", person.serial_number), ..person.clone() };
        let named = if variant == Variant::OtherPerson { &stranger } else { person };
        holder_certificate(authority, named, purpose, variant, key)
    }

    /// Writes `root.pem`, `issuing.pem` and the issuer profile `issuers.toml` into a directory.
    ///
    /// # Errors
    /// The file system's.
    pub fn write(&self, directory: &Path) -> io::Result<()> {
        fs::write(directory.join("root.pem"), self.root().pem())?;
        fs::write(directory.join("issuing.pem"), self.issuing().pem())?;
        fs::write(directory.join("issuers.toml"), issuer_profile())
    }
}

/// What a verifier is told about the issuer.
fn issuer_profile() -> String {
    let policy = AUTHENTICATION_POLICY.map(|arc| arc.to_string()).join(".");
    format!(
        r#"schema = 1

[[issuer]]
name = "Bitaqa test authority"
test = true
anchors = ["root.pem"]
intermediates = ["issuing.pem"]
required_policies = ["{policy}"]
level = "high"
"#
    )
}

impl Authority {
    fn self_signed(name: &str) -> Result<Self, KeyError> {
        let key = PrivateKey::generate(KeyKind::P384)?;
        let subject = authority_name(name);
        let certificate = authority_certificate(None, &subject, &key)?;
        Ok(Self { subject, key, certificate })
    }

    fn under(issuer: &Self, name: &str) -> Result<Self, KeyError> {
        let key = PrivateKey::generate(KeyKind::P384)?;
        let subject = authority_name(name);
        let certificate = authority_certificate(Some(issuer), &subject, &key)?;
        Ok(Self { subject, key, certificate })
    }

    fn of_holder(person: &Person, key: PrivateKey) -> Self {
        let subject = certificate::holder_name(person);
        Self { subject, key, certificate: Certificate::default() }
    }
}

fn authority_name(common_name: &str) -> Vec<u8> {
    der::sequence(&[
        certificate::attribute(&[2, 5, 4, 6], der::printable("MA")),
        certificate::attribute(&[2, 5, 4, 10], der::utf8("Bitaqa test")),
        certificate::attribute(&[2, 5, 4, 3], der::utf8(common_name)),
    ])
}
