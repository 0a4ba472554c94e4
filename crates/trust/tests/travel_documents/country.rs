//! A country whose certificates, documents and lists are made by openssl.

use std::{fs, path::PathBuf, process::Command};

use bitaqa_card::{
    active_authentication::DigestAlgorithm,
    lds::DataGroup,
    oid,
    tlv::{Tag, TlvReader, encode},
};
use bitaqa_trust::{
    DateTime,
    csca_store::{CscaStore, CscaStoreBuilder},
    icao_pki::{IcaoCertificate, RevocationList},
    passive_authentication::{self, Options, Report, Unreadable},
};
use tempfile::TempDir;

/// Names of people who never lived: TD3, document code P.
pub(crate) const ZONE: &[u8] =
    b"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L898902C36UTO7408122F1204159ZE184226B<<<<<10";

/// Kinds of keys, as `openssl genpkey` is told.
pub(crate) const P256: &[&str] = &["EC", "ec_paramgen_curve:P-256"];
pub(crate) const RSA: &[&str] = &["RSA", "rsa_keygen_bits:2048"];

/// `keyUsage` and the like of an authority.
pub(crate) const AUTHORITY: &str = "basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign,cRLSign\n\
                                    subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n";
/// Of a document signer.
pub(crate) const SIGNER: &str =
    "keyUsage=critical,digitalSignature\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n";
/// Of a signer of master lists.
pub(crate) const MASTER_LIST_SIGNER: &str = "keyUsage=critical,digitalSignature\nsubjectKeyIdentifier=hash\n\
                                             authorityKeyIdentifier=keyid\nextendedKeyUsage=critical,2.23.136.1.1.3\n";

/// Options of openssl for RSASSA-PSS.
pub(crate) const PSS: &[&str] = &["rsa_padding_mode:pss", "rsa_pss_saltlen:digest"];
/// With a mask of another hash.
pub(crate) const PSS_MASK_SHA1: &[&str] =
    &["rsa_padding_mode:pss", "rsa_pss_saltlen:digest", "rsa_mgf1_md:sha1"];
/// With a salt of another length than the digest.
pub(crate) const PSS_SHORT_SALT: &[&str] = &["rsa_padding_mode:pss", "rsa_pss_saltlen:17"];

/// A key with its certificate, by the name of their files.
#[derive(Clone)]
pub(crate) struct Holder {
    pub(crate) name: String,
}

/// What a certificate is made with.
pub(crate) struct Order<'a> {
    pub(crate) key: &'a [&'a str],
    pub(crate) subject: &'a str,
    pub(crate) extensions: &'a str,
    pub(crate) hash: &'a str,
    pub(crate) options: &'a [&'a str],
    /// First and last moment, as openssl takes them.
    pub(crate) valid: (&'a str, &'a str),
}

impl Default for Order<'_> {
    fn default() -> Self {
        Self {
            key: P256,
            subject: "/C=UT/O=Utopia/CN=Document Signer 7",
            extensions: SIGNER,
            hash: "sha256",
            options: &[],
            valid: ("20211201000000Z", "20320331000000Z"),
        }
    }
}

/// What an authority is made with unless something else is wanted.
pub(crate) fn authority_order<'a>() -> Order<'a> {
    Order {
        subject: "/C=UT/O=Utopia/CN=CSCA Utopia",
        extensions: AUTHORITY,
        valid: ("20211101000000Z", "20361101000000Z"),
        ..Order::default()
    }
}

/// How a document is signed.
#[derive(Clone, Copy)]
pub(crate) struct Signing<'a> {
    pub(crate) hash: &'a str,
    /// Further arguments of `openssl cms -sign`.
    pub(crate) arguments: &'a [&'a str],
    pub(crate) options: &'a [&'a str],
}

impl Default for Signing<'_> {
    fn default() -> Self {
        Self { hash: "sha256", arguments: &[], options: &[] }
    }
}

/// A folder with an authority in it.
pub(crate) struct Country {
    folder: TempDir,
    made: std::cell::Cell<u32>,
    pub(crate) csca: Holder,
}

impl Country {
    pub(crate) fn new() -> Self {
        Self::with(&authority_order())
    }

    pub(crate) fn with(order: &Order<'_>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut country =
            Self { folder, made: std::cell::Cell::new(0), csca: Holder { name: String::new() } };
        country.csca = country.issue_with(None, order);
        country
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A signer under the authority.
    pub(crate) fn issue(&self, order: &Order<'_>) -> Holder {
        self.issue_with(Some(&self.csca), order)
    }

    /// A key, and a certificate for it; without an issuer it signs itself.
    pub(crate) fn issue_with(&self, issuer: Option<&Holder>, order: &Order<'_>) -> Holder {
        let name = self.next("holder");
        let [algorithm, parameters @ ..] = order.key else { panic!("a kind of key") };
        let mut arguments = vec!["genpkey", "-algorithm", algorithm];
        parameters.iter().for_each(|parameter| arguments.extend(["-pkeyopt", parameter]));
        let key = format!("{name}.key");
        self.openssl(&[&arguments[..], &["-out", &key]].concat());
        self.certify(issuer, &Holder { name }, order)
    }

    /// A certificate for a key that there is, in a new file; with the authority's own key and name it is a link.
    pub(crate) fn certify(&self, issuer: Option<&Holder>, holder: &Holder, order: &Order<'_>) -> Holder {
        let certified = Holder { name: self.next("certified") };
        let (key, name) = (format!("{}.key", holder.name), &certified.name);
        fs::copy(self.path(&key), self.path(&format!("{name}.key"))).unwrap();
        let request = format!("{name}.csr");
        self.openssl(&["req", "-new", "-utf8", "-key", &key, "-subj", order.subject, "-out", &request]);
        let signer = issuer.map_or(name, |issuer| &issuer.name);
        let (signer_key, signer_certificate) = (format!("{signer}.key"), format!("{signer}.pem"));
        let (config, certificate) = (self.config(order.extensions), format!("{name}.pem"));
        let mut arguments =
            vec!["ca", "-batch", "-notext", "-preserveDN", "-rand_serial", "-config", &config];
        arguments.extend(["-in", &request, "-out", &certificate, "-keyfile", &signer_key, "-md", order.hash]);
        arguments.extend([
            "-startdate",
            order.valid.0,
            "-enddate",
            order.valid.1,
            "-extensions",
            "extensions",
        ]);
        match issuer {
            Some(_) => arguments.extend(["-cert", &signer_certificate]),
            None => arguments.push("-selfsign"),
        }
        order.options.iter().for_each(|option| arguments.extend(["-sigopt", option]));
        self.openssl(&arguments);
        certified
    }

    /// Configuration of `openssl ca` with these extensions; gives its name.
    fn config(&self, extensions: &str) -> String {
        let index = self.path("index.txt");
        fs::write(&index, "").unwrap();
        fs::write(self.path("index.txt.attr"), "unique_subject = no\n").unwrap();
        fs::write(self.path("crlnumber"), "01\n").unwrap();
        let text = format!(
            "[ca]\ndefault_ca=own\n[own]\ndatabase={0}/index.txt\nserial={0}/serial\nnew_certs_dir={0}\ncrlnumber={0}/crlnumber\n\
             policy=any\ndefault_md=sha256\nx509_extensions=extensions\n[any]\ncountryName=optional\n\
             organizationName=optional\norganizationalUnitName=optional\ncommonName=optional\nserialNumber=optional\n\
             [list]\nauthorityKeyIdentifier=keyid\n[extensions]\n{extensions}",
            self.folder.path().display()
        );
        fs::write(self.path("ca.cnf"), text).unwrap();
        "ca.cnf".to_owned()
    }

    /// A revocation list of these: serial number in hexadecimal, and since when as openssl writes it (YYMMDDhhmmssZ).
    pub(crate) fn revocation_list(
        &self,
        revoked: &[(&str, &str)],
        (this_update, next_update): (&str, &str),
    ) -> RevocationList {
        let config = self.config(SIGNER);
        let lines: String = revoked
            .iter()
            .map(|(serial, since)| format!("R\t320331000000Z\t{since}\t{serial}\tunknown\t/C=UT\n"))
            .collect();
        fs::write(self.path("index.txt"), lines).unwrap();
        let name = self.next("list");
        let (key, certificate) = (format!("{}.key", self.csca.name), format!("{}.pem", self.csca.name));
        self.openssl(&[
            "ca",
            "-gencrl",
            "-batch",
            "-config",
            &config,
            "-keyfile",
            &key,
            "-cert",
            &certificate,
            "-crlexts",
            "list",
            "-crl_lastupdate",
            this_update,
            "-crl_nextupdate",
            next_update,
            "-out",
            &name,
        ]);
        let der = format!("{name}.crl");
        self.openssl(&["crl", "-in", &name, "-outform", "DER", "-out", &der]);
        RevocationList::from_der(&fs::read(self.path(&der)).unwrap()).unwrap()
    }

    /// Signs a content of this type with CMS.
    pub(crate) fn sign(
        &self,
        signer: &Holder,
        content_type: &str,
        content: &[u8],
        signing: Signing<'_>,
    ) -> Vec<u8> {
        let (content_name, signed) = (self.next("content"), self.next("signed"));
        fs::write(self.path(&content_name), content).unwrap();
        let (key, certificate) = (format!("{}.key", signer.name), format!("{}.pem", signer.name));
        let mut arguments = vec!["cms", "-sign", "-binary", "-nodetach", "-nosmimecap", "-outform", "DER"];
        arguments.extend(["-econtent_type", content_type, "-in", &content_name]);
        arguments.extend(["-out", &signed, "-md", signing.hash]);
        arguments.extend(["-signer", &certificate, "-inkey", &key]);
        signing.options.iter().for_each(|option| arguments.extend(["-keyopt", option]));
        arguments.extend(signing.arguments);
        self.openssl(&arguments);
        fs::read(self.path(&signed)).unwrap()
    }

    /// EF.SOD over these groups.
    pub(crate) fn document(
        &self,
        signer: &Holder,
        groups: &[(DataGroup, &[u8])],
        signing: Signing<'_>,
    ) -> Vec<u8> {
        encode(Tag(0x77), &self.sign(signer, "2.23.136.1.1.1", &security_object(groups), signing))
    }

    /// Whether openssl accepts a document: whole, and signed under the authority.
    pub(crate) fn openssl_accepts(&self, sod: &[u8]) -> bool {
        let name = self.next("judged");
        fs::write(self.path(&name), TlvReader::new(sod).read().unwrap().unwrap().value).unwrap();
        let authority = format!("{}.pem", self.csca.name);
        let arguments = [
            "cms",
            "-verify",
            "-inform",
            "DER",
            "-in",
            &name,
            "-CAfile",
            &authority,
            "-purpose",
            "any",
            "-attime",
            "1685577600",
            "-binary",
            "-out",
            "verified",
        ];
        self.run(&arguments).status.success()
    }

    pub(crate) fn certificate(&self, holder: &Holder) -> IcaoCertificate {
        IcaoCertificate::from_der(&self.certificate_der(holder)).unwrap()
    }

    pub(crate) fn certificate_der(&self, holder: &Holder) -> Vec<u8> {
        let (pem, der) = (format!("{}.pem", holder.name), format!("{}.der", holder.name));
        self.openssl(&["x509", "-in", &pem, "-outform", "DER", "-out", &der]);
        fs::read(self.path(&der)).unwrap()
    }

    /// Serial number as the index of `openssl ca` has it.
    pub(crate) fn serial_number(&self, holder: &Holder) -> String {
        self.certificate(holder).serial_number().iter().map(|byte| format!("{byte:02X}")).collect()
    }

    /// A store that trusts the authority.
    pub(crate) fn store(&self) -> CscaStore {
        let mut builder = CscaStoreBuilder::new();
        builder.add(self.certificate(&self.csca)).unwrap();
        let (store, unused) = builder.build();
        assert_eq!(unused, []);
        store
    }

    fn next(&self, kind: &str) -> String {
        self.made.set(self.made.get() + 1);
        format!("{kind}{}", self.made.get())
    }

    pub(crate) fn openssl(&self, arguments: &[&str]) {
        let done = self.run(arguments);
        assert!(done.status.success(), "openssl {arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    }

    fn run(&self, arguments: &[&str]) -> std::process::Output {
        Command::new("openssl")
            .args(arguments)
            .current_dir(self.folder.path())
            .output()
            .expect("openssl runs")
    }
}

/// Two groups: DG1 with a zone, and DG2.
pub(crate) fn groups() -> Vec<(DataGroup, Vec<u8>)> {
    vec![
        (DataGroup::DG1, encode(Tag(0x61), &encode(Tag(0x5F1F), ZONE))),
        (DataGroup::DG2, encode(Tag(0x75), &[0x5A; 300])),
    ]
}

pub(crate) fn borrowed(groups: &[(DataGroup, Vec<u8>)]) -> Vec<(DataGroup, &[u8])> {
    groups.iter().map(|(group, content)| (*group, content.as_slice())).collect()
}

/// `LDSSecurityObject` (9303-10, appendix D) with SHA-256.
pub(crate) fn security_object(groups: &[(DataGroup, &[u8])]) -> Vec<u8> {
    security_object_with(DigestAlgorithm::Sha256, groups, None)
}

/// With another hash, and in version 1 if it tells the versions of LDS and Unicode.
pub(crate) fn security_object_with(
    hash: DigestAlgorithm,
    groups: &[(DataGroup, &[u8])],
    versions: Option<[&[u8]; 2]>,
) -> Vec<u8> {
    let name = match hash {
        DigestAlgorithm::Sha1 => oid::SHA1,
        DigestAlgorithm::Sha224 => oid::SHA224,
        DigestAlgorithm::Sha256 => oid::SHA256,
        DigestAlgorithm::Sha384 => oid::SHA384,
        DigestAlgorithm::Sha512 => oid::SHA512,
    };
    let algorithm = encode(Tag(0x30), &[encode(Tag(0x06), name), vec![0x05, 0x00]].concat());
    let hashes: Vec<u8> = groups
        .iter()
        .flat_map(|(group, content)| {
            let digest = encode(Tag(0x04), &hash.digest(content));
            encode(Tag(0x30), &[encode(Tag(0x02), &[group.number()]), digest].concat())
        })
        .collect();
    let version = [0x02, 0x01, u8::from(versions.is_some())];
    let versions =
        versions.map(|versions| encode(Tag(0x30), &versions.map(|text| encode(Tag(0x13), text)).concat()));
    let fields =
        [&version[..], &algorithm, &encode(Tag(0x30), &hashes), &versions.unwrap_or_default()].concat();
    encode(Tag(0x30), &fields)
}

/// 2023-06-01, when everything that is not ordered otherwise is valid.
pub(crate) fn now() -> DateTime {
    time("2023-06-01T00:00:00Z")
}

pub(crate) fn time(text: &str) -> DateTime {
    text.parse().unwrap()
}

/// The check with the usual options.
pub(crate) fn verify<'a>(
    sod: &[u8],
    groups: &[(DataGroup, &'a [u8])],
    store: &'a CscaStore,
) -> Result<Report<'a>, Unreadable> {
    passive_authentication::verify(sod, groups, store, now(), &Options::default())
}

/// Codes of what speaks against a document.
pub(crate) fn faults(report: &Report<'_>) -> Vec<&'static str> {
    let codes: Vec<&str> = report.faults().map(passive_authentication::Fault::code).collect();
    assert_eq!(report.genuine().is_some(), codes.is_empty());
    codes
}
