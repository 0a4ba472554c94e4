//! Signatures in containers: each signature file is raised by itself, and put back; where one must stay as it is, the container is raised.

use std::io::Cursor;

use super::{
    Answers, Augmented, CmsFile, FileProgress, Goal, Need, Progress, XmlFile,
    archived_container::ArchivedContainer, augment,
};
use crate::{Level, asic::Container, document::DocumentError};

/// Raises every signature of a container to a level.
///
/// # Errors
/// [`DocumentError`].
pub(super) fn augment_container(
    file: &[u8],
    goal: &Goal,
    answers: &Answers,
) -> Result<FileProgress, DocumentError> {
    if Container::open(Cursor::new(file))?.has_archived_signatures() {
        let mut container = ArchivedContainer::new(file);
        return Ok(match augment(&mut container, goal, answers)? {
            Progress::Needs(needs) => FileProgress::Needs(needs),
            Progress::Done(augmented) => FileProgress::Done { file: container.into_bytes(), augmented },
        });
    }
    let mut file = file.to_vec();
    let mut needs: Vec<Need> = Vec::new();
    let mut reached = Augmented { level: Level::BLta, notices: Vec::new() };
    let names = Container::open(Cursor::new(&file[..]))?.signature_files();
    for name in names {
        let mut container = Container::open(Cursor::new(&file[..]))?;
        let before = container.signature(&name)?;
        let (progress, after) = if name.ends_with(".p7s") {
            let mut content = |hash| container.signed_digest(&name, hash);
            let mut message = CmsFile::new(&before, &mut content);
            (augment(&mut message, goal, answers)?, message.into_bytes())
        } else {
            let contents = container.contents();
            let mut document = XmlFile::new(&before, &contents);
            (augment(&mut document, goal, answers)?, document.into_bytes())
        };
        match progress {
            Progress::Needs(more) => {
                for need in more {
                    if !needs.contains(&need) {
                        needs.push(need);
                    }
                }
            }
            Progress::Done(augmented) => {
                reached.level = reached.level.min(augmented.level);
                reached.notices.extend(augmented.notices);
                if after != before {
                    file = container.with_signature(&name, &after)?;
                }
            }
        }
    }
    if needs.is_empty() {
        Ok(FileProgress::Done { file, augmented: reached })
    } else {
        Ok(FileProgress::Needs(needs))
    }
}
