//! Data files of GCC cards, and a whole reading over any answers; the first byte says which.

use bitaqa_card::{
    channel::Channel,
    gcc::{
        GccCard, Generation, address::Address, card_data::CardData, images::Images,
        personal_data::PersonalData,
    },
};

use super::{choice, lengths, written};
use crate::answers::Answers;

const GENERATIONS: [Generation; 4] = [Generation::V1, Generation::V2, Generation::V2_1, Generation::V4];

/// The first byte of an input that is one file: address, card data, personal data or images, of a generation by its number.
#[must_use]
pub const fn files(kind: u8, generation: u8) -> u8 {
    kind | generation << 3
}

pub(crate) fn run(input: &[u8]) {
    let (kind, content) = choice(input);
    let generation = GENERATIONS.get(usize::from(kind >> 3 & 3)).copied().unwrap_or(Generation::V2);
    match kind & 7 {
        0 => drop(Address::parse(content)),
        1 => drop(CardData::parse(content)),
        2 => {
            if let Ok(data) = PersonalData::parse(generation, content) {
                let names = [data.names.full(), data.arabic_names.full()];
                assert!(
                    names.iter().all(|name| name.chars().count() <= content.len()),
                    "a name is from the file"
                );
            }
        }
        3 => {
            // the file has 16 kilobytes: what comes in stands at its begin, and the rest is empty
            let mut file = content.to_vec();
            file.resize(16 * 1024, 0);
            for content in [&file, content] {
                if let Ok(images) = Images::parse(generation, content) {
                    assert!(images.portrait.len() + images.signature.len() <= content.len());
                }
            }
        }
        long => whole(long, content),
    }
}

fn whole(long: u8, content: &[u8]) {
    let (link, limits) = lengths(long);
    let mut card = Answers::new(content, limits);
    let mut channel = Channel::new(&mut card, link);
    if let Ok(Some(found)) = GccCard::find(&mut channel, &[0x3B, 0x7F]) {
        written(&found);
        written(&found.personal_data(&mut channel));
        written(&found.card_data(&mut channel));
        written(&found.address(&mut channel));
        written(&found.serial_number(&mut channel));
        written(&found.images(&mut channel));
    }
}
