//! A card that says nothing of itself: no EF.DIR, no directory files, and identifiers that are drawn from a seed. Nobody signs
//! with it who was not told where things are, as a new card's issuer tells it.
//!
//! | file | holds |
//! |---|---|
//! | [`Identifiers::application`] | the application, of a proprietary name |
//! | [`Identifiers::certificate`] in it | the certificate for signing in |

use super::{Certificates, Made, PinPlan, drawn::Drawing};
use crate::{
    atr,
    chip::Contents,
    digest::Digest,
    file_system::FileSystem,
    mechanism::Mechanism,
    pin::PinFormat,
    pki::{Pki, Purpose},
    private_key::{KeyKind, PrivateKey},
    reference_data::Scope,
    rules::{Protocol, Rules},
    security_environment::{Key, Template},
    spec::{CardSpec, SpecError},
};

/// PINs are ASCII, filled to this many bytes with `FF`; it is the most digits as well.
pub const PIN_LENGTH: u8 = 8;

/// What the issuer of such a card would tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identifiers {
    /// Name of the application.
    pub application: Vec<u8>,
    /// Identifier of the certificate's file.
    pub certificate: u16,
    /// Reference of the key.
    pub key: u8,
    /// Reference of its algorithm, ECDSA with SHA-256.
    pub algorithm: u8,
    /// Reference of the PIN.
    pub pin: u8,
}

impl Identifiers {
    /// Those of the card of this seed.
    #[must_use]
    pub fn of(seed: u64) -> Self {
        let mut drawing = Drawing::of(seed ^ 0x554E_4445);
        let byte = |number: u16| number.to_be_bytes()[1];
        Self {
            application: drawing.name(),
            certificate: drawing.number(0x4001, 0x0FFF),
            key: byte(drawing.number(0x01, 0x1F)),
            algorithm: byte(drawing.number(0x21, 0x1F)),
            pin: byte(drawing.number(0x81, 0x0F)),
        }
    }
}

pub(crate) fn make(spec: &CardSpec, pki: &Pki) -> Result<Made, SpecError> {
    let identifiers = Identifiers::of(spec.seed.unwrap_or(0));
    let private = PrivateKey::generate(KeyKind::P256)?;
    let authentication = pki.issue(&spec.holder()?, Purpose::Authentication, spec.certificate, &private)?;
    let mut files = FileSystem::new(None);
    let master = files.master_file();
    let application = files.add_directory(master, 0x5001, Some(&identifiers.application));
    files.add_file(application, identifiers.certificate, authentication.der().to_vec());
    let plan = PinPlan {
        name: "PIN",
        reference: identifiers.pin,
        scope: Scope::Local(application),
        format: PinFormat::Padded { length: usize::from(PIN_LENGTH), pad: 0xFF },
        digits: 4..=usize::from(PIN_LENGTH),
        unblocked_by: None,
        tries: 3,
    };
    let pins = vec![plan.carry_out(spec, &spec.pins().pin, spec.tries_left)?];
    let keys = vec![Key {
        reference: identifiers.key,
        directory: application,
        private,
        templates: vec![Template::Authentication],
        algorithms: vec![(vec![identifiers.algorithm], Mechanism::EcdsaOf(Digest::Sha256))],
        implicit: None,
        pin: Some(identifiers.pin),
        user_consent: false,
    }];
    let contents =
        Contents { pins, keys, ..Contents::new(atr::made_up(Protocol::T1, false), Rules::ISO, files) };
    Ok(Made { contents, certificates: Certificates { authentication, ..Certificates::default() } })
}
