//! Contents of the files of a cryptographic information application (ISO/IEC 7816-15, section 8).

use crate::{
    ber_tlv::{constructed, object},
    der,
    private_key::PrivateKey,
};

/// PinAttributes.pinFlags (section 8.9.1).
pub(crate) mod pin_flag {
    pub(crate) const CASE_SENSITIVE: u32 = 0;
    pub(crate) const LOCAL: u32 = 1;
    pub(crate) const INITIALIZED: u32 = 4;
    pub(crate) const NEEDS_PADDING: u32 = 5;
    pub(crate) const UNBLOCKING_PIN: u32 = 6;
}

/// CommonKeyAttributes.usage (section 8.2.4).
pub(crate) mod key_usage {
    pub(crate) const SIGN: u32 = 2;
    pub(crate) const NON_REPUDIATION: u32 = 9;
}

/// A path of file identifiers from the master file.
pub(crate) type Path<'a> = &'a [u16];

fn path_bytes(path: Path<'_>) -> Vec<u8> {
    path.iter().flat_map(|id| id.to_be_bytes()).collect()
}

/// Path ::= SEQUENCE { efidOrPath OCTET STRING, … }
fn path(path: Path<'_>) -> Vec<u8> {
    der::sequence(&[der::octet_string(&path_bytes(path))])
}

/// EF.DIR (section 7.4.1; ISO 7816-4, section 12.2.3): one application template; with an empty path the application is
/// found by its name.
pub(crate) fn application_template(aid: &[u8], label: &str, at: Path<'_>) -> Vec<u8> {
    let path = (!at.is_empty()).then(|| object(0x51, &path_bytes(at)));
    let parts = [Some(object(0x4F, aid)), Some(object(0x50, label.as_bytes())), path];
    constructed(0x61, &parts.into_iter().flatten().collect::<Vec<_>>())
}

/// EF.OD: where private keys `[0]`, certificates `[4]` and authentication objects `[8]` are listed.
pub(crate) fn object_directory(
    private_keys: Path<'_>,
    certificates: Path<'_>,
    authentication: Path<'_>,
) -> Vec<u8> {
    [
        der::context(0, &[path(private_keys)]),
        der::context(4, &[path(certificates)]),
        der::context(8, &[path(authentication)]),
    ]
    .concat()
}

/// One algorithm of the card.
pub(crate) struct Algorithm {
    /// Number that keys refer to.
    pub(crate) reference: u32,
    /// The PKCS#11 mechanism.
    pub(crate) mechanism: u32,
    /// Bit of supportedOperations: 1 compute-signature, 6 hash.
    pub(crate) operation: u32,
    /// Its object identifier.
    pub(crate) oid: &'static [u32],
    /// What stands in data object `80` of the security environment.
    pub(crate) card_reference: u8,
}

impl Algorithm {
    fn encode(&self) -> Vec<u8> {
        der::sequence(&[
            der::integer(self.reference),
            der::integer(self.mechanism),
            der::null(),
            der::named_bits(&[self.operation]),
            der::oid(self.oid),
            der::integer(u32::from(self.card_reference)),
        ])
    }
}

/// EF.TokenInfo / EF.CIAInfo (section 8.10).
pub(crate) fn card_information(serial_number: &[u8], label: &str, algorithms: &[Algorithm]) -> Vec<u8> {
    let algorithms: Vec<Vec<u8>> = algorithms.iter().map(Algorithm::encode).collect();
    der::sequence(&[
        der::integer(0),
        der::octet_string(serial_number),
        der::utf8("Bitaqa"),
        der::context_primitive(0, label.as_bytes()),
        // tokenflags: prnGeneration is bit 2
        der::named_bits(&[2]),
        der::context(2, &algorithms),
    ])
}

/// One entry of EF.AOD: a PIN.
pub(crate) struct PinEntry<'a> {
    pub(crate) label: &'a str,
    pub(crate) id: u8,
    /// The PIN that unblocks this one.
    pub(crate) unblocked_by: Option<u8>,
    pub(crate) flags: &'a [u32],
    /// 0 BCD, 1 ASCII digits, 4 ISO 9564-1 (PinType).
    pub(crate) kind: u8,
    pub(crate) min_length: u32,
    pub(crate) stored_length: u32,
    pub(crate) max_length: u32,
    pub(crate) reference: u8,
    pub(crate) pad: Option<u8>,
    pub(crate) path: Path<'a>,
}

impl PinEntry<'_> {
    pub(crate) fn encode(&self) -> Vec<u8> {
        // flags: private is bit 0, modifiable bit 1
        let mut common = vec![der::utf8(self.label), der::named_bits(&[0, 1])];
        common.extend(self.unblocked_by.map(|id| der::octet_string(&[id])));
        let mut attributes = vec![
            der::named_bits(self.flags),
            der::enumerated(self.kind),
            der::integer(self.min_length),
            der::integer(self.stored_length),
            der::integer(self.max_length),
            der::context_primitive(0, &der::integer_value(&[self.reference])),
        ];
        attributes.extend(self.pad.map(|pad| der::octet_string(&[pad])));
        attributes.push(path(self.path));
        der::sequence(&[
            der::sequence(&common),
            der::sequence(&[der::octet_string(&[self.id])]),
            der::context(1, &[der::sequence(&attributes)]),
        ])
    }
}

/// One entry of EF.AOD: the right index finger.
pub(crate) struct FingerEntry<'a> {
    pub(crate) label: &'a str,
    pub(crate) id: u8,
    pub(crate) reference: u8,
    pub(crate) path: Path<'a>,
}

impl FingerEntry<'_> {
    pub(crate) fn encode(&self) -> Vec<u8> {
        let attributes = [
            // BiometricFlags: local and initialized stand where they do in those of a PIN
            der::named_bits(&[pin_flag::LOCAL, pin_flag::INITIALIZED]),
            // templateId: iso standard 19794 2
            der::oid(&[1, 0, 19_794, 2]),
            // FingerPrint: hand right (1), pointerFinger (1)
            der::sequence(&[der::enumerated(1), der::enumerated(1)]),
            // bioReference
            der::integer(u32::from(self.reference)),
            path(self.path),
        ];
        der::context(
            0,
            &[
                der::sequence(&[der::utf8(self.label), der::named_bits(&[0])]),
                der::sequence(&[der::octet_string(&[self.id])]),
                der::context(1, &[der::sequence(&attributes)]),
            ],
        )
    }
}

/// One entry of EF.PrKD: a private key.
pub(crate) struct KeyEntry<'a> {
    pub(crate) label: &'a str,
    pub(crate) id: u8,
    /// The PIN that opens it.
    pub(crate) pin: u8,
    /// How many uses one PIN entry allows.
    pub(crate) user_consent: Option<u32>,
    pub(crate) usage: u32,
    pub(crate) reference: u8,
    /// The algorithms in EF.TokenInfo that it can be used with; none are told when there is none.
    pub(crate) algorithms: &'a [Algorithm],
    /// Whether an EC key tells the size of its field, which the standard does not know.
    pub(crate) tells_field_size: bool,
    pub(crate) path: Path<'a>,
}

impl KeyEntry<'_> {
    pub(crate) fn encode(&self, key: &PrivateKey) -> Vec<u8> {
        let mut common = vec![der::utf8(self.label), der::named_bits(&[0]), der::octet_string(&[self.pin])];
        common.extend(self.user_consent.map(der::integer));
        let algorithms: Vec<Vec<u8>> =
            self.algorithms.iter().map(|algorithm| der::integer(algorithm.reference)).collect();
        let mut class = vec![
            der::octet_string(&[self.id]),
            der::named_bits(&[self.usage]),
            // accessFlags: sensitive 0, alwaysSensitive 2, neverExtractable 3, cardGenerated 4
            der::named_bits(&[0, 2, 3, 4]),
            der::integer(u32::from(self.reference)),
        ];
        if !algorithms.is_empty() {
            class.push(der::context(1, &algorithms));
        }
        let mut attributes = vec![path(self.path)];
        if key.curve().is_none() || self.tells_field_size {
            attributes.push(der::integer(u32::try_from(key.size() * 8).unwrap_or(0)));
        }
        let parts =
            [der::sequence(&common), der::sequence(&class), der::context(1, &[der::sequence(&attributes)])];
        match key.curve() {
            // PrivateKeyType: privateRSAKey has no tag, privateECKey is [0]
            None => der::sequence(&parts),
            Some(_) => der::context(0, &parts),
        }
    }
}

/// One entry of EF.CD: an X.509 certificate in a file.
pub(crate) fn certificate_entry(label: &str, id: u8, at: Path<'_>) -> Vec<u8> {
    der::sequence(&[
        der::sequence(&[der::utf8(label), der::named_bits(&[])]),
        der::sequence(&[der::octet_string(&[id])]),
        der::context(1, &[der::sequence(&[path(at)])]),
    ])
}
