//! A terminal that proves itself, as a portal does it: its key is somewhere else, and it goes the whole way in the order that
//! the types allow.

use std::{
    future::Future,
    pin::pin,
    task::{Context, Poll, Waker},
};

use bitaqa_card::{
    CardError,
    channel::Channel,
    chat::Chat,
    chip_authentication::AnnouncedKey,
    cvc::{Algorithm, Certificate, CertificateChain, Reference},
    file::Selection,
    lds::{DataGroup, ElementaryFile, LdsReader},
    pace::{self, PaceSession, PaceVariant, PaceVerdict, Password},
    security_infos::SecurityInfos,
    terminal_authentication::{
        AuthenticatedChip, AuxiliaryData, ChipIdentifier, TerminalSigner, prepare_version_2,
    },
};
use bitaqa_curves::Curve;
use bitaqa_virtual_card::{
    icao::terminal_authentication::authorization::TerminalKind,
    pki::card_verifying_authority::{CardVerifyingAuthority, Terminal, TerminalOrder},
};

/// Bytes that look random, and are others for another seed.
pub(crate) fn counting_from(seed: u8) -> impl FnMut(&mut [u8]) {
    let mut count = seed;
    move |out: &mut [u8]| {
        out.iter_mut().for_each(|byte| {
            count = count.wrapping_mul(17).wrapping_add(29);
            *byte = count ^ seed.rotate_left(3);
        });
    }
}

pub(crate) const DG3: ElementaryFile = ElementaryFile::Group(DataGroup::DG3);
/// The chip does not take the password.
pub(crate) const OUR_PASSWORD: CardError = CardError::Unsupported("our password");
pub(crate) const PIN: &[u8] = b"123456";
/// Rights of an authentication terminal: restricted identification.
pub(crate) const PSEUDONYMS: [u8; 5] = [0, 0, 0, 0, 0x04];
/// Rights of an inspection system: fingerprints.
pub(crate) const FINGERPRINTS: [u8; 1] = [0x01];

/// The terminal's key, somewhere else.
pub(crate) struct Portal(pub(crate) Terminal);

impl TerminalSigner for Portal {
    type Error = ();

    async fn sign(&self, holder: &Reference, algorithm: Algorithm, message: &[u8]) -> Result<Vec<u8>, ()> {
        assert_eq!(holder.as_bytes(), self.0.name());
        assert_eq!(algorithm.oid().last(), Some(&3), "SHA-256");
        Ok(self.0.sign(message))
    }
}

/// These futures wait for nothing.
pub(crate) fn now<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("nothing to wait for"),
    }
}

pub(crate) fn portal(kind: TerminalKind, rights: &[u8], sectors: &[Vec<u8>]) -> Portal {
    let order = TerminalOrder { sectors, ..TerminalOrder::with(rights) };
    Portal(CardVerifyingAuthority::of(kind).terminal(&order))
}

pub(crate) fn chain(portal: &Portal, known: &[Vec<u8>]) -> Result<CertificateChain, CardError> {
    let certificates = portal.0.chain().iter().map(|bytes| Certificate::parse(bytes).unwrap()).collect();
    CertificateChain::arrange(certificates, known).map_err(|_| CardError::Unsupported("our authority"))
}

pub(crate) fn card_access(
    channel: &mut Channel<'_>,
    selection: &mut Selection,
) -> Result<SecurityInfos, CardError> {
    let file = LdsReader::new(channel, selection).read(ElementaryFile::CardAccess, &mut |_| ())?;
    SecurityInfos::parse("EF.CardAccess", &file)
}

pub(crate) fn open(
    channel: &mut Channel<'_>,
    access: &SecurityInfos,
    password: &Password<'_>,
    kind: TerminalKind,
    wanted: &[u8],
    seed: u8,
) -> Result<PaceSession, CardError> {
    let variant = PaceVariant::choose(access).ok_or(CardError::Unsupported("any PACE"))?;
    let chat = Chat::new(&kind.oid(), wanted);
    match pace::establish(channel, &mut counting_from(seed), &variant, password, Some(&chat))? {
        PaceVerdict::Open(session) => Ok(*session),
        _ => Err(OUR_PASSWORD),
    }
}

/// Everything up to the chip's proof, in the order that the types allow.
pub(crate) fn both_prove_themselves(
    channel: &mut Channel<'_>,
    portal: &Portal,
    password: &Password<'_>,
    kind: TerminalKind,
    wanted: &[u8],
    auxiliary: Option<&AuxiliaryData>,
) -> Result<(AuthenticatedChip, Selection), CardError> {
    let mut selection = Selection::default();
    let access = card_access(channel, &mut selection)?;
    let session = open(channel, &access, password, kind, wanted, 1)?;
    let chip = prove_both(channel, &mut selection, portal, &access, &session, auxiliary, 1)?;
    Ok((chip, selection))
}

/// The same after PACE.
pub(crate) fn prove_both(
    channel: &mut Channel<'_>,
    selection: &mut Selection,
    portal: &Portal,
    access: &SecurityInfos,
    session: &PaceSession,
    auxiliary: Option<&AuxiliaryData>,
    seed: u8,
) -> Result<AuthenticatedChip, CardError> {
    let announced = AnnouncedKey::draw(access, &mut counting_from(seed))?
        .ok_or(CardError::Unsupported("any chip authentication"))?;
    let identifier = ChipIdentifier::of_pace(session);
    let prepared = prepare_version_2(
        channel,
        &chain(portal, &session.certification_authorities)?,
        &identifier,
        announced,
        auxiliary,
    )?;
    let terminal = now(prepared.signed_by(portal)).unwrap().authenticate(channel)?;
    let unchecked = terminal.read_card_security(channel, selection, access, &mut |_| ())?;
    let accepted = unchecked
        .accept_if(|card_security| {
            // who signed is a matter of trust anchors, which are elsewhere
            (card_security.signed_data.certificates.len() == 1).then_some(()).ok_or(CardError::Unknown)
        })
        .unwrap();
    accepted.authenticate(channel)
}

/// A sector's public key on the curve of the chip's, as a data object.
pub(crate) fn sector(seed: u8) -> Vec<u8> {
    let curve = Curve::BrainpoolP256r1;
    let point = curve.generator().mul(&curve.scalar(&[seed; 20]).unwrap()).encode();
    let identifier = [0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x05, 0x02, 0x03];
    let content = [[&[0x06, 0x0A], &identifier[..]].concat(), [&[0x86, 0x41], &point[..]].concat()].concat();
    let length = u8::try_from(content.len()).unwrap();
    [&[0x7F, 0x49, length], &content[..]].concat()
}
