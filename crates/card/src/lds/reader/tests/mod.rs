mod chip;
mod protected;

use chip::{Chip, SHORT, Spoil, extended, file_of, group};
use proptest::prelude::*;

use super::*;
use crate::{
    lds::tr_03105_5, profile::Link, test_hex::hex, test_script::EXTENDED, transport::TransportError,
};

fn read(chip: &mut Chip, link: Link, file: ElementaryFile) -> Result<Content, CardError> {
    let mut channel = Channel::new(chip, link);
    LdsReader::new(&mut channel, &mut Selection::default()).read(file, &mut |_| {})
}

#[test]
fn a_short_file_is_one_select_and_one_read_with_the_greatest_length() {
    let content = hex(tr_03105_5::DG1);
    let mut chip = Chip::with(&[(group(DataGroup::DG1), content.clone())]);
    assert_eq!(*read(&mut chip, SHORT, group(DataGroup::DG1)).unwrap(), content);
    assert_eq!(chip.commands, [hex("00A4040C07A0000002471001"), hex("00B0810000")]);
}

#[test]
fn several_files_share_one_select_and_tell_their_progress() {
    let mut chip = Chip::with(&[
        (ElementaryFile::Sod, hex(tr_03105_5::EF_SOD)),
        (group(DataGroup::DG1), hex(tr_03105_5::DG1)),
        (group(DataGroup::DG14), hex(tr_03105_5::DG14)),
        (group(DataGroup::DG15), hex(tr_03105_5::DG15)),
    ]);
    let mut channel = Channel::new(&mut chip, extended(1000));
    let mut selection = Selection::default();
    let mut reader = LdsReader::new(&mut channel, &mut selection);
    let mut steps = Vec::new();
    let sod = reader.read(ElementaryFile::Sod, &mut |step| steps.push((step.done, step.total))).unwrap();
    assert_eq!(steps, [(1000, 1934), (1934, 1934)]);
    let sod = Sod::parse(&sod).unwrap();
    let asked = [DataGroup::DG14, DataGroup::DG15, DataGroup::DG1, DataGroup::DG12];
    let contents = reader.read_groups(&sod, &asked, &mut |_| {}).unwrap();
    // DG15 is on the chip but not in the list, DG12 neither: they do not exist
    let found: Vec<u8> = contents.iter().map(|(group, _)| group.number()).collect();
    assert_eq!(found, [14, 1]);
    assert!(contents.iter().all(|(group, content)| sod.group_digest_matches(*group, content)));
    assert_eq!(chip.commands.len(), 1 + 2 + 1 + 1);
}

#[test]
fn offsets_above_32767_go_into_a_data_object() {
    let file = group(DataGroup::DG2);
    for (link, length) in
        [(SHORT, 33_100), (extended(32_768), 70_000), (EXTENDED, 150_000), (extended(1000), 66_000)]
    {
        let content = file_of(file, length);
        let mut chip = Chip::with(&[(file, content.clone())]);
        assert_eq!(*read(&mut chip, link, file).unwrap(), content, "{length}");
        assert!(chip.commands.iter().any(|command| command[1] == 0xB1));
    }
}

#[test]
fn a_chip_without_short_identifiers_is_read_by_identifiers_and_asked_only_once() {
    let files = [group(DataGroup::DG1), group(DataGroup::DG14)];
    let mut chip = Chip::with(&[(files[0], hex(tr_03105_5::DG1)), (files[1], hex(tr_03105_5::DG14))]);
    chip.no_short_identifiers = true;
    let mut channel = Channel::new(&mut chip, SHORT);
    let mut selection = Selection::default();
    let mut reader = LdsReader::new(&mut channel, &mut selection);
    for (file, content) in files.into_iter().zip([tr_03105_5::DG1, tr_03105_5::DG14]) {
        assert_eq!(*reader.read(file, &mut |_| {}).unwrap(), hex(content));
    }
    let sent: Vec<String> =
        chip.commands.iter().map(|command| format!("{:02X}{:02X}", command[1], command[2])).collect();
    assert_eq!(sent, ["A404", "B081", "A402", "B000", "A402", "B000", "B001"]);
}

#[test]
fn a_chip_that_refuses_long_reads_gets_shorter_ones_from_then_on() {
    let file = ElementaryFile::Sod;
    let mut chip = Chip::with(&[(file, hex(tr_03105_5::EF_SOD))]);
    (chip.most, chip.strict_length) = (200, true);
    assert_eq!(*read(&mut chip, EXTENDED, file).unwrap(), hex(tr_03105_5::EF_SOD));
    assert_eq!(chip.commands.len(), 1 + 1 + 1934_usize.div_ceil(192));
    // one that gives less than it is asked for is asked again for the rest
    (chip.most, chip.strict_length) = (100, false);
    chip.commands.clear();
    assert_eq!(*read(&mut chip, SHORT, file).unwrap(), hex(tr_03105_5::EF_SOD));
    assert_eq!(chip.commands.len(), 1 + 1934_usize.div_ceil(100));
}

#[test]
fn what_stands_behind_the_object_is_no_part_of_it() {
    let file = group(DataGroup::DG1);
    let mut padded = hex(tr_03105_5::DG1);
    padded.extend([0xFF; 100]);
    let mut chip = Chip::with(&[(file, padded)]);
    assert_eq!(*read(&mut chip, SHORT, file).unwrap(), hex(tr_03105_5::DG1));
}

#[test]
fn a_group_without_rights_is_forbidden_and_an_absent_one_absent() {
    let mut chip = Chip::with(&[(group(DataGroup::DG3), hex("63067F6103020100"))]);
    chip.forbidden.push(group(DataGroup::DG3).identifier());
    assert_eq!(
        read(&mut chip, SHORT, group(DataGroup::DG3)).unwrap_err(),
        CardError::Forbidden { file: "DG3", status: StatusWord::SECURITY_STATUS }
    );
    assert_eq!(chip.commands.len(), 2);
    assert_eq!(read(&mut chip, SHORT, group(DataGroup::DG5)).unwrap_err(), CardError::NoFile { file: "DG5" });
    chip.no_short_identifiers = true;
    assert!(matches!(
        read(&mut chip, SHORT, group(DataGroup::DG3)).unwrap_err(),
        CardError::Forbidden { file: "DG3", .. }
    ));
}

#[test]
fn what_a_chip_with_short_identifiers_does_not_find_costs_one_command() {
    let mut chip = Chip::with(&[(group(DataGroup::DG1), hex(tr_03105_5::DG1))]);
    let mut channel = Channel::new(&mut chip, SHORT);
    let mut selection = Selection::default();
    let mut reader = LdsReader::new(&mut channel, &mut selection);
    reader.read(group(DataGroup::DG1), &mut |_| {}).unwrap();
    let absent = reader.read(group(DataGroup::DG5), &mut |_| {}).unwrap_err();
    assert_eq!(absent, CardError::NoFile { file: "DG5" });
    assert_eq!(chip.commands.len(), 3);
}

#[test]
fn card_access_is_one_command_after_a_reset() {
    let content = hex("31143012060A04007F0007020204020202010202010D");
    let file = ElementaryFile::CardAccess;
    let mut chip = Chip::with(&[(file, content.clone()), (ElementaryFile::CardSecurity, hex("3000"))]);
    let mut channel = Channel::new(&mut chip, SHORT);
    let mut selection = Selection::default();
    let mut reader = LdsReader::new(&mut channel, &mut selection);
    assert_eq!(*reader.read(file, &mut |_| {}).unwrap(), content);
    // and nothing need be selected for its neighbour
    assert_eq!(*reader.read(ElementaryFile::CardSecurity, &mut |_| {}).unwrap(), hex("3000"));
    assert_eq!(chip.commands, [hex("00B09C0000"), hex("00B09D0000")]);
}

#[test]
fn card_access_is_looked_for_in_the_master_file_where_something_else_is_current() {
    let content = hex("31143012060A04007F0007020204020202010202010D");
    let mut chip = Chip::with(&[
        (ElementaryFile::CardAccess, content.clone()),
        (ElementaryFile::CardSecurity, hex("3000")),
    ]);
    // another file has that identifier there
    chip.files.insert((true, [0x01, 0x1C]), hex("3000"));
    chip.files.insert((true, [0x01, 0x1D]), hex("300101"));
    chip.in_application = true;
    assert_eq!(*read(&mut chip, SHORT, ElementaryFile::CardAccess).unwrap(), content);
    chip.in_application = true;
    assert_eq!(*read(&mut chip, SHORT, ElementaryFile::CardSecurity).unwrap(), hex("3000"));
}

#[test]
fn files_that_are_not_what_they_say_are_refused_specifically() {
    let file = group(DataGroup::DG1);
    let fault = |content: &str| read(&mut Chip::with(&[(file, hex(content))]), SHORT, file).unwrap_err();
    let tlv = |fault, position| {
        CardError::from(Misbehaviour::Tlv { what: "DG1", error: TlvError { fault, position } })
    };
    assert_eq!(fault(""), Misbehaviour::ShortFile { read: 0, promised: 1 }.into());
    assert_eq!(fault("61"), tlv(TlvFault::Truncated, 1));
    assert_eq!(fault("7581"), tlv(TlvFault::Truncated, 2));
    assert_eq!(fault("75020000"), tlv(TlvFault::UnexpectedTag, 0));
    assert_eq!(fault("6180000000"), tlv(TlvFault::BadLength, 0));
    assert_eq!(fault("615B5F1F"), Misbehaviour::ShortFile { read: 4, promised: 93 }.into());
    assert_eq!(fault("61820400"), Misbehaviour::LargeFile { bytes: 1028, limit: 1024 }.into());
    assert_eq!(fault("6183FFFFFF"), Misbehaviour::LargeFile { bytes: 0x0100_0004, limit: 1024 }.into());
}

/// Files of all kinds of way: short, long, with offsets of both forms.
fn long_chip() -> (Chip, ElementaryFile, Vec<u8>) {
    let file = group(DataGroup::DG2);
    let content = file_of(file, 34_000);
    let mut chip = Chip::with(&[(file, content.clone())]);
    chip.most = 4000;
    (chip, file, content)
}

#[test]
fn a_card_that_leaves_is_gone_wherever_it_leaves() {
    let (mut chip, file, _) = long_chip();
    read(&mut chip, extended(4000), file).unwrap();
    let commands = chip.commands.len();
    for at in 0..commands {
        let (mut chip, ..) = long_chip();
        chip.leaves_at = Some(at);
        assert_eq!(
            read(&mut chip, extended(4000), file).unwrap_err(),
            TransportError::Removed.into(),
            "{at}"
        );
    }
}

#[test]
fn a_spoiled_answer_is_a_fault_or_the_card_is_asked_again_but_never_a_wrong_file() {
    let spoils: [Spoil; 7] = [
        |answer| drop(answer.drain(..answer.len() - 2)),
        |answer| drop(answer.drain((answer.len() - 2) / 2..answer.len() - 2)),
        |answer| drop(answer.splice(..0, [0x00; 10])),
        |answer| answer.clear(),
        |answer| *answer = vec![0x6F, 0x00],
        |answer| *answer = vec![0x90],
        |answer| answer[0] = 0x54,
    ];
    let (mut chip, file, _) = long_chip();
    read(&mut chip, extended(4000), file).unwrap();
    let commands = chip.commands.len();
    for at in 0..commands {
        for (kind, spoil) in spoils.into_iter().enumerate() {
            let (mut chip, _, content) = long_chip();
            chip.spoils = Some((at, spoil));
            match read(&mut chip, extended(4000), file) {
                // without a checksum nobody can see that one byte is another; secure messaging does
                Ok(read) if kind == 6 => assert_eq!(read.len(), content.len()),
                Ok(read) => assert_eq!(*read, content, "{at} {kind}"),
                Err(CardError::Misbehaved(_) | CardError::Refused { .. } | CardError::NoFile { .. }) => {}
                Err(other) => panic!("{at} {kind}: {other:?}"),
            }
            assert!(chip.commands.len() < 2 * commands + 8);
        }
    }
}

/// The least, computed apart from the reader: sizes over the greatest length, where answers above offset 32767 lose what
/// frames them.
fn least(sizes: &[usize], greatest: usize) -> usize {
    let reads = |size: &usize| {
        let even = size.div_ceil(greatest).min(0x8000_usize.div_ceil(greatest));
        let rest = size.saturating_sub(even * greatest);
        let framed = if greatest > 258 { greatest - 4 } else { greatest - 3 };
        even + rest.div_ceil(framed)
    };
    1 + sizes.iter().map(reads).sum::<usize>()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_sizes_are_read_exactly_and_in_the_least_number_of_commands(
        sizes in proptest::collection::vec(300..60_000_usize, 1..4),
        greatest in 223..5000_usize,
    ) {
        let groups = [DataGroup::DG2, DataGroup::DG3, DataGroup::DG4];
        // no size has a header that would make it unreachable: 256 to 65535 all have three bytes of length
        let files: Vec<_> = sizes.iter().zip(groups).map(|(size, number)| (group(number), file_of(group(number), *size))).collect();
        let mut chip = Chip::with(&files);
        let link = if greatest <= 256 { Link { max_response: greatest, ..SHORT } } else { extended(greatest) };
        let mut channel = Channel::new(&mut chip, link);
        let mut selection = Selection::default();
        let mut reader = LdsReader::new(&mut channel, &mut selection);
        for (file, content) in &files {
            prop_assert_eq!(&*reader.read(*file, &mut |_| {}).unwrap(), content);
        }
        prop_assert_eq!(chip.commands.len(), least(&sizes, greatest));
    }

    #[test]
    fn any_file_ends_in_its_content_or_a_fault(content in proptest::collection::vec(any::<u8>(), 0..400)) {
        let file = group(DataGroup::DG11);
        for content in [content.clone(), [&[0x6B][..], &content].concat()] {
            if let Ok(read) = read(&mut Chip::with(&[(file, content.clone())]), SHORT, file) {
                prop_assert!(content.starts_with(&read));
            }
        }
    }
}
