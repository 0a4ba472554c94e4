//! Identifiers that are drawn from a seed: for hypotheses about cards whose identifiers are not public. A client that finds
//! its way on many seeds does not live on identifiers that somebody wrote into it.

use super::{
    Made,
    application::{Application, Identifiers, KeyIdentifiers, Offer, PinIdentifiers, Place, Style, install},
    iasecc,
    iso7816_15::application_template,
    pkcs15,
    travel_document::{Built, contents},
};
use crate::{
    chip::Contents,
    file_system::{FileRef, FileSystem, MASTER_FILE},
    icao::{BehindPace, mrz::PersonalNumberField},
    mechanism::Mechanism,
    pin::{Pin, PinFormat},
    pki::Pki,
    private_key::KeyKind,
    rules::Rules,
    security_environment::Template,
    spec::{CardSpec, Dialect, Interface, Pins, SpecError},
    status::StatusWord,
};

/// A generator without secrets (SplitMix64): the same seed draws the same card for ever.
pub(crate) struct Drawing(u64);

impl Drawing {
    pub(crate) const fn of(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from `from` on, below `from + count`.
    pub(super) fn number(&mut self, from: u16, count: u16) -> u16 {
        from + u16::try_from(self.next() % u64::from(count.max(1))).unwrap_or(0)
    }

    /// Several numbers, each another.
    fn distinct<const N: usize>(&mut self, from: u16, count: u16) -> [u16; N] {
        let mut drawn: Vec<u16> = Vec::with_capacity(N);
        while drawn.len() < N.min(usize::from(count)) {
            let number = self.number(from, count);
            if !drawn.contains(&number) {
                drawn.push(number);
            }
        }
        let mut all = [from; N];
        all.iter_mut().zip(drawn).for_each(|(to, from)| *to = from);
        all
    }

    /// A proprietary application identifier, of nobody's registration (ISO/IEC 7816-4, section 8.2.1.2: category F).
    pub(super) fn name(&mut self) -> Vec<u8> {
        let length = usize::from(self.number(5, 11));
        std::iter::once(0xF0).chain((1..length).map(|_| self.next().to_be_bytes()[0])).collect()
    }
}

/// How long the PINs are on the card of this seed.
struct Lengths {
    pin: usize,
    signature_pin: usize,
    puk: usize,
    most: usize,
}

impl Lengths {
    fn of(seed: u64) -> Self {
        // a drawing of its own, so that other drawings do not move these
        let mut drawing = Drawing::of(seed ^ 0x5049_4E53);
        Self {
            pin: usize::from(drawing.number(4, 3)),
            signature_pin: usize::from(drawing.number(5, 4)),
            puk: usize::from(drawing.number(8, 3)),
            most: usize::from(drawing.number(10, 3)),
        }
    }
}

/// The PINs of the card of this seed, where none are ordered: digits in order, as many as there have to be.
pub(crate) fn pins(seed: u64) -> Pins {
    let lengths = Lengths::of(seed);
    let digits = |length: usize| Pin::of_digits("123456789012".get(..length).unwrap_or("123456789012"));
    Pins { pin: digits(lengths.pin), signature_pin: digits(lengths.signature_pin), puk: digits(lengths.puk) }
}

/// Where the zone of this seed's document holds the number of the person.
pub(crate) fn number_in_zone(seed: u64) -> PersonalNumberField {
    // a drawing of its own, as above
    match Drawing::of(seed ^ 0x5A4F_4E45).number(0, 2) {
        0 => PersonalNumberField::First,
        _ => PersonalNumberField::Second,
    }
}

/// How the application of this seed is closed before PACE: whether it can be selected, and what the chip says.
fn closed(seed: u64, directory: FileRef) -> BehindPace {
    // a drawing of its own, as above
    let mut drawing = Drawing::of(seed ^ 0x434C_4F53);
    let refusals = [
        StatusWord::SECURITY_NOT_SATISFIED,
        StatusWord::CONDITIONS_NOT_SATISFIED,
        StatusWord::SECURE_MESSAGING_OBJECTS_MISSING,
    ];
    let selectable = drawing.number(0, 2) == 0;
    let refusal = refusals.get(usize::from(drawing.number(0, 3))).copied();
    BehindPace { directory, selectable, refusal: refusal.unwrap_or(StatusWord::SECURITY_NOT_SATISFIED) }
}

/// What kind of application it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    /// Described by its files (ISO/IEC 7816-15).
    Pkcs15,
    /// Described by its files and by security data objects (IAS ECC).
    IasEcc,
}

const BOTH: &[Template] = &[Template::DigitalSignature, Template::Authentication];

impl Family {
    fn offers(self, kind: KeyKind) -> &'static [Offer] {
        match self {
            Self::Pkcs15 => pkcs15::offers(kind),
            Self::IasEcc => iasecc::offers(kind),
        }
    }

    /// Which templates the keys can be named in: that for signing in, that for documents.
    const fn templates(self) -> [&'static [Template]; 2] {
        match self {
            Self::Pkcs15 => [BOTH, BOTH],
            Self::IasEcc => [&[Template::Authentication], &[Template::DigitalSignature]],
        }
    }

    /// What a key does when nothing else is said.
    const fn implicit(self, kind: KeyKind) -> Option<Mechanism> {
        match self {
            Self::IasEcc => None,
            Self::Pkcs15 => pkcs15::implicit(kind),
        }
    }

    const fn place(self) -> Place {
        match self {
            Self::Pkcs15 => Place::Absolute,
            Self::IasEcc => Place::Relative,
        }
    }

    /// The rules of the whole chip, which the document's files go by too.
    const fn rules(self, rules: Rules) -> Rules {
        match self {
            Self::Pkcs15 => rules,
            Self::IasEcc => Rules {
                extended_length: rules.extended_length,
                max_answer: rules.max_answer,
                status_query: rules.status_query,
                ..iasecc::RULES
            },
        }
    }
}

/// The identifiers of this seed.
fn identifiers(seed: u64, kind: KeyKind, family: Family) -> Identifiers {
    let mut drawing = Drawing::of(seed);
    let Lengths { pin, signature_pin, puk, most } = Lengths::of(seed);
    // away from the files that ISO/IEC 7816-15 puts at 5031 to 5033
    let [directory] = drawing.distinct(0x5100, 0x0E00);
    let [authentication_objects, private_keys, certificates, first, second] =
        drawing.distinct(0x4000, 0x0F00);
    // references in a dedicated file (ISO/IEC 7816-4, table 64): bit 8, and five bits of number
    let references = drawing.distinct::<3>(1, 30).map(|number| 0x80 | number.to_be_bytes()[1]);
    let local = match family {
        Family::Pkcs15 => 0,
        Family::IasEcc => 0x80,
    };
    let keys = drawing.distinct::<2>(1, 30).map(|number| local | number.to_be_bytes()[1]);
    let ids = drawing.distinct::<2>(1, 0xFE).map(|number| number.to_be_bytes()[1]);
    let format = match drawing.number(0, 4) {
        0 => PinFormat::Padded { length: most, pad: 0xFF },
        1 => PinFormat::Padded { length: most, pad: 0x00 },
        2 => PinFormat::Bcd { length: most.div_ceil(2) + 1 },
        _ => PinFormat::Iso9564Format2,
    };
    let implicit = family.implicit(kind);
    let [first_templates, second_templates] = family.templates();
    let pin_of = |label, reference, least| PinIdentifiers { label, reference, digits: least..=most };
    let [first_key, second_key] = keys;
    let [first_id, second_id] = ids;
    let [first_reference, second_reference, third_reference] = references;
    Identifiers {
        name: drawing.name(),
        label: "Bitaqa hypothesis",
        directory,
        authentication_objects,
        private_keys,
        certificates,
        format,
        // in bytes (ISO/IEC 7816-15, section 8.9.2)
        stored_length: u32::try_from(format.fixed_length().unwrap_or(most)).unwrap_or(12),
        pin: pin_of("PIN", first_reference, pin),
        signature_pin: pin_of("Signature PIN", second_reference, signature_pin),
        puk: pin_of("PUK", third_reference, puk),
        authentication: KeyIdentifiers {
            label: "Authentication key",
            certificate_label: "Authentication certificate",
            id: first_id,
            reference: first_key,
            certificate: first,
            templates: first_templates,
            implicit,
        },
        signature: KeyIdentifiers {
            label: "Signature key",
            certificate_label: "Signature certificate",
            id: second_id,
            reference: second_key,
            certificate: second,
            templates: second_templates,
            implicit,
        },
        further_signatures: Vec::new(),
    }
}

/// The document's chip with an application of this order's seed beside the document.
///
/// By radio it is used after PACE only; through contacts anybody may use it.
pub(crate) fn beside(built: Built, family: Family, spec: &CardSpec, pki: &Pki) -> Result<Made, SpecError> {
    let kind = spec.key.unwrap_or(KeyKind::P256);
    let identifiers = identifiers(spec.seed.unwrap_or(0), kind, family);
    let Built { mut files, mut document } = built;
    let style = Style { dialect: Dialect::Iso, room: 0 };
    let Application { pins, keys, certificates } =
        install(&mut files, family.place(), &identifiers, family.offers(kind), style, (kind, spec, pki))?;
    let path = [MASTER_FILE, identifiers.directory];
    let path = if family.place() == Place::Absolute { &path[..] } else { &[] };
    tell(&mut files, &application_template(&identifiers.name, identifiers.label, path));
    if spec.interface != Some(Interface::Contact) {
        let directory = files.child(files.master_file(), identifiers.directory);
        document.behind_pace.extend(directory.map(|directory| closed(spec.seed.unwrap_or(0), directory)));
    }
    let contents = contents(spec, Built { files, document });
    let rules = family.rules(contents.rules);
    Ok(Made { contents: Contents { pins, keys, rules, ..contents }, certificates })
}

/// Adds an application's template to EF.DIR.
fn tell(files: &mut FileSystem, template: &[u8]) {
    let Some(directory) = files.child(files.master_file(), 0x2F00) else {
        return;
    };
    files.append(directory, template);
}
