//! What PACE costs a terminal: the processor's time for one run, without the card's.
//!
//! A software chip answers once, and its answers are played back to the same run as often as is measured: the terminal draws the
//! same numbers every time, so that they fit. What is measured is everything the card layer does: key pairs, mapping, agreement,
//! checks of points, key derivation, tokens, and reading the answers.

use bitaqa_answers::processor::{machine, processor_time};
use bitaqa_card::{
    Transport, TransportError,
    channel::Channel,
    chip_session::{AccessControl, ChipAccess},
    file::Selection,
    pace::{self, Can, PaceVerdict, Password},
    profile::Link,
    transport::Limits,
};
use bitaqa_curves::{Curve, modp::Group};
use bitaqa_virtual_card::{
    Card, CardSpec, Pki,
    icao::{
        cipher::Cipher,
        domain::Domain,
        order::DocumentOrder,
        pace::{Mapping, Offer},
    },
    rules::Protocol,
    spec::Hypothesis,
};
use serde::Serialize;

use crate::{BenchError, document_flows::counting};

/// Runs measured, after one that is not.
const RUNS: u32 = 20;
/// Those of which the aims speak, and others of documents on the market.
const DOMAINS: [Domain; 7] = [
    Domain::Curve(Curve::P256),
    Domain::Curve(Curve::P384),
    Domain::Curve(Curve::P521),
    Domain::Curve(Curve::BrainpoolP256r1),
    Domain::Curve(Curve::BrainpoolP384r1),
    Domain::Curve(Curve::BrainpoolP512r1),
    Domain::Group(Group::Rfc5114_2048_256),
];
/// Public keys of the group do not fit short lengths.
const LINK: Link = Link { extended_length: true, chaining: true, max_response: 4096 };

/// Milliseconds of the processor for one PACE with the generic mapping and AES-128.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PaceTime {
    /// The machine.
    pub machine: String,
    /// Runs of each.
    pub runs: u32,
    /// Name of the curve or group, and its time; nothing where the system does not tell it.
    pub milliseconds: Vec<(&'static str, Option<f64>)>,
}

/// Measures every curve and group.
///
/// # Errors
/// [`BenchError`] where the software chip cannot be opened.
pub fn measure() -> Result<PaceTime, BenchError> {
    let pki = Pki::generate()?;
    let name = |domain: &Domain| match domain {
        Domain::Curve(curve) => curve.name(),
        Domain::Group(group) => group.name(),
    };
    let milliseconds: Result<Vec<_>, BenchError> =
        DOMAINS.iter().map(|domain| Ok((name(domain), of_domain(*domain, &pki)?))).collect();
    Ok(PaceTime { machine: machine(), runs: RUNS, milliseconds: milliseconds? })
}

/// As a table.
#[must_use]
pub fn table(time: &PaceTime) -> String {
    let lines = time.milliseconds.iter().map(|(name, milliseconds)| match milliseconds {
        Some(milliseconds) => format!("{name:<60}{milliseconds:>8.2}\n"),
        None => format!("{name:<60}{:>8}\n", "unknown"),
    });
    let head = format!("PACE at the terminal, milliseconds of one processor\n{}\n", time.machine);
    std::iter::once(head).chain(lines).collect()
}

fn of_domain(domain: Domain, pki: &Pki) -> Result<Option<f64>, BenchError> {
    let offer = Offer { mapping: Mapping::Generic, cipher: Cipher::Aes128, domain };
    let spec = CardSpec::cnie_2(Hypothesis::IcaoOnly, 0)
        .with_document(DocumentOrder { pace: Some(vec![offer]), ..DocumentOrder::default() });
    let can = Can::new(spec.can().digits()).ok_or(BenchError::Order)?;
    let mut tape = Tape { card: spec.make(pki)?, answers: Vec::new(), next: None };
    run(&mut tape, &can)?;
    let mut begun = None;
    for number in 0..=RUNS {
        // the first finds caches cold
        if number == 1 {
            begun = processor_time();
        }
        tape.next = Some(0);
        run(&mut tape, &can)?;
    }
    let spent = processor_time().zip(begun).map(|(end, begun)| end.saturating_sub(begun));
    Ok(spent.map(|nanoseconds| {
        (std::time::Duration::from_nanos(nanoseconds / u64::from(RUNS)).as_secs_f64() * 100_000.0).round()
            / 100.0
    }))
}

fn run(tape: &mut Tape, can: &Can) -> Result<(), BenchError> {
    let mut channel = Channel::new(tape, Link::CAUTIOUS);
    let access = ChipAccess::find(&mut channel, &mut Selection::default())?.ok_or(BenchError::Order)?;
    let AccessControl::Pace(variant) = access.control else { return Err(BenchError::Order) };
    channel.set_link(LINK);
    match pace::establish(&mut channel, &mut counting(), &variant, &Password::Can(can), None)? {
        PaceVerdict::Open(_) => Ok(()),
        _ => Err(BenchError::Order),
    }
}

/// A chip whose answers are kept, and given again without it.
struct Tape {
    card: Card,
    answers: Vec<Vec<u8>>,
    /// Which answer is next; `None` while they are recorded.
    next: Option<usize>,
}

impl Transport for Tape {
    fn transmit(&mut self, command: &[u8], answer: &mut Vec<u8>) -> Result<(), TransportError> {
        answer.clear();
        if let Some(next) = &mut self.next {
            answer.extend_from_slice(self.answers.get(*next).ok_or(TransportError::Removed)?);
            *next += 1;
            return Ok(());
        }
        let given = self.card.transmit(Protocol::T1, command).answer.ok_or(TransportError::Removed)?;
        answer.extend_from_slice(&given);
        self.answers.push(given);
        Ok(())
    }

    fn limits(&self) -> Limits {
        Limits { command: 4096, answer: 4098 }
    }
}
