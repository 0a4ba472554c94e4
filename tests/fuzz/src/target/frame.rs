//! Frames that an extension sends to the host.

use bitaqa_protocol::host::{MAX_PLAIN_TO_HOST, ToHost};

use super::written;

pub(crate) fn run(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let Ok(message) = ToHost::parse(text) else { return };
    written(&message);
    let again = serde_json::to_string(&message).unwrap_or_default();
    if again.len() <= MAX_PLAIN_TO_HOST {
        assert_eq!(ToHost::parse(&again), Ok(message), "what is written again says the same");
    }
}
