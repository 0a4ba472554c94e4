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
        domain::{Domain, PrivateNumber},
        logical_data_structure::{APPLICATION, DataGroup, add_application, personal},
        mrz::{Form, Mrz},
        order::{ChipAuthenticationOrder, DocumentOrder},
        pace::{Mapping, Offer, Pace, Password, PasswordKind, PasswordState, Passwords},
        security_infos::{of_extension, of_mapping, of_pace, of_proofs, of_public_keys, security_infos},
        security_object::{card_security, document_security_object},
        signing_key::SigningKey,
    },
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
    pub(crate) form: Form,
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
    let (order, person) = (spec.document.clone().unwrap_or_default(), &spec.holder()?);
    let extended_length = extended_length(spec);
    let mut random = Random::default();
    let authority = DocumentAuthority::of(&person.country, order.country_key)?;
    let mrz = Mrz::of(person, plan.form);
    let offers = order.pace.clone().unwrap_or(plan.pace);
    if let Some(wrong) = offers.iter().position(|offer| !offer.exists()) {
        return Err(SpecError::NoSuchProtocol(wrong));
    }
    let version = if plan.extension.is_some() { Version::V2 } else { Version::V1 };
    let keys = order.chip_authentication.as_deref().unwrap_or(&plan.chip_authentication);
    let chip_keys = chip_keys(version, keys, &mut random);
    let pseudonym_key =
        plan.extension.map(|extension| PseudonymKey::draw(1, extension.pseudonyms, &mut random));
    let active = order.active_authentication.or(plan.active_authentication);
    let active = active.map(|kind| active_authentication(kind, &mut random)).transpose()?;

    let wanted = order.groups.as_deref().unwrap_or(plan.groups);
    let mut groups = personal(person, &mrz, &order.portrait);
    groups.retain(|group| wanted.contains(&group.number));
    let mut access: Vec<Vec<u8>> = of_pace(&offers);
    let proofs = if let Some(pseudonym_key) = &pseudonym_key {
        access.extend(of_extension(&chip_keys, pseudonym_key));
        Vec::new()
    } else {
        of_proofs(&chip_keys, active.as_ref())
    };
    if !proofs.is_empty() {
        // what EF.CardAccess says stands here again, signed (Doc 9303-11, section 9.2.11)
        let infos = security_infos(&[access.clone(), proofs].concat());
        groups.push(DataGroup::new(14, &infos));
    }
    if let Some(active) = &active {
        groups.push(DataGroup::new(15, &active.public_key()));
    }
    groups.sort_by_key(|group| group.number);
    let security_object = document_security_object(&authority, &groups, order.security_object)?;

    let mut files = FileSystem::new(None);
    let master = files.master_file();
    add(&mut files, master, (0x2F01, 0x01), buffer_sizes(extended_length), Access::Always);
    let directory = constructed(0x61, &[object(0x4F, &APPLICATION)]);
    add(&mut files, master, (0x2F00, 0x1E), directory, Access::Always);
    if !offers.is_empty() {
        add(&mut files, master, (0x011C, 0x1C), security_infos(&access), Access::Always);
        let (keys, reader) = if pseudonym_key.is_some() {
            (of_public_keys(&chip_keys), Access::WithRight(Right::Authenticated))
        } else {
            (of_mapping(&offers, &chip_keys), Access::AfterPace)
        };
        if !keys.is_empty() {
            let infos = security_infos(&[access, keys].concat());
            let content = card_security(&authority, &infos)?;
            add(&mut files, master, (0x011D, 0x1D), content, reader);
        }
    }
    let application = add_application(&mut files, DF, &groups, security_object);
    let document = Document {
        application,
        behind_pace: Vec::new(),
        basic_access: order
            .basic_access_control
            .unwrap_or(plan.basic_access_control)
            .then(|| BasicAccess::new(&mrz)),
        pace: (!offers.is_empty()).then(|| Pace {
            static_key: static_key(&offers, &chip_keys),
            passwords: passwords(&order, &mrz),
            offers,
        }),
        chip_keys,
        active,
        terminals: order
            .terminals
            .and_then(|kind| TrustPoints::of(&CardVerifyingAuthority::of(kind).self_signed())),
        pseudonym_key,
    };
    Ok(Built { files, document })
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
    let capabilities = object(0x47, &[0xF4, 0x21, if extended_length { 0xC0 } else { 0x80 }]);
    if !extended_length {
        return capabilities;
    }
    let [input, output] = [MOST_IN, MOST_OUT].map(|most| object(0x02, &most.to_be_bytes()));
    [capabilities, constructed(0x7F66, &[input, output])].concat()
}

fn chip_keys(version: Version, orders: &[ChipAuthenticationOrder], random: &mut Random) -> Vec<ChipKey> {
    let several = orders.len() > 1 || version == Version::V2;
    (1..)
        .zip(orders)
        .map(|(id, order)| ChipKey::draw(version, several.then_some(id), order.cipher, order.domain, random))
        .collect()
}

/// The key of the chip authentication mapping: the first that is on the mapping's curve.
fn static_key(offers: &[Offer], keys: &[ChipKey]) -> Option<PrivateNumber> {
    let offer = offers.iter().find(|offer| offer.mapping == Mapping::ChipAuthentication)?;
    keys.iter().find(|key| key.domain == offer.domain).map(|key| key.private.clone())
}

fn active_authentication(
    kind: ActiveAuthenticationKind,
    random: &mut Random,
) -> Result<ActiveAuthentication, SpecError> {
    // keys of issuers have the index 0
    let key = match kind {
        ActiveAuthenticationKind::Rsa1024Sha1 => SigningKey::rsa_of(1024, 1)?,
        ActiveAuthenticationKind::Rsa2048Sha1 | ActiveAuthenticationKind::Rsa2048Sha256 => {
            SigningKey::rsa_of(2048, 1)?
        }
        ActiveAuthenticationKind::EcdsaPlain => SigningKey::on_curve(Curve::BrainpoolP256r1, random),
        ActiveAuthenticationKind::EcdsaDer => SigningKey::on_curve(Curve::P256, random),
    };
    Ok(ActiveAuthentication { kind, key })
}

/// Tries of the PIN of PACE.
const TRIES: u8 = 3;
/// Uses of the PUK of PACE.
const PUK_USES: u8 = 10;

fn passwords(order: &DocumentOrder, mrz: &Mrz) -> Passwords {
    let step = Duration::from_millis(order.passwords.delay_milliseconds);
    let slow = PasswordState::NonBlocking { failures: 0 };
    let can = order.can.as_ref().map_or(b"123456".to_vec(), |can| can.digits().as_bytes().to_vec());
    let mut all = vec![
        Password::new(PasswordKind::Mrz, mrz.hash(), slow, step),
        Password::new(PasswordKind::Can, can, slow, step),
    ];
    if let Some(pin) = &order.passwords.pin {
        let left = order.passwords.pin_tries_left.unwrap_or(TRIES).min(TRIES);
        let state = if order.passwords.pin_deactivated {
            PasswordState::Deactivated { left, of: TRIES }
        } else {
            PasswordState::Counted { left, of: TRIES }
        };
        all.push(Password::new(PasswordKind::Pin, pin.digits().as_bytes().to_vec(), state, step));
    }
    if let Some(puk) = &order.passwords.puk {
        let state = PasswordState::Counted { left: PUK_USES, of: PUK_USES };
        all.push(Password::new(PasswordKind::Puk, puk.digits().as_bytes().to_vec(), state, step));
    }
    Passwords(all)
}
