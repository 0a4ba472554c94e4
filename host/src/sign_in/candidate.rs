//! The card that a question is about.

use std::sync::Arc;

use bitaqa_card::{Credential, Hash, Layout, PinStatus, Role, SignatureAlgorithm};
use bitaqa_protocol::{auth_token::TokenAlgorithm, signing::SigningCertificate};
use bitaqa_trust::{
    AuthenticationCertificate,
    public_key::{Curve, KeyKind},
};

use super::{first_look::FirstLook, opens_with::OpensWith, same_card::ReadChip, typed::Typed};
use crate::{
    card_cache::KnownCard,
    reader::{Connection, ReaderSeen},
    shortened::shortened,
    window::message::{Alphabet, Disclosed, DisclosedField, PinKind, Question},
};
use bitaqa_card::pin::PinAlphabet;

/// A card that can be used to sign in, or for documents.
pub(super) struct Candidate {
    /// Where it is, and when it came there.
    pub(super) reader: ReaderSeen,
    /// The way to it; stays connected while the question is open, so that a swap is noticed.
    pub(super) connection: Arc<Connection>,
    /// Where things are on it.
    pub(super) layout: Arc<Layout>,
    /// What opened it, and opens it again.
    pub(super) opens_with: OpensWith<Arc<Typed>>,
    /// The key to sign with.
    pub(super) credential: Credential,
    /// Its certificate, DER.
    pub(super) der: Arc<[u8]>,
    /// Its certificate, read.
    pub(super) certificate: AuthenticationCertificate,
    /// How the key signs; none for one that only its certificate is wanted of.
    pub(super) algorithm: Option<TokenAlgorithm>,
    /// What is known of its PIN.
    pub(super) pin_status: PinStatus,
    /// Whether the reader takes the PIN on keys of its own.
    pub(super) has_pin_pad: bool,
    /// Certificates of all its keys for documents, where those are wanted.
    pub(super) for_documents: Vec<SigningCertificate>,
    /// The chip that was read before, where the question is about what was read of it.
    pub(super) chip: Option<Arc<ReadChip>>,
}

impl Candidate {
    /// Of what was found out about a card.
    pub(super) fn new(
        reader: ReaderSeen,
        connection: Arc<Connection>,
        look: FirstLook,
        opens_with: OpensWith<Arc<Typed>>,
    ) -> Self {
        let FirstLook {
            layout,
            credential,
            der,
            certificate,
            algorithm,
            pin_status,
            has_pin_pad,
            for_documents,
        } = look;
        Self {
            reader,
            connection,
            layout,
            opens_with,
            credential,
            der,
            certificate,
            algorithm,
            pin_status,
            has_pin_pad,
            for_documents,
            chip: None,
        }
    }

    /// What of it is known until the card leaves its reader.
    pub(super) fn known(&self) -> KnownCard {
        KnownCard {
            layout: Arc::clone(&self.layout),
            credential: self.credential.clone(),
            certificate: Arc::clone(&self.der),
        }
    }

    /// The question to the person.
    pub(super) fn question(&self, was_wrong: bool) -> Question {
        let pin = self.credential.pin.as_ref();
        let format = pin.map(|pin| &pin.format);
        Question {
            holder: self.holder(),
            pin: match self.credential.role {
                Role::Authentication => PinKind::Authentication,
                Role::Signature => PinKind::Signature,
            },
            pin_label: pin.and_then(|pin| pin.label.clone()),
            min_length: format.map_or(0, |format| format.min_length),
            max_length: format.map_or(0, |format| format.max_length),
            alphabet: match format.map(|format| format.alphabet) {
                Some(PinAlphabet::Ascii) => Alphabet::Ascii,
                _ => Alphabet::Digits,
            },
            discloses: self.discloses(),
            tries_left: self.pin_status.tries_left,
            was_wrong,
            documents: None,
        }
    }

    pub(super) fn holder(&self) -> String {
        shortened(self.certificate.subject().display_name().unwrap_or_default(), MAX_SHOWN)
    }

    /// Everything in the certificate that says something about the holder: the site receives the whole certificate.
    pub(super) fn discloses(&self) -> Vec<Disclosed> {
        let subject = self.certificate.subject();
        let fields = [
            (DisclosedField::Name, subject.display_name()),
            (DisclosedField::PersonalNumber, self.certificate.personal_number().map(str::to_owned)),
            (DisclosedField::Country, subject.country().map(str::to_owned)),
            (DisclosedField::Organisation, subject.organisation()),
            (DisclosedField::Email, self.certificate.email().map(str::to_owned)),
            (DisclosedField::Issuer, self.certificate.issuer().display_name()),
        ];
        let present =
            |(field, value): (DisclosedField, Option<String>)| Some(Disclosed { field, value: value? });
        fields.into_iter().filter_map(present).collect()
    }
}

/// Most characters of a value on the screen: longer than any honest name, short enough that nothing is pushed out of sight.
const MAX_SHOWN: usize = 120;

/// The best algorithm that certificate, card and token format have in common, with the card layer's names for it.
pub(super) fn choose_algorithm(key: KeyKind, credential: &Credential) -> Option<TokenAlgorithm> {
    let wanted: &[TokenAlgorithm] = match key {
        KeyKind::Ec(Curve::P256 | Curve::BrainpoolP256r1) => &[TokenAlgorithm::ES256],
        KeyKind::Ec(Curve::P384 | Curve::BrainpoolP384r1) => &[TokenAlgorithm::ES384],
        KeyKind::Ec(Curve::P521 | Curve::BrainpoolP512r1) => &[TokenAlgorithm::ES512],
        KeyKind::Rsa { .. } => &[
            TokenAlgorithm::PS256,
            TokenAlgorithm::PS384,
            TokenAlgorithm::PS512,
            TokenAlgorithm::RS256,
            TokenAlgorithm::RS384,
            TokenAlgorithm::RS512,
        ],
        KeyKind::RsaPss { .. } => &[TokenAlgorithm::PS256, TokenAlgorithm::PS384, TokenAlgorithm::PS512],
    };
    wanted.iter().copied().find(|algorithm| credential.key.method(card_algorithm(*algorithm)).is_some())
}

/// A token's algorithm in the words of the card layer.
pub(crate) const fn card_algorithm(algorithm: TokenAlgorithm) -> SignatureAlgorithm {
    match algorithm {
        TokenAlgorithm::ES256 => SignatureAlgorithm::Ecdsa(Hash::Sha256),
        TokenAlgorithm::ES384 => SignatureAlgorithm::Ecdsa(Hash::Sha384),
        TokenAlgorithm::ES512 => SignatureAlgorithm::Ecdsa(Hash::Sha512),
        TokenAlgorithm::PS256 => SignatureAlgorithm::RsaPss(Hash::Sha256),
        TokenAlgorithm::PS384 => SignatureAlgorithm::RsaPss(Hash::Sha384),
        TokenAlgorithm::PS512 => SignatureAlgorithm::RsaPss(Hash::Sha512),
        TokenAlgorithm::RS256 => SignatureAlgorithm::RsaPkcs1(Hash::Sha256),
        TokenAlgorithm::RS384 => SignatureAlgorithm::RsaPkcs1(Hash::Sha384),
        TokenAlgorithm::RS512 => SignatureAlgorithm::RsaPkcs1(Hash::Sha512),
    }
}
