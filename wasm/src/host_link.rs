//! The native port as the core knows it: whether it is open, which version is spoken, and answers that come in parts.

use bitaqa_protocol::{
    ErrorCode, ErrorReport, RequestId,
    host::{FromHost, MAX_CHUNKS},
    version::{self, ProtocolVersion},
};

/// Most bytes that parts of one answer may add up to.
const MAX_JOINED: usize = 64 * 1024 * 1024;

/// State of the native port.
#[derive(Debug, Default)]
pub enum HostLink {
    /// Not open.
    #[default]
    Closed,
    /// Open; our hello is sent and the host's is awaited.
    Greeting,
    /// Open; both speak a common version.
    Ready {
        /// Version of the host.
        host: String,
        /// An answer that is coming in parts.
        parts: Option<Parts>,
    },
}

impl HostLink {
    /// Takes the host's hello.
    ///
    /// # Errors
    /// `host-too-old` or `extension-too-old`; `host-misbehaved` if the host chose what nobody offered.
    pub fn greeted(
        &mut self,
        chosen: Option<ProtocolVersion>,
        versions: &[ProtocolVersion],
        host: String,
    ) -> Result<(), ErrorReport> {
        let agreed = version::negotiate(
            version::SPOKEN,
            versions.get(..version::MAX_LISTED.min(versions.len())).unwrap_or_default(),
        )
        .map_err(|disagreement| ErrorReport::new(disagreement.seen_by_extension()))?;
        if chosen != Some(agreed) {
            return Err(misbehaved("the host chose another protocol version than the highest common one"));
        }
        *self = Self::Ready { host, parts: None };
        Ok(())
    }
}

/// An answer that is coming in parts.
#[derive(Debug)]
pub struct Parts {
    id: RequestId,
    count: u16,
    next: u16,
    text: String,
}

impl Parts {
    /// Takes a part; gives the whole answer when it was the last.
    ///
    /// # Errors
    /// `host-misbehaved` for parts out of order, of different answers, or of more than an answer may have.
    pub fn take(
        parts: &mut Option<Self>,
        id: &RequestId,
        index: u16,
        count: u16,
        data: &str,
    ) -> Result<Option<FromHost>, ErrorReport> {
        let current = match parts {
            Some(current) => current,
            None if index == 0 && (1..=MAX_CHUNKS).contains(&count) => {
                parts.insert(Self { id: id.clone(), count, next: 0, text: String::new() })
            }
            None => return Err(misbehaved("a part of an answer that has not begun")),
        };
        if current.id != *id || current.count != count || current.next != index {
            return Err(misbehaved("parts of an answer out of order"));
        }
        if current.text.len() + data.len() > MAX_JOINED {
            return Err(misbehaved("an answer that is too long"));
        }
        current.text.push_str(data);
        current.next += 1;
        if current.next < count {
            return Ok(None);
        }
        let text = parts.take().map(|whole| whole.text).unwrap_or_default();
        let whole: FromHost = serde_json::from_str(&text).map_err(|error| misbehaved(&error.to_string()))?;
        if matches!(whole, FromHost::Chunk { .. }) || whole.id() != Some(id) {
            return Err(misbehaved("parts that join to something else than their answer"));
        }
        Ok(Some(whole))
    }
}

pub(crate) fn misbehaved(detail: &str) -> ErrorReport {
    ErrorReport::new(ErrorCode::HostMisbehaved).with_detail(detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id() -> RequestId {
        RequestId::parse("0123456789abcdef").unwrap()
    }

    fn failure() -> FromHost {
        FromHost::Failure { id: Some(id()), error: ErrorReport::new(ErrorCode::NoCard) }
    }

    #[test]
    fn parts_in_order_join_to_the_answer() {
        let text = serde_json::to_string(&failure()).unwrap();
        let (first, second) = text.split_at(10);
        let mut parts = None;
        assert_eq!(Parts::take(&mut parts, &id(), 0, 2, first), Ok(None));
        assert_eq!(Parts::take(&mut parts, &id(), 1, 2, second), Ok(Some(failure())));
        assert!(parts.is_none());
    }

    #[test]
    fn anything_else_is_misbehaviour() {
        let other = RequestId::parse("fedcba9876543210").unwrap();
        let begun = || {
            let mut parts = None;
            Parts::take(&mut parts, &id(), 0, 2, "{").unwrap();
            parts
        };
        for (mut parts, id, index, count, data) in [
            (None, id(), 1, 2, "{"),
            (None, id(), 0, 0, "{"),
            (None, id(), 0, MAX_CHUNKS + 1, "{"),
            (None, id(), 0, 1, "no JSON"),
            (begun(), id(), 0, 2, "{"),
            (begun(), id(), 1, 3, "{"),
            (begun(), other, 1, 2, "}"),
        ] {
            let error = Parts::take(&mut parts, &id, index, count, data).unwrap_err();
            assert_eq!(error.code, ErrorCode::HostMisbehaved);
        }
        // the parts of one request's answer cannot join to another's
        let text = serde_json::to_string(&failure()).unwrap().replace("0123456789abcdef", "0123456789abcdeX");
        assert!(Parts::take(&mut None, &id(), 0, 1, &text).is_err());
    }
}
