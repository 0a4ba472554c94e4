//! PACE, the card's side (ICAO Doc 9303-11, section 4.4; BSI TR-03110-2, section 3.2).

mod mapping;
mod password;
mod token;

pub use mapping::Mapping;
pub(crate) use mapping::chip_authentication_data;
pub(crate) use password::{Password, Passwords, Slowness};
pub use password::{PasswordKind, PasswordState};
pub(crate) use token::token;

use serde::Deserialize;
use zeroize::Zeroizing;

use super::{
    Opening,
    cipher::Cipher,
    domain::{Domain, PrivateNumber, PublicElement},
    key_derivation::{KeyUse, derive},
    oid,
    secure_messaging::SecureMessaging,
    terminal_authentication::authorization::Authorization,
};
use crate::{
    ber_tlv::{object, objects},
    chip::{Answer, Chip, Refusal},
    command::Command,
    der,
    random::Random,
    status::StatusWord,
};

/// One way to run PACE that the chip offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Offer {
    /// How the nonce becomes a generator.
    #[serde(default)]
    pub mapping: Mapping,
    /// The cipher of the session, and of the nonce.
    pub cipher: Cipher,
    /// The domain parameters.
    pub domain: Domain,
}

impl Offer {
    /// The protocol's object identifier: mapping with kind of group, and cipher.
    pub(crate) fn protocol(&self) -> Vec<u8> {
        let mapping = match (self.mapping, self.domain) {
            (Mapping::Generic, Domain::Group(_)) => 1,
            (Mapping::Generic, Domain::Curve(_)) => 2,
            (Mapping::Integrated, Domain::Group(_)) => 3,
            (Mapping::Integrated, Domain::Curve(_)) => 4,
            (Mapping::ChipAuthentication, _) => 6,
        };
        oid::below(oid::PACE, &[mapping, cipher_arc(self.cipher)])
    }

    /// PACEInfo with PACEDomainParameterInfo (section 9.2.1 and 9.2.2): the curve is written out and has no number.
    pub(crate) fn explicit_infos(&self) -> Option<Vec<Vec<u8>>> {
        let protocol = self.protocol();
        let (_, group) = protocol.split_last()?;
        let info = der::sequence(&[object(0x06, &protocol), der::integer(2)]);
        let domain = der::sequence(&[object(0x06, group), self.domain.explicit_algorithm()?]);
        Some(vec![info, domain])
    }

    /// PACEInfo (section 9.2.1): version 2, standardised domain parameters.
    pub(crate) fn info(&self) -> Vec<u8> {
        der::sequence(&[
            object(0x06, &self.protocol()),
            der::integer(2),
            der::integer(u32::from(self.domain.parameter_id())),
        ])
    }

    /// Is there such a protocol? The integrated mapping has no point encoding on P-224; the chip authentication mapping
    /// needs a curve and AES.
    #[must_use]
    pub fn exists(&self) -> bool {
        match self.mapping {
            Mapping::Generic => true,
            Mapping::Integrated => self.domain != Domain::Curve(bitaqa_curves::Curve::P224),
            Mapping::ChipAuthentication => self.domain.is_curve() && self.cipher != Cipher::TripleDes,
        }
    }
}

/// The last arc of a protocol's identifier.
pub(crate) const fn cipher_arc(cipher: Cipher) -> u8 {
    match cipher {
        Cipher::TripleDes => 1,
        Cipher::Aes128 => 2,
        Cipher::Aes192 => 3,
        Cipher::Aes256 => 4,
    }
}

/// What a chip needs for PACE.
#[derive(Clone)]
pub(crate) struct Pace {
    pub(crate) offers: Vec<Offer>,
    pub(crate) passwords: Passwords,
    /// The static key of the chip authentication mapping.
    pub(crate) static_key: Option<PrivateNumber>,
}

/// How far a run has come.
#[derive(Default)]
pub(crate) enum Progress {
    /// Nowhere.
    #[default]
    Idle,
    /// Protocol and password are chosen.
    Chosen(Choice),
    /// The nonce was given.
    NonceGiven { choice: Choice, nonce: Zeroizing<Vec<u8>> },
    /// There is a generator that only both sides know, and the key whose public part the chip mapped with.
    Mapped { choice: Choice, generator: PublicElement, mapping_key: Option<PrivateNumber> },
    /// Both sides have the session keys, or so they say.
    Agreed(Agreement),
}

/// What MSE:Set AT chose.
#[derive(Clone)]
pub(crate) struct Choice {
    pub(crate) offer: Offer,
    pub(crate) password: PasswordKind,
    /// What the terminal says that it wants to be.
    pub(crate) wanted: Option<Authorization>,
}

pub(crate) struct Agreement {
    choice: Choice,
    own: PublicElement,
    theirs: PublicElement,
    encryption_key: Zeroizing<Vec<u8>>,
    authentication_key: Zeroizing<Vec<u8>>,
    mapping_key: Option<PrivateNumber>,
}

impl Chip {
    /// MSE:Set AT for PACE (section 4.4.4.1): what the password's state is shows in the status word.
    pub(crate) fn set_pace(&mut self, command: &Command) -> Result<Answer, Refusal> {
        self.session.icao.choose_anew();
        let document = self.document.as_ref().ok_or(StatusWord::FUNCTION_NOT_SUPPORTED)?;
        let pace = document.pace.as_ref().ok_or(StatusWord::FUNCTION_NOT_SUPPORTED)?;
        let (mut protocol, mut password, mut domain, mut wanted) = (None, None, None, None);
        for (tag, value) in objects(&command.data).ok_or(StatusWord::WRONG_DATA)? {
            match (tag, value) {
                (0x80, value) => protocol = Some(value),
                (0x83, [reference]) => password = PasswordKind::from_reference(*reference),
                (0x84, [id]) => domain = Some(*id),
                (0x7F4C, value) if document.terminals.is_some() => {
                    wanted = Some(Authorization::parse(value).ok_or(StatusWord::WRONG_DATA)?);
                }
                _ => return Err(StatusWord::WRONG_DATA.into()),
            }
        }
        let protocol = protocol.ok_or(StatusWord::WRONG_DATA)?;
        let mut offers = pace.offers.iter().filter(|offer| offer.protocol() == protocol).peekable();
        offers.peek().ok_or(StatusWord::WRONG_DATA)?;
        let on_domain = |offer: &&Offer| domain.is_none_or(|id| offer.domain.parameter_id() == id);
        let offer = *offers.find(on_domain).ok_or(StatusWord::REFERENCE_NOT_FOUND)?;
        let password = password.ok_or(StatusWord::REFERENCE_NOT_FOUND)?;
        let state = pace.passwords.get(password).ok_or(StatusWord::REFERENCE_NOT_FOUND)?.told();
        let by_can = password == PasswordKind::Can;
        if by_can && wanted.as_ref().is_some_and(|wanted| !wanted.allows_can()) {
            return Err(StatusWord::REFERENCE_NOT_FOUND.into());
        }
        self.session.icao.pace = Progress::Chosen(Choice { offer, password, wanted });
        Ok(Answer { data: Vec::new(), status: state, optional: true })
    }

    /// One step of GENERAL AUTHENTICATE (section 4.4.4.2). Whatever goes wrong, the run is over.
    pub(crate) fn pace_step(&mut self, command: &Command) -> Result<Answer, Refusal> {
        let progress = std::mem::take(&mut self.session.icao.pace);
        let last = command.class & 0x10 == 0;
        let parts = match objects(&command.data).ok_or(StatusWord::WRONG_DATA)?.as_slice() {
            [(0x7C, value)] => objects(value).ok_or(StatusWord::WRONG_DATA)?,
            _ => return Err(StatusWord::WRONG_DATA.into()),
        };
        let answer = match (progress, parts.as_slice()) {
            (Progress::Chosen(choice), []) if !last => self.give_nonce(choice)?,
            (Progress::NonceGiven { choice, nonce }, [(0x81, data)]) if !last => {
                self.map(choice, &nonce, data)?
            }
            (Progress::Mapped { choice, generator, mapping_key }, [(0x83, data)]) if !last => {
                self.agree(choice, &generator, mapping_key, data)?
            }
            (Progress::Agreed(agreement), [(0x85, data)]) if last => self.compare_tokens(agreement, data)?,
            (Progress::Idle, _) => return Err(StatusWord::CONDITIONS_NOT_SATISFIED.into()),
            _ => return Err(StatusWord::WRONG_DATA.into()),
        };
        Ok(Answer::of(object(0x7C, &answer)))
    }

    fn pace(&mut self) -> Result<(&mut Pace, &mut Random), Refusal> {
        let pace = self.document.as_mut().and_then(|document| document.pace.as_mut());
        Ok((pace.ok_or(StatusWord::FUNCTION_NOT_SUPPORTED)?, &mut self.random))
    }

    /// Step 1: the nonce, encrypted with the password's key.
    fn give_nonce(&mut self, choice: Choice) -> Result<Vec<u8>, Refusal> {
        let shown = match self.session.icao.opening {
            Some(Opening::Pace(kind)) => Some(kind),
            _ => None,
        };
        let (pace, random) = self.pace()?;
        let password = pace.passwords.get_mut(choice.password).ok_or(StatusWord::REFERENCE_NOT_FOUND)?;
        password.demand_usable(shown)?;
        let delay = password.delay();
        let cipher = choice.offer.cipher;
        // as long as a key, in whole blocks (section 4.4.3.3)
        let length = cipher.key_length().next_multiple_of(16);
        let nonce = Zeroizing::new(random.bytes(length));
        let key = derive(cipher, password.secret(), KeyUse::Password);
        let encrypted = cipher.encrypt(&key, &vec![0; cipher.block_length()], &nonce);
        self.delay = delay;
        self.session.icao.pace = Progress::NonceGiven { choice, nonce };
        Ok(object(0x80, &encrypted))
    }

    /// Step 2: both sides turn the nonce into a generator.
    fn map(&mut self, choice: Choice, nonce: &[u8], data: &[u8]) -> Result<Vec<u8>, Refusal> {
        let domain = choice.offer.domain;
        let (_, random) = self.pace()?;
        let (generator, mapping_key, sent) = match choice.offer.mapping {
            Mapping::Integrated => {
                let number =
                    mapping::pseudo_random(&choice.offer, nonce, data).ok_or(StatusWord::WRONG_DATA)?;
                (domain.integrated_map(&number), None, Vec::new())
            }
            Mapping::Generic | Mapping::ChipAuthentication => {
                let theirs = domain.decode(data).ok_or(StatusWord::WRONG_DATA)?;
                let private = domain.draw(random);
                let own = domain.generator().times(&private).ok_or(StatusWord::NO_DIAGNOSIS)?;
                if own == theirs {
                    return Err(StatusWord::WRONG_DATA.into());
                }
                let generator = mapping::generic(domain, nonce, &theirs, &private);
                (generator, Some(private), own.encode())
            }
        };
        let generator =
            generator.filter(|generator| !generator.is_neutral()).ok_or(StatusWord::WRONG_DATA)?;
        self.session.icao.pace = Progress::Mapped { choice, generator, mapping_key };
        Ok(object(0x82, &sent))
    }

    /// Step 3: key agreement over the new generator.
    fn agree(
        &mut self,
        choice: Choice,
        generator: &PublicElement,
        mapping_key: Option<PrivateNumber>,
        data: &[u8],
    ) -> Result<Vec<u8>, Refusal> {
        let domain = choice.offer.domain;
        let theirs = domain.decode(data).ok_or(StatusWord::WRONG_DATA)?;
        let (_, random) = self.pace()?;
        let private = domain.draw(random);
        let own = generator.times(&private).ok_or(StatusWord::NO_DIAGNOSIS)?;
        if own == theirs {
            return Err(StatusWord::WRONG_DATA.into());
        }
        let shared =
            theirs.times(&private).filter(|shared| !shared.is_neutral()).ok_or(StatusWord::WRONG_DATA)?;
        let secret = shared.secret();
        let cipher = choice.offer.cipher;
        let encoded = own.encode();
        self.session.icao.pace = Progress::Agreed(Agreement {
            encryption_key: derive(cipher, &secret, KeyUse::Encryption),
            authentication_key: derive(cipher, &secret, KeyUse::Authentication),
            choice,
            own,
            theirs,
            mapping_key,
        });
        Ok(object(0x84, &encoded))
    }

    /// Step 4: each side shows that it has the same keys. Here a wrong password comes to light.
    fn compare_tokens(&mut self, agreement: Agreement, data: &[u8]) -> Result<Vec<u8>, Refusal> {
        let Agreement { choice, own, theirs, encryption_key, authentication_key, mapping_key } = agreement;
        let cipher = choice.offer.cipher;
        let protocol = choice.offer.protocol();
        let expected = token(cipher, &authentication_key, &own.data_object(&protocol));
        let (pace, _) = self.pace()?;
        let password = pace.passwords.get_mut(choice.password).ok_or(StatusWord::REFERENCE_NOT_FOUND)?;
        password.settle(&expected, data)?;
        let mut answer = object(0x86, &token(cipher, &authentication_key, &theirs.data_object(&protocol)));
        if choice.offer.mapping == Mapping::ChipAuthentication {
            let proof = pace
                .static_key
                .as_ref()
                .zip(mapping_key)
                .and_then(|(static_key, mapping_key)| {
                    chip_authentication_data(cipher, &encryption_key, static_key, &mapping_key)
                })
                .ok_or(StatusWord::NO_DIAGNOSIS)?;
            answer.extend(object(0x8A, &proof));
        }
        if let (Some(_), Some(points)) =
            (&choice.wanted, self.document.as_ref().and_then(|document| document.terminals.as_ref()))
        {
            answer.extend(points.names());
        }
        let secure = SecureMessaging::new(cipher, encryption_key, authentication_key);
        self.session.icao.open(Opening::Pace(choice.password), secure);
        self.session.icao.pace_key = Some(own.compressed());
        self.session.icao.terminal.wanted = choice.wanted;
        Ok(answer)
    }
}
