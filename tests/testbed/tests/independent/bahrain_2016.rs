//! The Bahraini card before 2025, read through the real pcscd, our reader driver and `opensc-tool`, over T=0 as its
//! answer to reset asks for. Nothing that is not ours knows these files: `opensc-tool` carries commands, and no more.

use bitaqa_testbed::{CardSpec, Generation, Personality, ReaderOptions, Testbed};

use crate::judge::Judge;

#[test]
fn the_personal_data_comes_over_t0() {
    let bed = Testbed::builder().reader(ReaderOptions::default()).start().unwrap();
    let spec = CardSpec::of_generation(Personality::Bahrain2016, Generation::V2).for_person("maryam");
    let card = bed.insert(0, &spec).unwrap();
    let judge = Judge::of(&bed);
    let select = ["00A404000DD4990000010101000100000001", "00A4000C020101", "00A4020C020001"];
    let read = |offset: &str| {
        let commands = select.iter().map(|command| (*command).to_owned()).chain([format!("00B0{offset}40")]);
        judge.exchange(&commands.collect::<Vec<_>>())
    };
    assert!(read("0000").starts_with(b"900123456MARYAM"));
    assert!(read("00C9").starts_with("مريم".as_bytes()));
    assert!(card.log().iter().all(|entry| !entry.presented), "nothing was asked for");
}
