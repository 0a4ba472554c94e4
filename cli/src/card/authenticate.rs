//! `bitaqa card authenticate`.

use std::io::{self, Write};

use bitaqa_card::{
    Unauthenticated,
    chip_session::{CardAccessVerdict, GroupState, ProofVerdict, Proofs},
};
use bitaqa_host::system_random;
use clap::Args;
use serde::Serialize;

use super::{
    CardFault, Selection,
    access_key::KeySource,
    chip::{Found, find, show_progress, with_chip},
    name, one_card, run,
};
use crate::{Verdict, printable::Printable};

const HELP: &str = "\
The chip proves that it has the private keys whose public halves its files hold: chip authentication mapping, active
authentication, chip authentication. A copy of the files does not have them. EF.CardAccess must say what its copy in DG14 and
EF.CardSecurity says.

The signature of EF.SOD is not checked: who issued the card is not known, and the result is unauthenticated.

With --json: {reader, authenticated, genuine, mapping, active, chip, cardAccess, groups: [{group, digest}]}; the proofs are
proven, not-offered, failed, refused or out-of-reach (the reader ran PACE, and has the keys that the proof needs); cardAccess is same, differs or not-signed; digest is matches, differs, not-listed or
forbidden; authenticated is always false.

Exit codes: 0 the chip has its keys, 1 it has not, or the card stays closed or could not be used, 2 there is no service,
reader or card, or nobody to ask.";

/// Which card.
#[derive(Debug, Args)]
#[command(after_long_help = HELP)]
pub(crate) struct Arguments {
    #[command(flatten)]
    selection: Selection,

    #[command(flatten)]
    key: KeySource,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Outcome {
    reader: String,
    authenticated: bool,
    genuine: bool,
    mapping: &'static str,
    active: &'static str,
    chip: &'static str,
    card_access: &'static str,
    groups: Vec<Group>,
}

#[derive(Serialize)]
struct Group {
    group: &'static str,
    digest: &'static str,
}

/// Has a chip prove itself.
pub(crate) fn authenticate(arguments: &Arguments) -> Result<Verdict, CardFault> {
    let reader = run(one_card(&arguments.selection))?;
    let Found::Icao(access) = run(find(&reader))? else {
        return Err(CardFault::NoProof(name(&reader)));
    };
    let proofs = run(with_chip(&reader, &access, &arguments.key, |chip| {
        let mut progress = show_progress();
        let (_, sod) = chip.sod(&mut progress)?;
        chip.authenticate(&sod, &mut system_random, &mut progress)
    }))?;
    let outcome = Outcome::of(name(&reader), &Unauthenticated::new(proofs));
    let mut out = io::stdout().lock();
    if arguments.selection.json {
        serde_json::to_writer_pretty(&mut out, &outcome).map_err(io::Error::from)?;
        writeln!(out)?;
    } else {
        outcome.print(&mut out)?;
    }
    Ok(if outcome.genuine { Verdict::Yes } else { Verdict::No })
}

impl Outcome {
    fn of(reader: String, proofs: &Unauthenticated<Proofs>) -> Self {
        let proofs = proofs.claimed();
        let group = |reading: &bitaqa_card::chip_session::GroupReading| Group {
            group: reading.group.name(),
            digest: digest_word(reading.state),
        };
        Self {
            reader,
            authenticated: false,
            genuine: proofs.is_genuine(),
            mapping: proof_word(proofs.mapping),
            active: proof_word(proofs.active),
            chip: proof_word(proofs.chip),
            card_access: card_access_word(proofs.card_access),
            groups: proofs.groups.iter().map(group).collect(),
        }
    }

    fn print(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "{}", Printable(&self.reader))?;
        writeln!(out, "  chip authentication mapping: {}", self.mapping)?;
        writeln!(out, "  active authentication:       {}", self.active)?;
        writeln!(out, "  chip authentication:         {}", self.chip)?;
        writeln!(out, "  EF.CardAccess:               {}", self.card_access)?;
        for group in &self.groups {
            writeln!(out, "  digest of {:<19}{}", format!("{}:", group.group), group.digest)?;
        }
        let result = if self.genuine {
            "the chip has the keys that its files name"
        } else {
            "NOT PROVEN: this may be a copy"
        };
        writeln!(out, "  {result}")?;
        writeln!(out, "  {UNAUTHENTICATED}")
    }
}

/// Said beside everything that comes from a card whose signatures were not checked.
pub(super) const UNAUTHENTICATED: &str =
    "UNAUTHENTICATED: the signature of the files is not checked, so nobody vouches for what they say";

const fn proof_word(verdict: ProofVerdict) -> &'static str {
    match verdict {
        ProofVerdict::Proven => "proven",
        ProofVerdict::NotOffered => "not-offered",
        ProofVerdict::Failed => "failed",
        ProofVerdict::Refused(_) => "refused",
        ProofVerdict::OutOfReach => "out-of-reach",
    }
}

pub(super) const fn card_access_word(verdict: CardAccessVerdict) -> &'static str {
    match verdict {
        CardAccessVerdict::Same => "same",
        CardAccessVerdict::Differs => "differs",
        CardAccessVerdict::NotSigned => "not-signed",
    }
}

pub(super) const fn digest_word(state: GroupState) -> &'static str {
    match state {
        GroupState::Matches => "matches",
        GroupState::Differs => "differs",
        GroupState::NotListed => "not-listed",
        GroupState::Forbidden => "forbidden",
        GroupState::Missing => "missing",
    }
}
