//! The card's key for documents: whose it is, what it can do, and signatures after a PIN that is typed on the terminal.

use std::sync::Arc;

use bitaqa_card::{
    Card, CardError, Credential, Hash as CardHash, PinEntry, PinStatus, PinVerdict, Role, Series,
    SignatureAlgorithm as CardAlgorithm, SignedSeries,
};
use bitaqa_host::{key_size, reader::connection::AfterTransaction};
use bitaqa_signature::{Hash, SignatureAlgorithm, Signer, WantedCertificate};
use bitaqa_trust::{Certificate, DateTime, DistinguishedName};

use super::{
    CardFault, Selection,
    access_key::{AskedOn, KeySource},
    look::{Look, Opening, look},
    name, one_card,
    pin::{PinFault, Questions, tries},
    run,
    seen_card::SeenCard,
    signing_certificate::{Chosen, KeyOnCard, NotUsed, choose},
};

/// A card with a key for documents, not asked for its PIN yet.
pub(crate) struct SigningCard {
    seen: SeenCard,
    credential: Credential,
    certificate: Certificate,
    algorithm: SignatureAlgorithm,
    status: PinStatus,
    not_used: Vec<NotUsed>,
}

impl SigningCard {
    /// Looks at the one card that is meant, reads the certificates of its keys for documents, and takes the first that can be used
    /// at this time and is wanted.
    pub(crate) fn find(
        selection: &Selection,
        key: &KeySource,
        wanted: &WantedCertificate,
        at: DateTime,
    ) -> Result<Self, CardFault> {
        run(async {
            let reader = one_card(selection).await?;
            // the card stays as it is: PC/SC vouches for a card that nobody has reset, and nothing is verified on it yet
            let opening =
                Opening { key, asked_on: AskedOn::ControllingTerminal, afterwards: AfterTransaction::Leave };
            let Look { connection, layout, opened_with, seen: keys, .. } =
                look(&reader, opening, keys).await?;
            let Chosen { key: KeyOnCard { credential, status, .. }, certificate, not_used } =
                choose(keys, &layout, wanted, at)
                    .map_err(|not_used| CardFault::NoCertificate { reader: name(&reader), not_used })?;
            if credential.wants_fingerprint() {
                return Err(PinFault::Fingerprint.into());
            }
            let unusable = |what| CardFault::of(&reader, CardError::Unsupported(what));
            let algorithm = algorithm(&credential, &certificate)
                .ok_or_else(|| unusable("a key for documents without an algorithm that is accepted"))?;
            let seen = SeenCard { reader, connection, layout, opened_with };
            Ok(Self { seen, credential, certificate, algorithm, status, not_used })
        })
    }

    /// The signer, with certificates of issuers that shall be in the file.
    pub(crate) fn signer(
        &self,
        chain: Vec<Certificate>,
    ) -> Result<Signer, bitaqa_signature::signer::SignerError> {
        Signer::new(self.certificate.clone(), chain, self.algorithm)
    }

    /// The certificate of the key.
    pub(crate) const fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// The card's other certificates for documents, each with the reason why it is not used.
    pub(crate) fn not_used(&self) -> &[NotUsed] {
        &self.not_used
    }

    /// Whether the card wants the PIN again before each signature.
    pub(crate) const fn wants_pin_each_time(&self) -> bool {
        self.credential.key.user_consent
    }

    /// The holder's name, as the certificate has it.
    pub(crate) fn holder(&self) -> Option<String> {
        DistinguishedName::from_name(self.certificate.tbs().subject()).ok()?.display_name()
    }

    /// Asks for the PIN and signs the messages, in order. One entry is presented once. What was signed before the card stopped is
    /// kept, with the reason.
    pub(crate) fn sign(self, messages: Vec<Vec<u8>>) -> Result<(Vec<Vec<u8>>, Option<CardFault>), CardFault> {
        let Self { seen, credential, certificate, algorithm, status, .. } = self;
        let reader = seen.reader.clone();
        if status.is_blocked() {
            return Err(PinFault::Blocked.into());
        }
        let unusable = |what| CardFault::of(&reader, CardError::Unsupported(what));
        let pin = credential.pin.clone().ok_or_else(|| CardFault::of(&reader, CardError::NoCredential))?;
        let key = certificate.public_key().map_err(|_| unusable("a certificate that cannot be read"))?;
        let algorithm = card_algorithm(algorithm).ok_or_else(|| unusable("a hash that cards do not have"))?;
        let way = (algorithm, key_size(key.kind()));
        let mut questions = Questions::open(&pin)?;
        if let Some(left) = status.tries_left {
            questions.remark(&format!("{}: {}", name(&reader), tries(Some(left), status.tries_maximum)))?;
        }
        let typed = questions.pin()?;
        drop(questions);
        let outcome = run(seen.act(move |card, scratch| {
            let messages: Vec<&[u8]> = messages.iter().map(Vec::as_slice).collect();
            let entry = PinEntry::Typed { pin: &typed, scratch };
            card.verify_and_sign_series(&credential, entry, way, &messages, &mut |_| {})
        }))?;
        match outcome {
            SignedSeries::Series(Series { signatures, stopped }) => {
                Ok((signatures, stopped.map(|error| CardFault::of(&reader, error))))
            }
            SignedSeries::PinRefused(verdict) => Err(refused(verdict).into()),
        }
    }
}

/// All keys for documents, each with its certificate.
fn keys(card: &mut Card<'_>) -> Result<Vec<KeyOnCard>, CardError> {
    let layout = Arc::clone(card.layout());
    let keys = layout.credentials_of(Role::Signature).map(|credential| {
        let (status, der) = card.status_and_certificate(credential)?;
        Ok(KeyOnCard { credential: credential.clone(), status, der })
    });
    let keys = keys.collect::<Result<Vec<_>, CardError>>()?;
    if keys.is_empty() { Err(CardError::NoCredential) } else { Ok(keys) }
}

const fn refused(verdict: PinVerdict) -> PinFault {
    match verdict {
        PinVerdict::Wrong { tries_left } => PinFault::Wrong { tries_left },
        PinVerdict::Blocked => PinFault::Blocked,
        _ => PinFault::NotAccepted,
    }
}

/// The best algorithm that certificate and card have in common.
fn algorithm(credential: &Credential, certificate: &Certificate) -> Option<SignatureAlgorithm> {
    let kind = certificate.public_key().ok()?.kind();
    let best = SignatureAlgorithm::for_key(kind);
    std::iter::once(best).chain(SignatureAlgorithm::of_key(kind)).find(|algorithm| {
        let known = card_algorithm(*algorithm);
        known.is_some_and(|algorithm| credential.key.method_for_message(algorithm).is_some())
    })
}

/// An algorithm in the words of the card layer; none for hashes that cards do not have.
const fn card_algorithm(algorithm: SignatureAlgorithm) -> Option<CardAlgorithm> {
    let hash = match algorithm.hash() {
        Hash::Sha256 => CardHash::Sha256,
        Hash::Sha384 => CardHash::Sha384,
        Hash::Sha512 => CardHash::Sha512,
        Hash::Sha3_256 | Hash::Sha3_384 | Hash::Sha3_512 => return None,
    };
    Some(match algorithm {
        SignatureAlgorithm::Ecdsa(_) => CardAlgorithm::Ecdsa(hash),
        SignatureAlgorithm::RsaPkcs1(_) => CardAlgorithm::RsaPkcs1(hash),
        SignatureAlgorithm::RsaPss(_) => CardAlgorithm::RsaPss(hash),
    })
}
