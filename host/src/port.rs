//! The native messaging port: frames on standard input and output.
//!
//! The framing is that of the crate `native_messaging`; its event loop is not used, because it handles one message at a time
//! and can lose the last answer. Here one thread reads, one writes, and the writer is waited for at the end.

use std::{
    io::{self, ErrorKind, Read, Write},
    sync::mpsc as std_mpsc,
    thread::{self, JoinHandle},
};

use bitaqa_protocol::{
    ErrorCode, ErrorReport,
    host::{FromHost, MAX_CHUNKS, MAX_FROM_HOST, MAX_TO_HOST, ToHost},
};
use native_messaging::host::{NmError, decode_message_opt, encode_message, send_frame};
use tokio::sync::mpsc;

/// Most frames that wait to be handled; the browser waits when there are more.
const MAX_WAITING: usize = 16;
/// Bytes of text in one part of a long answer. Escaping can double it (quotation marks) and must not exceed the frame.
const CHUNK_TEXT: usize = MAX_FROM_HOST / 2 - 512;

/// What comes in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Incoming {
    /// A frame that parsed.
    Message(ToHost),
    /// A frame that did not; the port goes on.
    Refused(ErrorReport),
    /// Bytes that are no frame; nothing can follow.
    Broken(ErrorReport),
}

/// Sends frames to the extension, in order.
#[derive(Debug, Clone)]
pub(crate) struct Sender(std_mpsc::Sender<FromHost>);

impl Sender {
    /// Sends a frame; if the browser is gone, there is nobody to tell.
    pub(crate) fn send(&self, message: FromHost) {
        let _ = self.0.send(message);
    }
}

/// Both directions of the port.
pub(crate) struct Port {
    /// What comes in; `None` at the end.
    pub(crate) incoming: mpsc::Receiver<Incoming>,
    /// What goes out.
    pub(crate) outgoing: Sender,
    writer: JoinHandle<()>,
}

impl Port {
    /// Over these streams.
    ///
    /// # Errors
    /// The system gives no thread.
    pub(crate) fn open(
        input: impl Read + Send + 'static,
        output: impl Write + Send + 'static,
    ) -> io::Result<Self> {
        let (sender, incoming) = mpsc::channel(MAX_WAITING);
        thread::Builder::new().name("port-reader".into()).spawn(move || read(input, &sender))?;
        let (outgoing, queue) = std_mpsc::channel();
        let writer =
            thread::Builder::new().name("port-writer".into()).spawn(move || write(output, &queue))?;
        Ok(Self { incoming, outgoing: Sender(outgoing), writer })
    }

    /// Waits until everything that was sent is written. Every [`Sender`] must be gone.
    pub(crate) fn close(self) {
        drop(self.outgoing);
        // a panicked writer wrote what it could
        let _ = self.writer.join();
    }
}

fn read(input: impl Read, sender: &mpsc::Sender<Incoming>) {
    let mut input = Uninterrupted(input);
    loop {
        let incoming = match decode_message_opt(&mut input, MAX_TO_HOST) {
            Ok(Some(text)) => match ToHost::parse(&text) {
                Ok(message) => Incoming::Message(message),
                Err(report) => Incoming::Refused(report),
            },
            Ok(None) => return,
            Err(NmError::IncomingNotUtf8(_)) => Incoming::Refused(
                ErrorReport::new(ErrorCode::RequestInvalid).with_detail("a frame is not UTF-8"),
            ),
            Err(NmError::IncomingTooLarge { len, max }) => {
                let detail = format!("a frame has at most {max} bytes; this one announces {len}");
                Incoming::Broken(ErrorReport::new(ErrorCode::RequestTooLarge).with_detail(&detail))
            }
            Err(_) => Incoming::Broken(
                ErrorReport::new(ErrorCode::RequestInvalid).with_detail("a frame ended early"),
            ),
        };
        let last = matches!(incoming, Incoming::Broken(_));
        if sender.blocking_send(incoming).is_err() || last {
            return;
        }
    }
}

fn write(mut output: impl Write, queue: &std_mpsc::Receiver<FromHost>) {
    for message in queue {
        if send(&mut output, &message).is_err() {
            return;
        }
    }
}

/// Sends one frame, or the parts of a long one.
fn send(output: &mut impl Write, message: &FromHost) -> Result<(), NmError> {
    match encode_message(message) {
        Ok(frame) if frame.len() <= MAX_FROM_HOST => send_frame(output, &frame),
        _ => send_parts(output, message),
    }
}

/// Sends the parts of a long answer, each made when it is its turn: an answer can be 14 MiB of text.
fn send_parts(output: &mut impl Write, message: &FromHost) -> Result<(), NmError> {
    let text = serde_json::to_string(message).unwrap_or_default();
    let parts = parts(&text);
    let count = u16::try_from(parts.len()).ok().filter(|count| (1..=MAX_CHUNKS).contains(count));
    let (Some(id), Some(count)) = (message.id(), count) else {
        let error = ErrorReport::new(ErrorCode::InternalError).with_detail("the answer is too long");
        return send_frame(output, &encode_message(&FromHost::Failure { id: message.id().cloned(), error })?);
    };
    for (data, index) in parts.into_iter().zip(0..) {
        let part = FromHost::Chunk { id: id.clone(), index, count, data: data.to_owned() };
        send_frame(output, &encode_message(&part)?)?;
    }
    Ok(())
}

/// A text in pieces of at most [`CHUNK_TEXT`] bytes, between characters.
fn parts(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (part, after) = rest.split_at(rest.floor_char_boundary(CHUNK_TEXT));
        parts.push(part);
        rest = after;
    }
    parts
}

/// Goes on reading when a signal interrupts.
struct Uninterrupted<R>(R);

impl<R: Read> Read for Uninterrupted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.0.read(buffer) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                outcome => return outcome,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use bitaqa_protocol::{
        AuthToken, RequestId,
        auth_token::TokenAlgorithm,
        host::Timing,
        validation_data::{DataOrigin, LongBytes, MAX_LONG},
    };

    use super::*;

    fn frame(text: &str) -> Vec<u8> {
        let mut frame = u32::try_from(text.len()).unwrap().to_ne_bytes().to_vec();
        frame.extend_from_slice(text.as_bytes());
        frame
    }

    fn incoming(bytes: Vec<u8>) -> Vec<Incoming> {
        let mut port = Port::open(io::Cursor::new(bytes), io::sink()).unwrap();
        let mut all = Vec::new();
        while let Some(one) = port.incoming.blocking_recv() {
            all.push(one);
        }
        all
    }

    #[test]
    fn frames_are_read_until_the_browser_closes() {
        let hello = r#"{"type":"hello","versions":[1],"extension":"0.1.0"}"#;
        let all = incoming([frame(hello), frame("{}"), frame(hello)].concat());
        assert!(
            matches!(&all[..], [Incoming::Message(_), Incoming::Refused(_), Incoming::Message(_)]),
            "{all:?}"
        );
    }

    #[test]
    fn what_is_no_frame_ends_the_port_with_its_code() {
        let broken = |bytes| match incoming(bytes).pop() {
            Some(Incoming::Broken(report)) => report.code,
            other => panic!("{other:?}"),
        };
        assert_eq!(broken(u32::MAX.to_ne_bytes().to_vec()), ErrorCode::RequestTooLarge);
        assert_eq!(broken(frame("{}")[..5].to_vec()), ErrorCode::RequestInvalid);
    }

    #[derive(Clone, Default)]
    struct Shared(Arc<Mutex<Vec<u8>>>);

    impl Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            // as slow as a busy browser, so that a lost last answer would show
            thread::sleep(std::time::Duration::from_millis(20));
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn sent(messages: Vec<FromHost>) -> Vec<FromHost> {
        let output = Shared::default();
        let port = Port::open(io::empty(), output.clone()).unwrap();
        for message in messages {
            port.outgoing.send(message);
        }
        port.close();
        let bytes = output.0.lock().unwrap().clone();
        let mut reader = io::Cursor::new(bytes);
        std::iter::from_fn(|| decode_message_opt(&mut reader, 1 << 20).unwrap())
            .map(|text| {
                assert!(text.len() <= MAX_FROM_HOST);
                FromHost::parse(&text).unwrap()
            })
            .collect()
    }

    fn token(signature: String) -> FromHost {
        let token = AuthToken {
            unverified_certificate: "MAA=".into(),
            algorithm: TokenAlgorithm::ES384,
            signature,
            format: "web-eid:1.0".into(),
            app_version: None,
        };
        FromHost::AuthToken {
            id: RequestId::parse("0123456789abcdef").unwrap(),
            token,
            timing: Timing::default(),
        }
    }

    #[test]
    fn the_last_answer_is_written_before_the_port_is_closed() {
        assert_eq!(sent(vec![token("AAEC".into()); 3]).len(), 3);
    }

    #[test]
    fn a_long_answer_comes_in_parts_that_join_to_it() {
        // quotation marks and letters of several bytes: the worst for lengths
        let long = token("\"é".repeat(400_000));
        let parts = sent(vec![long.clone()]);
        assert!(parts.len() > 2);
        let mut joined = String::new();
        for (number, part) in parts.iter().enumerate() {
            let FromHost::Chunk { index, count, data, .. } = part else { panic!("{part:?}") };
            assert_eq!((usize::from(*index), usize::from(*count)), (number, parts.len()));
            joined.push_str(data);
        }
        assert_eq!(serde_json::from_str::<FromHost>(&joined).unwrap(), long);
    }

    #[test]
    fn the_longest_validation_data_has_room_in_the_parts() {
        let long = FromHost::ValidationData {
            id: RequestId::parse("0123456789abcdef").unwrap(),
            data: LongBytes(vec![0xff; MAX_LONG]),
            origin: DataOrigin::Network,
            authority: None,
            failed: Vec::new(),
        };
        let text = serde_json::to_string(&long).unwrap();
        let parts = parts(&text);
        assert!(parts.len() <= usize::from(MAX_CHUNKS), "{}", parts.len());
        assert_eq!(parts.concat(), text);
    }
}
