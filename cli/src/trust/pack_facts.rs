//! What is in a pack, for people and programs.

use std::io::{self, Write};

use bitaqa_jose::PublicJwk;
use bitaqa_trust::{
    Assurance, Certificate, DistinguishedName, Level, TrustPack,
    trust_pack::{DocumentTrust, StatementIssuer, StatusSource},
};
use serde::Serialize;

use crate::{moment::written, printable::Printable};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PackFacts {
    pub(super) name: String,
    pub(super) version: u64,
    pub(super) issued: String,
    pub(super) expires: String,
    pub(super) current: bool,
    pub(super) assurance: Assurance,
    pub(super) signer: KeyFacts,
    successor_signers: Vec<KeyFacts>,
    statement_issuers: Vec<IssuerFacts>,
    csca_certificates: Vec<CertificateFacts>,
    issuer_profiles: Vec<ProfileFacts>,
    status_sources: Vec<StatusSource>,
    documents: DocumentFacts,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DocumentFacts {
    signers: Vec<CertificateFacts>,
    time_stamp_authorities: Vec<CertificateFacts>,
    list_signers: Vec<CertificateFacts>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct KeyFacts {
    kid: Option<String>,
    curve: &'static str,
    thumbprint: String,
    pub(super) fingerprint: String,
}

#[derive(Serialize)]
struct IssuerFacts {
    iss: String,
    keys: Vec<IssuerKeyFacts>,
    origins: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct IssuerKeyFacts {
    #[serde(flatten)]
    key: KeyFacts,
    not_before: String,
    not_after: String,
    revoked: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CertificateFacts {
    subject: String,
    sha256: String,
    not_before: String,
    not_after: String,
}

#[derive(Serialize)]
struct ProfileFacts {
    name: String,
    level: Level,
    assurance: Assurance,
}

impl KeyFacts {
    fn of(key: &PublicJwk) -> Self {
        let thumbprint = key.thumbprint();
        Self {
            kid: key.key_id().map(str::to_owned),
            curve: key.curve().name(),
            thumbprint: thumbprint.to_string(),
            fingerprint: thumbprint.grouped(),
        }
    }
}

impl CertificateFacts {
    fn all(certificates: &[Certificate]) -> Vec<Self> {
        certificates.iter().map(Self::of).collect()
    }

    fn of(certificate: &Certificate) -> Self {
        Self {
            subject: DistinguishedName::from_name(certificate.tbs().subject())
                .map_or_else(|_| "?".to_owned(), |name| name.to_string()),
            sha256: certificate.sha256().iter().map(|byte| format!("{byte:02x}")).collect(),
            not_before: certificate.not_before().to_string(),
            not_after: certificate.not_after().to_string(),
        }
    }

    fn print(&self, what: &str, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "\n{what}: {}", Printable(&self.subject))?;
        writeln!(out, "  SHA-256  {}", self.sha256)?;
        writeln!(out, "  valid    {} to {}", self.not_before, self.not_after)
    }
}

impl DocumentFacts {
    fn of(trust: &DocumentTrust) -> Self {
        Self {
            signers: CertificateFacts::all(&trust.signers),
            time_stamp_authorities: CertificateFacts::all(&trust.time_stamp_authorities),
            list_signers: CertificateFacts::all(&trust.list_signers),
        }
    }
}

impl IssuerFacts {
    fn of(issuer: &StatementIssuer) -> Self {
        let keys = issuer.keys.iter().map(|key| IssuerKeyFacts {
            key: KeyFacts::of(&key.jwk),
            not_before: written(key.not_before),
            not_after: written(key.not_after),
            revoked: key.revoked.map(written),
        });
        Self {
            iss: issuer.iss.to_string(),
            keys: keys.collect(),
            origins: issuer.origins.iter().map(ToString::to_string).collect(),
        }
    }
}

impl PackFacts {
    /// Of a pack at a time, in seconds since 1970.
    pub(super) fn of(pack: &TrustPack, at: u64) -> Self {
        let contents = pack.contents();
        let profiles = pack.issuer_profiles().profiles().iter().map(|profile| ProfileFacts {
            name: profile.name().to_owned(),
            level: profile.level(),
            assurance: profile.assurance(),
        });
        Self {
            name: contents.name.to_string(),
            version: contents.version,
            issued: written(contents.issued),
            expires: written(contents.expires),
            current: pack.is_current(at),
            assurance: pack.assurance(),
            signer: KeyFacts::of(pack.signer()),
            successor_signers: contents.signers.iter().map(KeyFacts::of).collect(),
            statement_issuers: contents.statement_issuers.iter().map(IssuerFacts::of).collect(),
            csca_certificates: CertificateFacts::all(pack.csca_certificates()),
            issuer_profiles: profiles.collect(),
            status_sources: contents.status_sources.clone(),
            documents: DocumentFacts::of(pack.document_trust()),
        }
    }

    /// What it is called, how old it is and who signed it.
    pub(super) fn print_head(&self, out: &mut impl Write) -> io::Result<()> {
        if self.assurance == Assurance::Test {
            writeln!(
                out,
                "TEST: everything that this pack vouches for is for tests; nothing of it is real."
            )?;
        }
        writeln!(
            out,
            "{} version {}{}",
            self.name,
            self.version,
            if self.current { "" } else { " (EXPIRED)" }
        )?;
        writeln!(out, "  issued       {}", self.issued)?;
        writeln!(out, "  expires      {}", self.expires)?;
        writeln!(out, "  signed by    {}", self.signer.fingerprint)?;
        for (count, singular, plural) in [
            (
                self.statement_issuers.len(),
                "issuer of statements about portals",
                "issuers of statements about portals",
            ),
            (self.csca_certificates.len(), "country signing certificate", "country signing certificates"),
            (self.issuer_profiles.len(), "issuer profile", "issuer profiles"),
            (self.status_sources.len(), "status source", "status sources"),
            (self.documents.signers.len(), "authority for signers", "authorities for signers"),
            (
                self.documents.time_stamp_authorities.len(),
                "authority for time stamps",
                "authorities for time stamps",
            ),
            (self.documents.list_signers.len(), "signer of trusted lists", "signers of trusted lists"),
        ] {
            if count > 0 {
                writeln!(out, "  {count} {}", if count == 1 { singular } else { plural })?;
            }
        }
        Ok(())
    }

    /// Everything in it.
    pub(super) fn print_contents(&self, out: &mut impl Write) -> io::Result<()> {
        for key in &self.successor_signers {
            writeln!(out, "\nMay sign the successor: {}", key.fingerprint)?;
        }
        for issuer in &self.statement_issuers {
            writeln!(out, "\nIssuer of statements: {}", issuer.iss)?;
            for IssuerKeyFacts { key, not_before, not_after, revoked } in &issuer.keys {
                writeln!(out, "  key {} ({})", Printable(key.kid.as_deref().unwrap_or("?")), key.curve)?;
                writeln!(out, "    fingerprint  {}", key.fingerprint)?;
                writeln!(out, "    valid        {not_before} to {not_after}")?;
                if let Some(revoked) = revoked {
                    writeln!(out, "    REVOKED      {revoked}")?;
                }
            }
            for origin in &issuer.origins {
                writeln!(out, "  speaks for {origin}")?;
            }
        }
        for certificate in &self.csca_certificates {
            certificate.print("Country signing certificate", out)?;
        }
        for profile in &self.issuer_profiles {
            writeln!(out, "\nIssuer profile: {}", Printable(&profile.name))?;
        }
        for source in &self.status_sources {
            writeln!(out, "\nStatus source: {} for {}", source.url, source.states.join(", "))?;
        }
        for (what, certificates) in [
            ("Authority for signers", &self.documents.signers),
            ("Authority for time stamps", &self.documents.time_stamp_authorities),
            ("Signer of trusted lists", &self.documents.list_signers),
        ] {
            for certificate in certificates {
                certificate.print(what, out)?;
            }
        }
        Ok(())
    }
}
