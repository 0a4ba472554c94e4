//! A chip from its first answer to the last: found, opened, read, and asked for its proofs.

use bitaqa_card::{
    CardError,
    channel::Channel,
    chip_session::{AccessKey, ChipAccess, OpenVerdict},
    file::Selection,
    lds::DataGroup,
    profile::Link,
};

use super::{can, choice, draws, lengths, written, zone};
use crate::answers::Answers;

pub(crate) fn run(input: &[u8]) {
    let (options, answers) = choice(input);
    let (_, limits) = lengths(options);
    let mut card = Answers::new(answers, limits);
    let key = if options & 2 == 0 { can().map(AccessKey::Can) } else { zone().map(AccessKey::Mrz) };
    let Some(key) = key else { return };
    let _ = read(&mut card, &key, options & 4 != 0);
}

fn read(card: &mut Answers<'_>, key: &AccessKey, prove: bool) -> Result<(), CardError> {
    let mut channel = Channel::new(card, Link::CAUTIOUS);
    let mut selection = Selection::default();
    let Some(access) = ChipAccess::find(&mut channel, &mut selection)? else { return Ok(()) };
    written(&access);
    let OpenVerdict::Open(mut session) = access.open(channel, selection, &mut draws(), key)? else {
        return Ok(());
    };
    written(&session);
    if prove {
        let (_, sod) = session.sod(&mut |_| {})?;
        written(&session.authenticate(&sod, &mut draws(), &mut |_| {})?);
        return Ok(());
    }
    let mut told = 0;
    let document = session.read(&[DataGroup::DG1], &mut |progress| {
        assert!(progress.done <= progress.total, "progress has an end");
        told += 1;
    })?;
    assert!(told > 0);
    written(&document);
    Ok(())
}
