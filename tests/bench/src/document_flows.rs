//! A travel document over PACE: opened and read by the card layer on a software chip, beside the least.

use bitaqa_card::{
    CardError,
    channel::Channel,
    chip_session::{AccessKey, ChipAccess, ChipSession, OpenVerdict},
    file::Selection,
    lds::DataGroup,
    pace::Can,
    profile::Link,
};
use bitaqa_virtual_card::{
    CardSpec, Pki,
    icao::{logical_data_structure::PortraitOrder, order::DocumentOrder},
    spec::Hypothesis,
};

use crate::{
    BenchError, Measured,
    exchange::Exchange,
    least::{self, Maxima, Protection},
    recorder::{ReaderKind, Recorder},
};

/// Bytes of the portrait's picture.
const PORTRAIT: usize = 20_000;
/// What EF.ATR/INFO of the software chip of extended lengths says: bytes of an answer with its status word.
const EXTENDED_ANSWER: usize = 0x8000;
/// AES-128 on P-256 is what the chip speaks.
const SESSION: Protection = Protection::Blocks(16);
const NONCE: usize = 16;
const FIELD: usize = 32;
/// Name of the travel document application.
const APPLICATION: usize = 7;

/// Identifiers on the way from the master file.
const CARD_ACCESS: [u16; 1] = [0x011C];
const ATR_INFO: [u16; 1] = [0x2F01];
const SOD: [u16; 2] = [0x0100, 0x011D];

/// What is done with the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentFlow {
    /// It is opened.
    Open,
    /// It is opened, and EF.SOD and these groups are read.
    Read(&'static [DataGroup]),
    /// The same, and EF.CardAccess is compared with its signed copy in DG14, as ICAO Doc 9303-11, section 4.2, asks for.
    ReadAndCompare(&'static [DataGroup]),
}

impl DocumentFlow {
    /// All of them that are measured.
    pub const ALL: [Self; 5] = [
        Self::Open,
        Self::Read(&[DataGroup::DG1]),
        Self::Read(&[DataGroup::DG1, DataGroup::DG2]),
        Self::ReadAndCompare(&[DataGroup::DG1]),
        Self::ReadAndCompare(&[DataGroup::DG1, DataGroup::DG2]),
    ];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "PACE",
            Self::Read([_]) => "DG1+SOD",
            Self::Read(_) => "DG1+DG2+SOD",
            Self::ReadAndCompare([_]) => "DG1+SOD, compared",
            Self::ReadAndCompare(_) => "DG1+DG2+SOD, compared",
        }
    }

    /// The groups that have to be read.
    fn groups(self) -> Vec<DataGroup> {
        match self {
            Self::Open => Vec::new(),
            Self::Read(groups) => groups.to_vec(),
            Self::ReadAndCompare(groups) => [groups, &[DataGroup::DG14]].concat(),
        }
    }
}

/// Runs every flow on a chip and in a reader of either kind.
///
/// # Errors
/// [`BenchError`]; a test proves that it does not happen.
pub fn measure(pki: &Pki) -> Result<Vec<Measured>, BenchError> {
    let mut all = Vec::new();
    for flow in DocumentFlow::ALL {
        for chip in [ReaderKind::Short, ReaderKind::Extended] {
            for reader in [ReaderKind::Short, ReaderKind::Extended] {
                all.push(run(pki, flow, chip, reader)?);
            }
        }
    }
    Ok(all)
}

fn run(pki: &Pki, flow: DocumentFlow, chip: ReaderKind, reader: ReaderKind) -> Result<Measured, BenchError> {
    let portrait = PortraitOrder { size: PORTRAIT, ..PortraitOrder::default() };
    let spec = CardSpec {
        extended_length: Some(chip == ReaderKind::Extended),
        document: Some(DocumentOrder { portrait, ..DocumentOrder::default() }),
        ..CardSpec::cnie_2(Hypothesis::IcaoOnly, 0)
    };
    let mut recorder = Recorder::new(spec.make(pki)?, reader);
    let key = AccessKey::Can(Can::new(spec.can().digits()).ok_or(BenchError::Order)?);
    carry_out(&mut recorder, flow, &key)?;
    let done = recorder.take();
    let (least, known) = least_of(&recorder, flow, chip, reader)?;
    Ok(Measured {
        flow: flow.name(),
        card: match chip {
            ReaderKind::Short => "chip of short lengths",
            ReaderKind::Extended => "chip of extended lengths",
        },
        reader: reader.name(),
        done,
        least_commands: least.len(),
        least: Some(least),
        least_if_lengths_were_known: known,
    })
}

fn carry_out(recorder: &mut Recorder, flow: DocumentFlow, key: &AccessKey) -> Result<(), BenchError> {
    let atr = recorder.card().atr().to_vec();
    let mut channel = Channel::new(recorder, Link::CAUTIOUS).with_answer_to_reset(&atr);
    let mut selection = Selection::default();
    let access = ChipAccess::find(&mut channel, &mut selection)?.ok_or(CardError::Unknown)?;
    let mut session = match access.open(channel, selection, &mut counting(), key)? {
        OpenVerdict::Open(session) => session,
        OpenVerdict::Refused(_) => return Err(BenchError::Order),
    };
    work(&mut session, flow)
}

fn work(session: &mut ChipSession<'_>, flow: DocumentFlow) -> Result<(), BenchError> {
    match flow {
        DocumentFlow::Open => {}
        DocumentFlow::Read(groups) => {
            let (_, sod) = session.sod(&mut |_| {})?;
            let read = session.lds().read_groups(&sod, groups, &mut |_| {})?;
            if read.len() != groups.len() {
                return Err(BenchError::Order);
            }
        }
        DocumentFlow::ReadAndCompare(groups) => {
            session.read(groups, &mut |_| {})?;
        }
    }
    Ok(())
}

/// The least, and how many commands it would be if nobody had to ask how long answers may be.
fn least_of(
    recorder: &Recorder,
    flow: DocumentFlow,
    chip: ReaderKind,
    reader: ReaderKind,
) -> Result<(Vec<Exchange>, usize), BenchError> {
    let size = |path: &[u16]| recorder.card().file_size(path).ok_or(BenchError::Order);
    let card = match chip {
        ReaderKind::Short => least::SHORT_ANSWER,
        ReaderKind::Extended => EXTENDED_ANSWER - 2,
    };
    let maxima = Maxima { card, reader: reader.most() };
    let mut all = least::read(size(&CARD_ACCESS)?, Maxima::SHORT, Protection::None);
    all.extend(least::pace(NONCE, FIELD));
    if flow != DocumentFlow::Open {
        all.push(least::select(APPLICATION, SESSION));
        all.extend(least::read(size(&SOD)?, maxima, SESSION));
    }
    for group in flow.groups() {
        all.extend(least::read(size(&[0x0100, 0x0100 | u16::from(group.number())])?, maxima, SESSION));
    }
    let known = all.len();
    // the only place where a chip says how long its answers may be
    if (chip, reader) == (ReaderKind::Extended, ReaderKind::Extended) {
        all.extend(least::read(size(&ATR_INFO)?, Maxima::SHORT, Protection::None));
    }
    Ok((all, known))
}

/// The same bytes every time: nothing here is secret, and lengths must not change.
pub(crate) fn counting() -> impl FnMut(&mut [u8]) {
    let mut next = 0_u8;
    move |out: &mut [u8]| {
        for byte in out {
            next = next.wrapping_add(29);
            *byte = next;
        }
    }
}
