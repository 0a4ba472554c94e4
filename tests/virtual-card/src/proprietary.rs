//! Commands that no standard knows, as some makes have them: a header, and what the card answers.

use crate::{
    chip::{Answer, Chip},
    command::Command,
    file_system::FileRef,
};

/// A command of one make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProprietaryCommand {
    /// A header that gets always the same data.
    Fixed {
        /// CLA INS P1 P2.
        header: [u8; 4],
        /// The dedicated file that has to be current, if any.
        directory: Option<FileRef>,
        /// The data of the answer.
        data: Vec<u8>,
    },
    /// An instruction of the standard that is asked for under another class.
    OtherClass {
        /// The class.
        class: u8,
        /// The instruction.
        instruction: u8,
    },
}

impl Chip {
    /// The answer to a command that no standard knows; a command under another class gets the class of the standard.
    pub(crate) fn proprietary_answer(&self, command: &mut Command) -> Option<Answer> {
        for known in &self.proprietary {
            match known {
                ProprietaryCommand::Fixed { header, directory, data } => {
                    let same = *header == [command.class, command.instruction, command.p1, command.p2];
                    if same && directory.is_none_or(|directory| directory == self.session.directory) {
                        return Some(Answer::of(data.clone()));
                    }
                }
                ProprietaryCommand::OtherClass { class, instruction } => {
                    if (*class, *instruction) == (command.class, command.instruction) {
                        command.class = 0;
                        return None;
                    }
                }
            }
        }
        None
    }
}
