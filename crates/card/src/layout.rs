//! Where things are on a card: the same shape, whether a profile says so or the card describes itself (PKCS#15).

use std::{fmt, sync::Arc};

use serde::Deserialize;

use crate::{
    access_rule::{AccessMode, AccessRule, Interface},
    chip_session::AccessControl,
    file::FileLocation,
    pin::PinFormat,
    piv::Slot,
    profile::Link,
    signature::{Hash, Input, Scheme, SignatureAlgorithm},
    tlv::Tag,
};

/// What a card holds and how it is used. Plain data, so that it can be kept from one transaction to the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// Name of the profile it came from.
    pub profile: String,
    /// The card's own label, where it has one (`TokenInfo.label`).
    pub label: Option<String>,
    /// Who made it, where it says so (`TokenInfo.manufacturerID`).
    pub manufacturer: Option<String>,
    /// Length forms that the card can take.
    pub link: Link,
    /// Keys with their certificates.
    pub credentials: Vec<Credential>,
    /// How the card was opened, where what is above could be found out, and can be used, in this way only.
    pub opened: Option<Opened>,
}

/// How a card was opened before it said what it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opened {
    /// With which protocol.
    pub control: AccessControl,
    /// By whom.
    pub by: OpenedBy,
    /// Length forms that the chip said it can take, before it was opened.
    pub(crate) link: Link,
}

/// Who ran PACE, and has the keys of what followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenedBy {
    /// This program.
    Terminal,
    /// The reader, with the number from its own keys.
    Reader,
}

impl Layout {
    /// The same layout of a card that is opened this way now.
    pub(crate) fn opened_by(mut self: Arc<Self>, by: OpenedBy) -> Arc<Self> {
        if self.opened.is_some_and(|opened| opened.by != by)
            && let Some(opened) = &mut Arc::make_mut(&mut self).opened
        {
            opened.by = by;
        }
        self
    }

    /// Whether PINs can be typed on the reader's keys, if it has any: not where they go through secure messaging, whose keys the
    /// reader does not have.
    #[must_use]
    pub const fn takes_pin_pad(&self) -> bool {
        matches!(self.opened, None | Some(Opened { by: OpenedBy::Reader, .. }))
    }

    /// Whether a key's access rules want PACE before the key is used over this interface.
    #[must_use]
    pub fn pace_first(&self, interface: Interface) -> bool {
        self.credentials.iter().any(|Credential { key, .. }| {
            let operations = key.methods.iter().map(|method| method.operation);
            let mode = match operations.min_by_key(|operation| *operation != Operation::InternalAuthenticate)
            {
                Some(Operation::InternalAuthenticate) => AccessMode::KeyAuthenticate,
                _ => AccessMode::KeySign,
            };
            key.access.pace_first(interface, mode)
        })
    }

    /// All credentials of a role, in the card's order.
    pub fn credentials_of(&self, role: Role) -> impl Iterator<Item = &Credential> {
        self.credentials.iter().filter(move |credential| credential.role == role)
    }

    /// The first credential of a role.
    #[must_use]
    pub fn credential(&self, role: Role) -> Option<&Credential> {
        self.credentials.iter().find(|credential| credential.role == role)
    }
}

/// What a credential is for. A key has one use (design: the authentication key signs only sign-in tokens).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Signing in.
    Authentication,
    /// Signing documents (content commitment).
    Signature,
}

/// A key with its certificate and its PIN.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    /// What it is for.
    pub role: Role,
    /// The card's name for the key.
    pub label: Option<String>,
    /// Where its certificate is.
    pub certificate: CertificateLocation,
    /// How its key is used.
    pub key: KeyUse,
    /// The PIN before it.
    pub pin: Option<PinObject>,
    /// Biometric references of the holder that the card says it compares before the key is used: in place of the PIN, or, where
    /// there is none, alone.
    pub biometrics: Vec<BiometricObject>,
}

impl Credential {
    /// Whether the key is used after a fingerprint only: it is never asked for with a PIN
    /// ([`Card::compare_and_sign`](crate::Card::compare_and_sign)).
    #[must_use]
    pub const fn wants_fingerprint(&self) -> bool {
        self.pin.is_none() && !self.biometrics.is_empty()
    }
}

/// A biometric reference of the holder, as the card lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BiometricObject {
    /// The card's name for it.
    pub label: Option<String>,
    /// P2 of VERIFY.
    pub reference: u8,
    /// Biometric type (ISO/IEC 19785-1): 8 finger.
    pub biometric_type: Option<u32>,
    /// Which finger (ISO/IEC 19785-3).
    pub subtype: Option<u32>,
    /// Where it is, or what is said of it, if not where the key is.
    pub place: Option<FileLocation>,
    /// How to ask for tries left without spending one.
    pub status: StatusQuery,
}

/// Where a certificate is.
#[derive(Clone, PartialEq, Eq)]
pub enum CertificateLocation {
    /// In a file, or a part of one.
    File(FileLocation),
    /// In a data object that GET DATA gives, wrapped as PIV does (SP 800-73-5 part 1, appendix A).
    PivObject {
        /// Where it can be read.
        application: FileLocation,
        /// Which one.
        slot: Slot,
    },
    /// The card's directory holds the certificate itself.
    Direct(Vec<u8>),
}

/// A certificate itself is somebody's: only its length is shown.
impl fmt::Debug for CertificateLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(file) => f.debug_tuple("File").field(file).finish(),
            Self::PivObject { slot, .. } => f.debug_tuple("PivObject").field(slot).finish(),
            Self::Direct(certificate) => write!(f, "Direct, {} bytes", certificate.len()),
        }
    }
}

/// How a key is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyUse {
    /// Where the key is: selected before anything else.
    pub directory: FileLocation,
    /// Key reference for MANAGE SECURITY ENVIRONMENT (data object 84).
    pub reference: Option<u8>,
    /// In which order PIN and security environment come.
    pub order: Order,
    /// The ways it can sign, best first.
    pub methods: Vec<Method>,
    /// Whether the card wants the PIN again before each use (`userConsent`).
    pub user_consent: bool,
    /// Under which conditions the card lets the key be used, where it says so.
    pub access: AccessRule,
}

impl KeyUse {
    /// The method for a scheme and digest that needs no more than the digest.
    #[must_use]
    pub fn method(&self, algorithm: SignatureAlgorithm) -> Option<&Method> {
        self.methods.iter().find(|method| method.fits(algorithm) && !method.input.needs_message())
    }

    /// The method for a scheme and digest, where the message is there.
    #[must_use]
    pub fn method_for_message(&self, algorithm: SignatureAlgorithm) -> Option<&Method> {
        self.methods.iter().find(|method| method.fits(algorithm))
    }
}

/// One way a key can sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Method {
    /// Scheme.
    pub scheme: Scheme,
    /// The only digest it works with; any if absent.
    #[serde(default)]
    pub hash: Option<Hash>,
    /// Algorithm reference for MANAGE SECURITY ENVIRONMENT (data object 80).
    #[serde(default)]
    pub reference: Option<u8>,
    /// Algorithm reference of a hash template of its own (AA), for cards that want one before they hash.
    #[serde(default)]
    pub hash_reference: Option<u8>,
    /// Which command signs.
    pub operation: Operation,
    /// What it takes.
    pub input: Input,
}

impl Method {
    fn fits(&self, algorithm: SignatureAlgorithm) -> bool {
        self.scheme == algorithm.scheme() && self.hash.is_none_or(|hash| hash == algorithm.hash())
    }
}

/// Which command signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Operation {
    /// INTERNAL AUTHENTICATE, with an authentication template (A4).
    InternalAuthenticate,
    /// PERFORM SECURITY OPERATION: COMPUTE DIGITAL SIGNATURE, with a digital signature template (B6).
    ComputeDigitalSignature,
    /// PERFORM SECURITY OPERATION: HASH, which takes the input, then COMPUTE DIGITAL SIGNATURE without one.
    HashThenSign,
    /// GENERAL AUTHENTICATE with a dynamic authentication template (SP 800-73-5 part 2, section 3.2.4); the algorithm follows
    /// from the key.
    GeneralAuthenticate,
}

/// In which order PIN and security environment come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Order {
    /// VERIFY, then MANAGE SECURITY ENVIRONMENT.
    #[default]
    PinFirst,
    /// MANAGE SECURITY ENVIRONMENT, then VERIFY.
    EnvironmentFirst,
}

/// A PIN on the card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PinObject {
    /// The card's name for it ("PIN1").
    pub label: Option<String>,
    /// How it is presented.
    pub format: PinFormat,
    /// Where it is presented, if not where the key is.
    pub directory: Option<FileLocation>,
    /// How to ask for tries left without spending one.
    pub status: StatusQuery,
    /// How it gets its tries back; `None` where that is not known, or cannot be done.
    pub unblocking: Option<Unblocking>,
    /// Whether the holder can give it another value.
    pub can_be_changed: bool,
    /// How the holder gives it its first value.
    pub activation: Activation,
}

/// How a PIN gets its tries back (RESET RETRY COUNTER, ISO/IEC 7816-4, section 11.6.10).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unblocking {
    /// How the PUK is presented; its reference matters where it is verified by itself.
    pub puk: PinFormat,
    /// What the card wants.
    pub way: UnblockingWay,
    /// Where the PUK is verified, if not where the PIN is.
    pub directory: Option<FileLocation>,
    /// How to ask for tries left of the PUK without spending one.
    pub status: StatusQuery,
}

/// What RESET RETRY COUNTER holds: its P1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum UnblockingWay {
    /// 00: PUK and new PIN.
    #[default]
    PukAndNewPin,
    /// 01: the PUK; the PIN keeps its value.
    Puk,
    /// 02: the new PIN, after VERIFY of the PUK.
    VerifyThenNewPin,
    /// 03: nothing, after VERIFY of the PUK; the PIN keeps its value.
    Verify,
}

impl UnblockingWay {
    /// Whether the PIN gets a new value.
    #[must_use]
    pub const fn takes_new_pin(self) -> bool {
        matches!(self, Self::PukAndNewPin | Self::VerifyThenNewPin)
    }

    /// Whether the PUK goes in a VERIFY of its own.
    #[must_use]
    pub const fn verifies_puk(self) -> bool {
        matches!(self, Self::VerifyThenNewPin | Self::Verify)
    }
}

/// How the holder gives a PIN its first value (CHANGE REFERENCE DATA, ISO/IEC 7816-4, section 11.6.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Activation {
    /// The card holds a transport value, which is changed (P1 = 00).
    #[default]
    Change,
    /// The card holds no value, and the first is set (P1 = 01).
    Set,
}

/// How to ask for tries left without spending one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StatusQuery {
    /// There is no way that is known to be free.
    None,
    /// VERIFY without data (ISO/IEC 7816-4, section 11.6.6). Only where the profile says that it costs nothing.
    EmptyVerify {
        /// Where it is asked, if not in whatever directory is current.
        directory: Option<FileLocation>,
    },
    /// GET DATA for what the card keeps of a password: `A0` around its reference, answered with `DF21` (tries left) and `DF2F`
    /// (whether the holder has set it). As Thales cards have it.
    PasswordObject {
        /// Where it can be read.
        directory: FileLocation,
        /// Tries after a correct PIN, which the card does not say.
        maximum: Option<u8>,
        /// What `DF2F` is worth.
        activation: ActivationFlag,
    },
    /// A data object.
    DataObject {
        /// Where it can be read.
        directory: FileLocation,
        /// Tags from the outermost to the one that holds the counters.
        path: Vec<Tag>,
        /// Tag of the tries left.
        left: Tag,
        /// Tag of the most tries.
        maximum: Option<Tag>,
    },
}

impl StatusQuery {
    /// Where it is asked, if not in whatever directory is current.
    #[must_use]
    pub const fn directory(&self) -> Option<&FileLocation> {
        match self {
            Self::None => None,
            Self::EmptyVerify { directory } => directory.as_ref(),
            Self::PasswordObject { directory, .. } | Self::DataObject { directory, .. } => Some(directory),
        }
    }
}

/// Whether a card tells a PIN that still is the issuer's from one that the holder has set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ActivationFlag {
    /// It does not matter: the PIN can be used either way.
    #[default]
    Ignored,
    /// The PIN must have been set by the holder before it can be used.
    Needed,
}
