//! DEVICENAME in pcscd's configuration: the socket of the card process and the options of the reader.
//!
//! `DEVICENAME /path/to/socket:pinpad=verify-modify:min-pin=4:max-pin=12:pace=yes:lengths=short`
//!
//! pcscd allows only letters, digits and `= \ / - . _ @ :` here, so options are separated by colons.

use std::path::PathBuf;

/// Which operations the key pad knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PinPad {
    /// There is no key pad.
    #[default]
    None,
    /// FEATURE_VERIFY_PIN_DIRECT.
    Verify,
    /// FEATURE_VERIFY_PIN_DIRECT and FEATURE_MODIFY_PIN_DIRECT.
    VerifyAndModify,
}

/// Whether a reader runs PACE itself (FEATURE_EXECUTE_PACE).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pace {
    /// It does not.
    #[default]
    No,
    /// It does.
    Yes,
    /// It says so, and fails at every card before it asks for a number.
    Fails,
}

/// A reader's socket and options.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceName {
    /// The socket of the card process.
    pub socket: PathBuf,
    /// The key pad.
    pub pin_pad: PinPad,
    /// Fewest digits that the key pad takes.
    pub min_pin: u8,
    /// Most digits that the key pad takes.
    pub max_pin: u8,
    /// Whether the reader runs PACE itself.
    pub pace: Pace,
    /// Longest command, in bytes.
    pub max_command: usize,
    /// Longest answer with its status word, in bytes.
    pub max_answer: usize,
}

/// Longest short command: header, Lc, 255 bytes, Le (ISO 7816-3, section 12.1.3).
pub const SHORT_COMMAND: usize = 261;
/// Longest short answer: 256 bytes and the status word.
pub const SHORT_ANSWER: usize = 258;
/// Longest extended command: header, three bytes for Lc, 65535 bytes, two for Le.
pub const EXTENDED_COMMAND: usize = 65_544;
/// Longest extended answer: 65536 bytes and the status word.
pub const EXTENDED_ANSWER: usize = 65_538;

impl DeviceName {
    /// Reads the value of DEVICENAME.
    ///
    /// # Errors
    /// [`DeviceNameError`] names the option that is unknown or has a wrong value.
    pub fn parse(text: &str) -> Result<Self, DeviceNameError> {
        let mut parts = text.split(':');
        let socket = parts.next().filter(|socket| socket.starts_with('/')).ok_or(DeviceNameError::Socket)?;
        let mut device = Self {
            socket: PathBuf::from(socket),
            pin_pad: PinPad::None,
            min_pin: 4,
            max_pin: 12,
            pace: Pace::No,
            max_command: EXTENDED_COMMAND,
            max_answer: EXTENDED_ANSWER,
        };
        for option in parts.filter(|option| !option.is_empty()) {
            device.set(option).ok_or_else(|| DeviceNameError::Option(option.to_owned()))?;
        }
        Ok(device)
    }

    fn set(&mut self, option: &str) -> Option<()> {
        let (name, value) = option.split_once('=')?;
        match (name, value) {
            ("pinpad", "none") => self.pin_pad = PinPad::None,
            ("pinpad", "verify") => self.pin_pad = PinPad::Verify,
            ("pinpad", "verify-modify") => self.pin_pad = PinPad::VerifyAndModify,
            ("min-pin", digits) => self.min_pin = digits.parse().ok()?,
            ("max-pin", digits) => self.max_pin = digits.parse().ok()?,
            ("pace", "no") => self.pace = Pace::No,
            ("pace", "yes") => self.pace = Pace::Yes,
            ("pace", "fails") => self.pace = Pace::Fails,
            ("lengths", "extended") => {}
            ("lengths", "short") => {
                self.max_command = SHORT_COMMAND;
                self.max_answer = SHORT_ANSWER;
            }
            ("max-command", bytes) => self.max_command = bytes.parse().ok()?,
            ("max-answer", bytes) => self.max_answer = bytes.parse().ok()?,
            _ => return None,
        }
        Some(())
    }
}

/// What is wrong with a DEVICENAME.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeviceNameError {
    /// It does not begin with an absolute path.
    #[error("DEVICENAME begins with the absolute path of a socket")]
    Socket,
    /// An option is unknown or has a wrong value.
    #[error("DEVICENAME has an option that is unknown or has a wrong value: {0}")]
    Option(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_alone_is_a_plain_reader() {
        let device = DeviceName::parse("/tmp/r0").unwrap();
        assert_eq!((device.pin_pad, device.pace), (PinPad::None, Pace::No));
        assert_eq!(device.max_command, EXTENDED_COMMAND);
    }

    #[test]
    fn options_are_read() {
        let device =
            DeviceName::parse("/tmp/r0:pinpad=verify-modify:min-pin=5:max-pin=8:lengths=short:pace=yes")
                .unwrap();
        assert_eq!(device.pace, Pace::Yes);
        assert_eq!(device.pin_pad, PinPad::VerifyAndModify);
        assert_eq!((device.min_pin, device.max_pin), (5, 8));
        assert_eq!((device.max_command, device.max_answer), (261, 258));
    }

    #[test]
    fn what_is_not_understood_is_an_error() {
        assert_eq!(DeviceName::parse("r0"), Err(DeviceNameError::Socket));
        assert_eq!(DeviceName::parse("/r0:pinpad=x"), Err(DeviceNameError::Option("pinpad=x".to_owned())));
        assert_eq!(
            DeviceName::parse("/r0:min-pin=300"),
            Err(DeviceNameError::Option("min-pin=300".to_owned()))
        );
    }
}
