//! The document of a card whose data are free to read, and that signs nothing (the Bahraini cards before 2025).
//!
//! The card would give everything to anybody; here too nothing is read that was not agreed to, and nothing is said of whether it is
//! genuine, because nobody can know.

use std::collections::BTreeSet;

use bitaqa_card::{
    CardError, Transport,
    channel::Channel,
    gcc::{GccCard, Generation},
    profile::Link,
    unauthenticated::Unauthenticated,
};
use bitaqa_protocol::{
    claim::{Claim, DataGroup},
    my_card::DocumentOnCard,
};
use bitaqa_trust::{
    DateTime,
    identity::{
        claims::Claims,
        unsigned::{GccData, GccFile, asserted, claims_of},
    },
};

use super::contents::contents;

/// What was read.
pub(super) struct DataFiles {
    generation: Generation,
    data: GccData,
    /// Files that came and make no sense.
    unreadable: BTreeSet<GccFile>,
}

/// What such a card tells of a group. Its files are others than those of a chip: the person decides by what is told.
pub(super) fn claims(group: DataGroup, generation: Generation) -> Vec<Claim> {
    let is_told = |claim: &Claim| claim.group() == group && GccFile::of(*claim, generation).is_some();
    Claim::NAMED.into_iter().filter(is_told).collect()
}

/// Reads the files that these groups need. What the card does not give keeps nobody from seeing the rest.
pub(super) fn read(
    transport: &mut dyn Transport,
    atr: &[u8],
    card: GccCard,
    groups: &[DataGroup],
) -> Result<DataFiles, CardError> {
    let mut channel = Channel::new(transport, Link::CAUTIOUS).with_answer_to_reset(atr);
    // looked for once more: what is in the reader now may be another version, whose fields are elsewhere
    let found = GccCard::find(&mut channel, atr)?.filter(|found| *found == card);
    let (card, generation) = (found.ok_or(CardError::Unknown)?, card.generation());
    let told = groups.iter().flat_map(|group| claims(*group, generation));
    let needed: BTreeSet<GccFile> = told.filter_map(|claim| GccFile::of(claim, generation)).collect();
    let mut files = DataFiles { generation, data: GccData::default(), unreadable: BTreeSet::new() };
    for file in needed {
        match file {
            GccFile::PersonalData => {
                files.data.personal_data = files.came(file, card.personal_data(&mut channel))?;
            }
            GccFile::CardData => files.data.card_data = files.came(file, card.card_data(&mut channel))?,
            GccFile::Images => files.data.images = files.came(file, card.images(&mut channel))?,
            GccFile::Address => files.data.address = files.came(file, card.address(&mut channel))?,
        }
    }
    Ok(files)
}

impl DataFiles {
    fn came<T>(
        &mut self,
        file: GccFile,
        outcome: Result<Unauthenticated<T>, CardError>,
    ) -> Result<Option<T>, CardError> {
        match outcome {
            Ok(content) => Ok(Some(content.into_claimed())),
            Err(error @ CardError::Transport(_)) => Err(error),
            Err(CardError::Refused { .. }) => Ok(None),
            Err(_) => {
                self.unreadable.insert(file);
                Ok(None)
            }
        }
    }

    /// What was agreed to, as the page shows it.
    pub(super) fn on_card(&self, agreed: &[DataGroup], at: DateTime) -> DocumentOnCard {
        let (mut told, mut unreadable, mut not_given) = (Claims::new(), Vec::new(), Vec::new());
        for group in agreed {
            let (of_group, makes_sense) = self.claims_of_group(*group, at);
            if !makes_sense {
                unreadable.push(*group);
            } else if of_group.is_empty() {
                not_given.push(*group);
            }
            told.extend(of_group);
        }
        DocumentOnCard::Unauthenticated { contents: contents(&told, unreadable, not_given) }
    }

    /// What is told of a group, and whether all of it makes sense.
    fn claims_of_group(&self, group: DataGroup, at: DateTime) -> (Claims, bool) {
        let mut told = Claims::new();
        let mut makes_sense = true;
        for claim in claims(group, self.generation) {
            match claims_of(&asserted(&self.data, [claim]), [claim], at.into()) {
                Ok(value) => told.extend(value),
                Err(_) => makes_sense = false,
            }
            let file = GccFile::of(claim, self.generation);
            makes_sense &= file.is_none_or(|file| !self.unreadable.contains(&file));
        }
        (told, makes_sense)
    }
}

#[cfg(test)]
mod tests {
    use bitaqa_card::gcc::personal_data::PersonalData;

    use super::*;

    const GENERATION: Generation = Generation::V2;

    fn at() -> DateTime {
        DateTime::new(2026, 1, 1, 0, 0, 0).unwrap()
    }

    /// Version 2's file of who the holder is: number, first and last name, sex and day of birth.
    fn person(birth: &str) -> GccData {
        let mut content = vec![0; 597];
        for (offset, text) in [(0, "901234567"), (9, "MARYAM"), (169, "NAMOOTHAJ"), (585, "F"), (586, birth)]
        {
            content[offset..offset + text.len()].copy_from_slice(text.as_bytes());
        }
        let personal_data = PersonalData::parse(GENERATION, &content).ok();
        GccData { personal_data, ..GccData::default() }
    }

    fn files(data: GccData, unreadable: &[GccFile]) -> DataFiles {
        DataFiles { generation: GENERATION, data, unreadable: unreadable.iter().copied().collect() }
    }

    const AGREED: [DataGroup; 3] = [DataGroup::Dg1, DataGroup::Dg2, DataGroup::Dg11];

    #[test]
    fn it_is_never_more_than_unauthenticated_and_says_what_did_not_come() {
        let document = files(person("19900102"), &[GccFile::Images]).on_card(&AGREED, at());
        let DocumentOnCard::Unauthenticated { contents } = document else { panic!("nobody signed it") };
        let values: Vec<&str> = contents.values.iter().map(|value| value.value.as_str()).collect();
        assert_eq!(values, ["MARYAM", "NAMOOTHAJ", "1990-01-02", "F", "901234567"]);
        assert_eq!((contents.unreadable, contents.not_given), (vec![DataGroup::Dg2], vec![DataGroup::Dg11]));
    }

    #[test]
    fn what_is_no_date_and_what_does_not_come_keep_nobody_from_seeing_the_rest() {
        let document = files(person("19901302"), &[GccFile::CardData]).on_card(&[DataGroup::Dg1], at());
        let contents = document.contents();
        assert!(contents.values.iter().any(|value| value.claim == Claim::GivenName));
        assert!(contents.values.iter().all(|value| value.claim != Claim::Birthdate));
        assert_eq!(contents.unreadable, [DataGroup::Dg1], "the day of expiry is missing");
    }

    #[test]
    fn a_group_tells_what_a_file_of_that_version_has() {
        let told = |group| claims(group, GENERATION);
        assert!(told(DataGroup::Dg1).contains(&Claim::DateOfExpiry));
        assert!(!told(DataGroup::Dg1).contains(&Claim::DocumentNumber), "no file has it");
        assert_eq!(told(DataGroup::Dg2), [Claim::Photo]);
        assert!(told(DataGroup::Dg11).contains(&Claim::Address));
        assert!(
            !claims(DataGroup::Dg11, Generation::V1).contains(&Claim::Address),
            "its layout is not public"
        );
        assert!(told(DataGroup::Dg13).is_empty());
    }
}
