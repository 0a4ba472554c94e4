//! The steps from level to level.

use super::{
    Answers, Augmentable, Augmented, Goal, Need, Notice, Progress, ValidationData, Whose,
    certificates::{Collected, collect},
};
use crate::{
    FoundSignature, Level,
    found::{FoundTimeStamp, Integrity},
    time_stamp::TimeStampToken,
};
use bitaqa_trust::{Certificate, DateTime};

/// Raises every signature of a file to the goal's level, as far as the answers go. The file is changed on the way: who is told
/// of needs begins again with the file as it was.
///
/// # Errors
/// The format's own.
pub fn augment<A: Augmentable>(file: &mut A, goal: &Goal, answers: &Answers) -> Result<Progress, A::Error> {
    let mut run = Run { goal, answers, needs: Vec::new(), notices: Vec::new(), level: Level::BLta };
    if goal.level >= Level::BT {
        run.add_signature_time_stamps(file)?;
    }
    if !run.needs.is_empty() {
        return Ok(Progress::Needs(run.needs));
    }
    if goal.level >= Level::BLt {
        run.add_validation_data(file)?;
    }
    if !run.needs.is_empty() {
        return Ok(Progress::Needs(run.needs));
    }
    if goal.level >= Level::BLta && run.level >= Level::BLt {
        run.add_archive_time_stamps(file)?;
    }
    if !run.needs.is_empty() {
        return Ok(Progress::Needs(run.needs));
    }
    Ok(Progress::Done(Augmented { level: run.level.min(goal.level), notices: run.notices }))
}

struct Run<'a> {
    goal: &'a Goal,
    answers: &'a Answers,
    needs: Vec<Need>,
    notices: Vec<Notice>,
    level: Level,
}

impl Run<'_> {
    fn add_signature_time_stamps<A: Augmentable>(&mut self, file: &mut A) -> Result<(), A::Error> {
        let signatures = file.signatures()?;
        let mut covered = false;
        for (index, found) in signatures.iter().enumerate() {
            if matches!(found.integrity, Integrity::ContentChanged | Integrity::SignatureInvalid) {
                self.lower(Level::BB, Notice::NotIntact { signature: found.name.clone() });
                continue;
            }
            let has_any = !found.signature_time_stamps.is_empty() || !found.archive_time_stamps.is_empty();
            if has_any || covered {
                continue;
            }
            covered = file.covers_whole_file();
            let digest = file.signature_imprint(index, self.goal.hash)?;
            match self.time_stamp(digest) {
                Fetched::Token(token) => file.add_signature_time_stamp(index, &token)?,
                Fetched::Asked => {}
                Fetched::CannotBeHad => {
                    self.lower(Level::BB, Notice::NoTimeStamp { signature: found.name.clone() });
                }
            }
        }
        Ok(())
    }

    fn add_validation_data<A: Augmentable>(&mut self, file: &mut A) -> Result<(), A::Error> {
        let signatures = file.signatures()?;
        for (index, found) in signatures.iter().enumerate() {
            if matches!(found.integrity, Integrity::ContentChanged | Integrity::SignatureInvalid) {
                continue;
            }
            let mut data = ValidationData::default();
            let stamps = found.signature_time_stamps.iter().chain(&found.archive_time_stamps);
            let authorities: Vec<_> = stamps.map(authority).collect();
            let proven = authorities.iter().flatten().map(|(_, time, _)| *time).min().unwrap_or(self.goal.at);
            match found.signer.certificate() {
                Some(signer) => self.collect((signer, proven), found, &[], Whose::Signer, &mut data),
                None => self.lower(Level::BT, Notice::NoSigner { signature: found.name.clone() }),
            }
            for authority in &authorities {
                match authority {
                    Some((authority, time, others)) => {
                        let whose = Whose::TimeStampAuthority;
                        self.collect((authority, *time), found, others, whose, &mut data);
                    }
                    None => self.lower(Level::BT, Notice::BadTimeStamp { signature: found.name.clone() }),
                }
            }
            if !self.needs.is_empty() {
                continue;
            }
            without_what_is_there(&mut data, found);
            if data != ValidationData::default() {
                file.add_validation_data(index, &data)?;
            }
        }
        Ok(())
    }

    fn collect(
        &mut self,
        leaf: (&Certificate, DateTime),
        found: &FoundSignature,
        others: &[Certificate],
        whose: Whose,
        data: &mut ValidationData,
    ) {
        let signature = found.name.clone();
        let collected = match collect(leaf, found, others, self.goal, self.answers) {
            Collected::Needs(needs) => {
                for need in needs {
                    if !self.needs.contains(&need) {
                        self.needs.push(need);
                    }
                }
                return;
            }
            Collected::NoPath => return self.lower(Level::BT, Notice::NoPath { signature, whose }),
            Collected::NoRevocation(collected) => {
                self.lower(Level::BT, Notice::NoRevocationData { signature, whose });
                collected
            }
            Collected::Revoked(collected) => {
                self.lower(Level::BT, Notice::Revoked { signature, whose });
                collected
            }
            Collected::Whole(collected) => collected,
        };
        add_all(&mut data.certificates, collected.certificates);
        add_all(&mut data.lists, collected.lists);
        add_all(&mut data.answers, collected.answers);
    }

    fn add_archive_time_stamps<A: Augmentable>(&mut self, file: &mut A) -> Result<(), A::Error> {
        let signatures = file.signatures()?;
        let last = signatures.len().saturating_sub(1);
        for (index, found) in signatures.iter().enumerate() {
            if file.covers_whole_file() && index != last {
                continue;
            }
            let digest = file.archive_imprint(index, self.goal.hash)?;
            match self.time_stamp(digest) {
                Fetched::Token(token) => file.add_archive_time_stamp(index, &token)?,
                Fetched::Asked => {}
                Fetched::CannotBeHad => {
                    self.lower(Level::BLt, Notice::NoTimeStamp { signature: found.name.clone() });
                }
            }
        }
        Ok(())
    }

    fn time_stamp(&mut self, digest: Vec<u8>) -> Fetched {
        let need = Need::TimeStamp { hash: self.goal.hash, digest };
        match self.answers.of(&need) {
            None => {
                if !self.needs.contains(&need) {
                    self.needs.push(need);
                }
                Fetched::Asked
            }
            Some(None) => Fetched::CannotBeHad,
            Some(Some(token)) => Fetched::Token(token.to_vec()),
        }
    }

    fn lower(&mut self, level: Level, notice: Notice) {
        self.level = self.level.min(level);
        if !self.notices.contains(&notice) {
            self.notices.push(notice);
        }
    }
}

enum Fetched {
    Token(Vec<u8>),
    Asked,
    CannotBeHad,
}

/// The authority of a time stamp whose signature verifies, its time, and the certificates that came with it.
fn authority(stamp: &FoundTimeStamp) -> Option<(Certificate, DateTime, Vec<Certificate>)> {
    let token = TimeStampToken::parse(&stamp.token).ok()?;
    let authority = token.verify_signature(&stamp.certificates).ok()?;
    let others = token.certificates().iter().chain(&stamp.certificates).cloned().collect();
    Some((authority, token.gen_time(), others))
}

fn add_all<T: PartialEq>(list: &mut Vec<T>, more: Vec<T>) {
    for one in more {
        if !list.contains(&one) {
            list.push(one);
        }
    }
}

fn without_what_is_there(data: &mut ValidationData, found: &FoundSignature) {
    data.certificates.retain(|certificate| !found.certificates.contains(certificate));
    data.lists.retain(|list| !found.revocation.lists.iter().any(|there| **there == **list));
    data.answers.retain(|answer| !found.revocation.answers.iter().any(|there| **there == **answer));
}
