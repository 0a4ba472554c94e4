//! Restricted identification, the card's side: a pseudonym for each sector of terminals (BSI TR-03110-2, section 3.6;
//! part 3, B.4).
//!
//! No independent client judges this: the form of the sector key in the command, and that the certificate holds the hash of
//! its whole `7F49` object, are as this project reads the guideline.

use bitaqa_curves::{Curve, ExplicitParameters};

use super::{
    domain::{Domain, PrivateNumber, PublicElement},
    oid,
};
use crate::{
    ber_tlv::{object, objects},
    chip::{Answer, Chip, Refusal},
    command::Command,
    der,
    digest::Digest,
    random::Random,
    status::StatusWord,
};

/// The chip's key for pseudonyms.
#[derive(Clone)]
pub(crate) struct PseudonymKey {
    id: u8,
    domain: Domain,
    private: PrivateNumber,
}

impl PseudonymKey {
    pub(crate) fn draw(id: u8, domain: Domain, random: &mut Random) -> Self {
        Self { id, domain, private: domain.draw(random) }
    }

    /// id-RI, kind of group, SHA-256.
    fn protocol(&self) -> Vec<u8> {
        oid::below(oid::RESTRICTED_IDENTIFICATION, &[if self.domain.is_curve() { 2 } else { 1 }, 3])
    }

    /// RestrictedIdentificationInfo: version 1, the key's number, authorised terminals only.
    pub(crate) fn info(&self) -> Vec<u8> {
        let parameters =
            der::sequence(&[der::integer(1), der::integer(u32::from(self.id)), der::boolean(true)]);
        der::sequence(&[object(0x06, &self.protocol()), parameters])
    }

    /// RestrictedIdentificationDomainParameterInfo.
    pub(crate) fn domain_info(&self) -> Vec<u8> {
        let protocol = self.protocol();
        let group = protocol.get(..protocol.len() - 1).unwrap_or_default();
        der::sequence(&[object(0x06, group), self.domain.algorithm()])
    }
}

impl Chip {
    /// MSE:Set AT with id-RI: which protocol and key.
    pub(crate) fn set_restricted_identification(&mut self, command: &Command) -> Result<Answer, Refusal> {
        let key = self.document.as_ref().and_then(|document| document.pseudonym_key.as_ref());
        let key = key.ok_or(StatusWord::WRONG_DATA)?;
        if !self.session.icao.terminal.may_have_pseudonyms() {
            return Err(StatusWord::SECURITY_NOT_SATISFIED.into());
        }
        let parts = objects(&command.data).ok_or(StatusWord::WRONG_DATA)?;
        let id = match parts.as_slice() {
            [(0x80, protocol)] if *protocol == key.protocol() => key.id,
            [(0x80, protocol), (0x84, [id])] if *protocol == key.protocol() => *id,
            _ => return Err(StatusWord::WRONG_DATA.into()),
        };
        if id != key.id {
            return Err(StatusWord::REFERENCE_NOT_FOUND.into());
        }
        self.session.icao.choose_anew();
        self.session.icao.pseudonym_chosen = true;
        Ok(Answer::empty())
    }

    /// GENERAL AUTHENTICATE: `7C {A0 sector key}` gets `7C {81 pseudonym}`.
    pub(crate) fn identify_restrictedly(&mut self, command: &Command) -> Result<Answer, Refusal> {
        self.session.icao.pseudonym_chosen = false;
        let key = self.document.as_ref().and_then(|document| document.pseudonym_key.as_ref());
        let key = key.ok_or(StatusWord::CONDITIONS_NOT_SATISFIED)?;
        let outer = objects(&command.data).ok_or(StatusWord::WRONG_DATA)?;
        let [(0x7C, inner)] = outer.as_slice() else {
            return Err(StatusWord::WRONG_DATA.into());
        };
        let inner = objects(inner).ok_or(StatusWord::WRONG_DATA)?;
        let [(0xA0, sector)] = inner.as_slice() else {
            return Err(StatusWord::WRONG_DATA.into());
        };
        // the certificate says by a hash which sectors are the terminal's
        let hash = Digest::Sha256.of(&object(0x7F49, sector));
        let terminal = self.session.icao.terminal.authenticated.as_ref();
        if !terminal.is_some_and(|terminal| terminal.sectors.contains(&hash)) {
            return Err(StatusWord::SECURITY_NOT_SATISFIED.into());
        }
        let sector = sector_key(sector, key.domain).ok_or(StatusWord::WRONG_DATA)?;
        let shared = sector.times(&key.private).filter(|shared| !shared.is_neutral());
        let secret = shared.ok_or(StatusWord::WRONG_DATA)?.secret();
        let pseudonym = Digest::Sha256.of(&secret);
        Ok(Answer::of(object(0x7C, &object(0x81, &pseudonym))))
    }
}

/// The sector's public key, on the chip's own domain parameters or not at all.
fn sector_key(value: &[u8], domain: Domain) -> Option<PublicElement> {
    let parts = objects(value)?;
    match (parts.as_slice(), domain) {
        (
            [
                (0x06, _),
                (0x81, prime),
                (0x82, a),
                (0x83, b),
                (0x84, generator),
                (0x85, order),
                (0x86, point),
                (0x87, cofactor),
            ],
            Domain::Curve(own),
        ) => {
            let parameters = ExplicitParameters { prime, a, b, generator, order, cofactor: Some(cofactor) };
            (Curve::from_explicit(&parameters)? == own).then_some(())?;
            domain.decode(point)
        }
        ([(0x06, _), (0x86, point)], Domain::Curve(_)) => domain.decode(point),
        // prime, order and generator may stand before the number (TR-03110-3, D.3.2)
        (
            [(0x06, _), (0x84, number)] | [(0x06, _), (0x81, _), (0x82, _), (0x83, _), (0x84, number)],
            Domain::Group(_),
        ) => domain.decode(number),
        _ => None,
    }
}
