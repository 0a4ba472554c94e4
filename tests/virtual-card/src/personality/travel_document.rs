//! The contactless chip of a travel document, as several makes have it.
//!
//! | file | path | who may read it |
//! |---|---|---|
//! | EF.ATR/INFO, EF.DIR | `3F00 2F01`, `3F00 2F00` | anybody |
//! | EF.CardAccess | `3F00 011C` | anybody |
//! | EF.CardSecurity | `3F00 011D` | whoever opened the chip with PACE |
//! | EF.COM, EF.SOD, data groups | in `A0000002471001` | whoever opened the chip; fingerprints nobody |

use std::time::Duration;

use crate::{
    atr,
    ber_tlv::{constructed, object},
    chip::Contents,
    command::SHORT_NE,
    file_system::{Access, FileRef, FileSystem, Right},
    icao::{
        BasicAccess, ChipKey, Document, PseudonymKey, TrustPoints,
        active_authentication::{ActiveAuthentication, ActiveAuthenticationKind},
        chip_authentication::Version,
        cipher::Cipher,
        domain::{Domain, PrivateNumber},
        logical_data_structure::{APPLICATION, DataGroup, add_application, personal, tags},
        mrz::Mrz,
        order::{ChipAuthenticationOrder, DocumentOrder, SignerFault},
        pace::{Mapping, Offer, Pace, Password, PasswordKind, PasswordState, Passwords},
        security_infos::{of_extension, of_mapping, of_pace, of_proofs, of_public_keys, security_infos},
        security_object::{card_security, document_security_object},
        signing_key::SigningKey,
    },
    pin::Pin,
    pki::{DocumentAuthority, card_verifying_authority::CardVerifyingAuthority},
    random::Random,
    rules::{Protocol, Rules, StatusQuery},
    spec::{CardSpec, Interface, SpecError},
};
use bitaqa_curves::Curve;

/// The file identifier of the travel document application; terminals select it by its name.
const DF: u16 = 0x0100;

/// Most bytes of a command and of an answer, as EF.ATR/INFO tells them.
const MOST_IN: u16 = 0x1000;
const MOST_OUT: u16 = 0x8000;

/// What a make of document has where nothing else is ordered.
pub(crate) struct Plan {
    pub(crate) basic_access_control: bool,
    pub(crate) pace: Vec<Offer>,
    pub(crate) active_authentication: Option<ActiveAuthenticationKind>,
    pub(crate) chip_authentication: Vec<ChipAuthenticationOrder>,
    pub(crate) groups: &'static [u8],
    /// Extended access control, version 2.
    pub(crate) extension: Option<Extension>,
}

/// What the second version of extended access control adds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Extension {
    /// The domain parameters of pseudonyms.
    pub(crate) pseudonyms: Domain,
}

/// The document's files, and what the chip does with them.
pub(crate) struct Built {
    pub(crate) files: FileSystem,
    pub(crate) document: Document,
}

/// Builds the document.
pub(crate) fn build(plan: Plan, spec: &CardSpec) -> Result<Built, SpecError> {
    let order = spec.document.clone().unwrap_or_default();
    let person = &spec.holder()?;
    let extended_length = extended_length(spec);
    let mut random = Random::default();
    let authority = match order.faults.signer {
        SignerFault::None => DocumentAuthority::of(&person.country, order.country_key)?,
        SignerFault::Bahraini => DocumentAuthority::of("BH", order.country_key)?,
        SignerFault::Expired => {
            DocumentAuthority::of(&person.country, order.country_key)?.with_expired_signer()?
        }
    };
    let mrz = spec.mrz()?;
    let keys = Keys::draw(&plan, &order, &mut random)?;
    let offers = order.pace.clone().unwrap_or(plan.pace);
    if let Some(wrong) = offers.iter().position(|offer| !offer.exists()) {
        return Err(SpecError::NoSuchProtocol(wrong));
    }
    let extension =
        keys.pseudonyms.as_ref().map(|pseudonyms| of_extension(&keys.chip, pseudonyms)).unwrap_or_default();
    let told = [of_pace(&offers, order.explicit_parameters), extension.clone()].concat();
    // the signed copy says the same (Doc 9303-11, section 9.2.11)
    let signed = if order.faults.card_access_differs {
        [of_pace(&otherwise(&offers), order.explicit_parameters), extension].concat()
    } else {
        told.clone()
    };

    let mut groups = personal(person, &mrz, &order.portrait);
    let wanted = order.groups.as_deref().unwrap_or(plan.groups);
    groups.retain(|group| wanted.contains(&group.number));
    groups.extend(keys.groups(&signed, order.explicit_parameters));
    groups.sort_by_key(|group| group.number);
    let mut security_object = document_security_object(&authority, &groups, order.security_object)?;
    let tampered = |group: &&mut DataGroup| Some(group.number) == order.faults.tampered_group;
    if let Some(last) = groups.iter_mut().find(tampered).and_then(|group| group.content.last_mut()) {
        *last ^= 1;
    }
    if let Some(altered) = order.faults.altered {
        let group = groups.iter_mut().find(|group| Some(group.number) == altered.group);
        altered.apply(group.map_or(&mut security_object, |group| &mut group.content));
    }
    groups.retain(|group| !order.faults.hidden_groups.contains(&group.number));

    let mut files = FileSystem::new(None);
    let master = files.master_file();
    add(&mut files, master, (0x2F01, 0x01), buffer_sizes(extended_length), Access::Always);
    let directory = constructed(0x61, &[object(0x4F, &APPLICATION)]);
    add(&mut files, master, (0x2F00, 0x1E), directory, Access::Always);
    if !offers.is_empty() {
        add(&mut files, master, (0x011C, 0x1C), security_infos(&told), Access::Always);
        let (public_keys, reader) = if keys.pseudonyms.is_some() {
            (of_public_keys(&keys.chip), Access::WithRight(Right::Authenticated))
        } else {
            (of_mapping(&offers, &keys.chip), Access::AfterPace)
        };
        if !public_keys.is_empty() {
            let content = card_security(&authority, &security_infos(&[signed, public_keys].concat()))?;
            add(&mut files, master, (0x011D, 0x1D), content, reader);
        }
    }
    let common_tags = order.faults.common_tags.clone().unwrap_or_else(|| tags(&groups));
    let application = add_application(&mut files, DF, &groups, &common_tags, security_object);
    // a copy has the files, and other keys
    let keys = if order.faults.copied { Keys::draw_again(&keys, &mut random)? } else { keys };
    let document = Document {
        application,
        most_in: if extended_length { usize::from(MOST_IN) } else { usize::MAX },
        behind_pace: Vec::new(),
        basic_access: order
            .basic_access_control
            .unwrap_or(plan.basic_access_control)
            .then(|| BasicAccess::new(&mrz, step(&order))),
        pace: (!offers.is_empty()).then(|| Pace {
            static_key: static_key(&offers, &keys.chip),
            passwords: passwords(&order, &spec.can(), &mrz),
            offers,
        }),
        chip_keys: keys.chip,
        active: keys.active,
        terminals: order
            .terminals
            .and_then(|kind| TrustPoints::of(&CardVerifyingAuthority::of(kind).self_signed())),
        pseudonym_key: keys.pseudonyms,
    };
    Ok(Built { files, document })
}

/// Ways to run PACE that are not these.
fn otherwise(offers: &[Offer]) -> Vec<Offer> {
    let other = |cipher| if cipher == Cipher::Aes256 { Cipher::Aes128 } else { Cipher::Aes256 };
    offers.iter().map(|offer| Offer { cipher: other(offer.cipher), ..*offer }).collect()
}

/// The chip's own keys.
struct Keys {
    chip: Vec<ChipKey>,
    active: Option<ActiveAuthentication>,
    pseudonyms: Option<PseudonymKey>,
}

impl Keys {
    fn draw(plan: &Plan, order: &DocumentOrder, random: &mut Random) -> Result<Self, SpecError> {
        let version = if plan.extension.is_some() { Version::V2 } else { Version::V1 };
        let orders = order.chip_authentication.as_deref().unwrap_or(&plan.chip_authentication);
        let several = orders.len() > 1 || version == Version::V2;
        let chip = (1..)
            .zip(orders)
            .map(|(id, one)| ChipKey {
                explicit: order.explicit_parameters,
                ..ChipKey::draw(version, several.then_some(id), one.cipher, one.domain, random)
            })
            .collect();
        let kind = order.active_authentication.or(plan.active_authentication);
        Ok(Self {
            chip,
            active: kind.map(|kind| active_authentication(kind, 1, random)).transpose()?,
            pseudonyms: plan.extension.map(|extension| PseudonymKey::draw(1, extension.pseudonyms, random)),
        })
    }

    /// Other keys of the same kinds.
    fn draw_again(keys: &Self, random: &mut Random) -> Result<Self, SpecError> {
        let again = |key: &ChipKey, random: &mut Random| ChipKey {
            explicit: key.explicit,
            ..ChipKey::draw(key.version, key.id, key.cipher, key.domain, random)
        };
        let chip = keys.chip.iter().map(|key| again(key, random)).collect();
        let active =
            keys.active.as_ref().map(|active| active_authentication(active.kind, 2, random)).transpose()?;
        Ok(Self { chip, active, pseudonyms: keys.pseudonyms.clone() })
    }

    /// DG14 and DG15, where there is something to tell.
    fn groups(&self, signed: &[Vec<u8>], explicit: bool) -> Vec<DataGroup> {
        // of the second version the keys stand in EF.CardSecurity
        let proofs =
            if self.pseudonyms.is_some() { Vec::new() } else { of_proofs(&self.chip, self.active.as_ref()) };
        let infos = [signed, &proofs].concat();
        let told = (!infos.is_empty()).then(|| DataGroup::new(14, &security_infos(&infos)));
        let key = self.active.as_ref().map(|active| DataGroup::new(15, &active.public_key(explicit)));
        [told, key].into_iter().flatten().collect()
    }
}

fn extended_length(spec: &CardSpec) -> bool {
    spec.extended_length.unwrap_or(true)
}

/// A chip with the document, and nothing else yet.
pub(crate) fn contents(spec: &CardSpec, built: Built) -> Contents {
    let extended_length = extended_length(spec);
    let rules = Rules {
        extended_length,
        max_answer: if extended_length { usize::from(MOST_OUT) } else { SHORT_NE },
        status_query: spec.status_query.unwrap_or(StatusQuery::Answered),
        ..Rules::ISO
    };
    let Built { files, document } = built;
    let atr = match spec.interface {
        Some(Interface::Contact) => atr::made_up(Protocol::T1, extended_length),
        Some(Interface::Contactless) | None => atr::contactless(extended_length),
    };
    Contents { document: Some(document), ..Contents::new(atr, rules, files) }
}

fn add(
    files: &mut FileSystem,
    directory: FileRef,
    (id, short_id): (u16, u8),
    content: Vec<u8>,
    access: Access,
) {
    let file = files.add_file(directory, id, content);
    files.set_short_id(file, short_id);
    files.set_read(file, access);
}

/// EF.ATR/INFO (Doc 9303-10, section 3.11.1): card capabilities, and how long commands and answers may be.
fn buffer_sizes(extended_length: bool) -> Vec<u8> {
    let capabilities = object(0x47, &[0xF4, 0x21, if extended_length { 0xE0 } else { 0x80 }]);
    if !extended_length {
        return capabilities;
    }
    let [input, output] = [MOST_IN, MOST_OUT].map(|most| object(0x02, &most.to_be_bytes()));
    [capabilities, constructed(0x7F66, &[input, output])].concat()
}

/// The key of the chip authentication mapping: the first that is on the mapping's curve.
fn static_key(offers: &[Offer], keys: &[ChipKey]) -> Option<PrivateNumber> {
    let offer = offers.iter().find(|offer| offer.mapping == Mapping::ChipAuthentication)?;
    keys.iter().find(|key| key.domain == offer.domain).map(|key| key.private.clone())
}

/// RSA keys are shared by all cards of the process: those of issuers have the index 0.
fn active_authentication(
    kind: ActiveAuthenticationKind,
    index: usize,
    random: &mut Random,
) -> Result<ActiveAuthentication, SpecError> {
    let key = match kind {
        ActiveAuthenticationKind::Rsa1024Sha1 => SigningKey::rsa_of(1024, index)?,
        ActiveAuthenticationKind::Rsa2048Sha1 | ActiveAuthenticationKind::Rsa2048Sha256 => {
            SigningKey::rsa_of(2048, index)?
        }
        ActiveAuthenticationKind::EcdsaPlain => SigningKey::on_curve(Curve::BrainpoolP256r1, random),
        ActiveAuthenticationKind::EcdsaDer => SigningKey::on_curve(Curve::P256, random),
    };
    Ok(ActiveAuthentication { kind, key })
}

/// Tries of the PIN of PACE, and of a CAN that is counted.
const TRIES: u8 = 3;
/// Uses of the PUK of PACE.
const PUK_USES: u8 = 10;

/// What each failure with MRZ or CAN adds to the next try.
fn step(order: &DocumentOrder) -> Duration {
    Duration::from_millis(order.passwords.delay_milliseconds)
}

fn passwords(order: &DocumentOrder, can: &Pin, mrz: &Mrz) -> Passwords {
    let step = step(order);
    let slow = PasswordState::NonBlocking { failures: 0 };
    let counted = |left: u8| PasswordState::Counted { left: left.min(TRIES), of: TRIES };
    let of_can = order.passwords.can_tries_left.map_or(slow, counted);
    let mut all = vec![
        Password::new(PasswordKind::Mrz, mrz.hash(), slow, step),
        Password::new(PasswordKind::Can, can.digits().as_bytes().to_vec(), of_can, step),
    ];
    if let Some(pin) = &order.passwords.pin {
        let left = order.passwords.pin_tries_left.unwrap_or(TRIES).min(TRIES);
        let state = if order.passwords.pin_deactivated {
            PasswordState::Deactivated { left, of: TRIES }
        } else {
            counted(left)
        };
        all.push(Password::new(PasswordKind::Pin, pin.digits().as_bytes().to_vec(), state, step));
    }
    if let Some(puk) = &order.passwords.puk {
        let state = PasswordState::Counted { left: PUK_USES, of: PUK_USES };
        all.push(Password::new(PasswordKind::Puk, puk.digits().as_bytes().to_vec(), state, step));
    }
    Passwords(all)
}
