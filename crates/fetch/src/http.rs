//! One question and its answer over HTTP/1.1 (RFC 9112), as little of it as is needed and nothing that is in doubt.

use std::{
    io::{self, BufRead, Read, Write},
    time::Duration,
};

use crate::{
    error::{FetchError, HttpFault},
    url::Url,
};

/// Longest head of an answer, in bytes; also of what follows the last chunk.
pub const MAX_HEAD: usize = 16 * 1024;
/// Most fields of a head.
pub const MAX_FIELDS: usize = 64;
/// Most heads that only announce another one (status 1xx).
const MAX_INTERIM: usize = 4;
/// Longest line that begins a chunk.
const MAX_CHUNK_LINE: usize = 256;
/// Most bytes of all lines that begin chunks.
const MAX_CHUNK_LINES: usize = 1024 * 1024;
/// Longest media type that an error repeats.
const MAX_REPEATED: usize = 100;

/// What an exchange fails with, before it is known whom to name.
#[derive(Debug)]
pub(crate) enum Fault {
    Io(io::Error),
    Fetch(FetchError),
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<HttpFault> for Fault {
    fn from(fault: HttpFault) -> Self {
        Self::Fetch(FetchError::Http { fault })
    }
}

/// Sends a question, of this media type. It carries no cookie, no credentials and nothing about the person.
pub(crate) fn send(
    stream: &mut impl Write,
    url: &Url,
    accepted: &str,
    question: Option<(&str, &[u8])>,
) -> io::Result<()> {
    let method = if question.is_some() { "POST" } else { "GET" };
    let mut message = format!(
        "{method} {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: Bitaqa\r\nAccept: {accepted}\r\n\
         Accept-Encoding: identity\r\nConnection: close\r\n",
        url.target(),
        url.authority(),
    )
    .into_bytes();
    if let Some((media_type, body)) = question {
        message.extend(format!("Content-Type: {media_type}\r\nContent-Length: {}\r\n", body.len()).bytes());
    }
    message.extend(b"\r\n");
    message.extend(question.map_or(&[][..], |(_, body)| body));
    stream.write_all(&message)?;
    stream.flush()
}

/// What the head of an answer says.
#[derive(Debug)]
pub(crate) struct Head {
    pub(crate) status: u16,
    pub(crate) media_type: Option<String>,
    pub(crate) is_encoded: bool,
    pub(crate) locations: Vec<String>,
    /// How long the answer counts, if it says so.
    pub(crate) max_age: Option<Duration>,
    length: Length,
}

/// Where the body ends.
#[derive(Debug, Clone, Copy)]
enum Length {
    Bytes(u64),
    Chunked,
    /// With the connection.
    Open,
}

/// Reads the head of the answer, past those that only announce it.
pub(crate) fn read_head(stream: &mut impl BufRead) -> Result<Head, Fault> {
    for _ in 0..=MAX_INTERIM {
        let head = parse_head(&read_lines(stream, HttpFault::HeadTooLong)?)?;
        if head.status / 100 != 1 {
            return Ok(head);
        }
        // nobody asked to speak another protocol
        if head.status == 101 {
            break;
        }
    }
    Err(HttpFault::Head.into())
}

/// Reads the body of an answer.
pub(crate) fn read_body(stream: &mut impl BufRead, head: &Head, most: usize) -> Result<Vec<u8>, Fault> {
    let too_large = Fault::Fetch(FetchError::TooLarge { most });
    let limit = u64::try_from(most).unwrap_or(u64::MAX);
    let mut body = Vec::new();
    match head.length {
        Length::Bytes(length) if length > limit => return Err(too_large),
        Length::Bytes(length) => read_exactly(stream, length, &mut body)?,
        Length::Chunked => return read_chunks(stream, most),
        Length::Open => {
            stream.take(limit.saturating_add(1)).read_to_end(&mut body)?;
            if body.len() > most {
                return Err(too_large);
            }
        }
    }
    Ok(body)
}

fn read_chunks(stream: &mut impl BufRead, most: usize) -> Result<Vec<u8>, Fault> {
    let mut body = Vec::new();
    let mut of_lines = 0;
    loop {
        let line = read_line(stream, MAX_CHUNK_LINE, HttpFault::Chunk)?;
        of_lines += line.len();
        if of_lines > MAX_CHUNK_LINES {
            return Err(HttpFault::Chunk.into());
        }
        let size = chunk_size(&line).ok_or(HttpFault::Chunk)?;
        if size == 0 {
            read_lines_or_none(stream)?;
            return Ok(body);
        }
        let left = most.saturating_sub(body.len());
        if size > u64::try_from(left).unwrap_or(u64::MAX) {
            return Err(Fault::Fetch(FetchError::TooLarge { most }));
        }
        read_exactly(stream, size, &mut body)?;
        let mut end = [0; 2];
        stream.read_exact(&mut end)?;
        if end != *b"\r\n" {
            return Err(HttpFault::Chunk.into());
        }
    }
}

/// The size at the beginning of a chunk (RFC 9112 section 7.1); extensions are left out.
fn chunk_size(line: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(line).ok()?.strip_suffix("\r\n")?;
    let digits = text.split(';').next()?.trim_end_matches([' ', '\t']);
    let is_hex = (1..=8).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_hex { u64::from_str_radix(digits, 16).ok() } else { None }
}

fn read_exactly(stream: &mut impl Read, length: u64, body: &mut Vec<u8>) -> io::Result<()> {
    let read = stream.take(length).read_to_end(body)?;
    let is_all = u64::try_from(read).is_ok_and(|read| read == length);
    if is_all { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

/// The fields after the last chunk, which nobody asked for.
fn read_lines_or_none(stream: &mut impl BufRead) -> Result<(), Fault> {
    read_lines(stream, HttpFault::Chunk).map(|_| ())
}

/// Lines up to the empty one, within [`MAX_HEAD`].
fn read_lines(stream: &mut impl BufRead, too_long: HttpFault) -> Result<Vec<u8>, Fault> {
    let mut lines = Vec::new();
    loop {
        let line = read_line(stream, MAX_HEAD.saturating_sub(lines.len()), too_long)?;
        let is_end = matches!(&*line, b"\r\n" | b"\n");
        lines.extend(line);
        if is_end {
            return Ok(lines);
        }
    }
}

/// One line with its end.
fn read_line(stream: &mut impl BufRead, most: usize, too_long: HttpFault) -> Result<Vec<u8>, Fault> {
    let mut line = Vec::new();
    let limit = u64::try_from(most).unwrap_or(u64::MAX);
    stream.take(limit).read_until(b'\n', &mut line)?;
    match line.last() {
        Some(b'\n') => Ok(line),
        _ if line.len() >= most => Err(too_long.into()),
        _ => Err(Fault::Io(io::ErrorKind::UnexpectedEof.into())),
    }
}

fn parse_head(bytes: &[u8]) -> Result<Head, HttpFault> {
    let mut fields = [httparse::EMPTY_HEADER; MAX_FIELDS];
    let mut response = httparse::Response::new(&mut fields);
    match response.parse(bytes) {
        Ok(httparse::Status::Complete(_)) => {}
        Err(httparse::Error::TooManyHeaders) => return Err(HttpFault::HeadTooLong),
        Ok(httparse::Status::Partial) | Err(_) => return Err(HttpFault::Head),
    }
    let values = |name: &str| {
        let named = response.headers.iter().filter(|field| field.name.eq_ignore_ascii_case(name));
        named.map(|field| field.value.trim_ascii().to_vec()).collect::<Vec<_>>()
    };
    let media_types = values("content-type");
    if media_types.len() > 1 {
        return Err(HttpFault::Head);
    }
    let encodings = values("content-encoding");
    Ok(Head {
        status: response.code.ok_or(HttpFault::Head)?,
        media_type: media_types.first().map(|value| essence(value)),
        is_encoded: encodings.iter().any(|value| !value.eq_ignore_ascii_case(b"identity")),
        locations: values("location").iter().map(|value| String::from_utf8_lossy(value).into()).collect(),
        max_age: max_age(&values("cache-control")),
        length: length(&values("content-length"), &values("transfer-encoding"))?,
    })
}

/// How long an answer counts (RFC 9111 section 5.2.2): not at all where it is not to be kept; of several, the shortest.
fn max_age(fields: &[Vec<u8>]) -> Option<Duration> {
    let directives = fields.iter().flat_map(|field| field.split(|byte| *byte == b','));
    let seconds = directives.filter_map(|directive| {
        let text = std::str::from_utf8(directive.trim_ascii()).ok()?.to_ascii_lowercase();
        match text.split_once('=') {
            Some(("max-age", digits)) => Some(digits.trim_matches('"').parse().unwrap_or(0)),
            Some(_) => None,
            None => matches!(text.as_str(), "no-store" | "no-cache").then_some(0),
        }
    });
    seconds.min().map(Duration::from_secs)
}

/// Where the body ends (RFC 9112 section 6.3). What two readers could read in two ways is refused.
fn length(lengths: &[Vec<u8>], codings: &[Vec<u8>]) -> Result<Length, HttpFault> {
    match (lengths, codings) {
        ([], []) => Ok(Length::Open),
        ([], [coding]) if coding.eq_ignore_ascii_case(b"chunked") => Ok(Length::Chunked),
        ([], _) => Err(HttpFault::TransferCoding),
        ([digits], []) if !digits.is_empty() && digits.iter().all(u8::is_ascii_digit) => {
            let digits = std::str::from_utf8(digits).map_err(|_| HttpFault::Length)?;
            digits.parse().map(Length::Bytes).map_err(|_| HttpFault::Length)
        }
        _ => Err(HttpFault::Length),
    }
}

/// A media type without its parameters, in small letters and without anything that a terminal would obey.
fn essence(value: &[u8]) -> String {
    let essence = value.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
    let plain = essence.iter().filter(|byte| byte.is_ascii_graphic()).take(MAX_REPEATED);
    plain.map(|byte| char::from(byte.to_ascii_lowercase())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOST: usize = 64;

    fn read(mut bytes: &[u8]) -> Result<Vec<u8>, Fault> {
        let head = read_head(&mut bytes)?;
        read_body(&mut bytes, &head, MOST)
    }

    const ANSWERS: [&str; 2] = [
        "HTTP/1.1 200 OK\r\nContent-Type: a/b\r\nContent-Length: 10\r\n\r\n0123456789",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX: y\r\n\r\n4\r\n0123\r\n6;x\r\n456789\r\n0\r\nT: u\r\n\r\n",
    ];

    #[test]
    fn no_beginning_of_an_answer_is_an_answer() {
        for answer in ANSWERS {
            assert_eq!(read(answer.as_bytes()).unwrap(), b"0123456789");
            for length in 0..answer.len() {
                let fault = read(&answer.as_bytes()[..length]).unwrap_err();
                assert!(
                    matches!(&fault, Fault::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof),
                    "{length}: {fault:?}"
                );
            }
        }
    }

    #[test]
    fn a_changed_answer_is_bounded_too() {
        for answer in ANSWERS {
            for index in 0..answer.len() {
                for byte in 0..=u8::MAX {
                    let mut changed = answer.as_bytes().to_vec();
                    changed[index] = byte;
                    // no more than was sent, nor than is wanted
                    assert!(read(&changed).is_ok_and(|body| body.len() <= MOST) || read(&changed).is_err());
                }
            }
        }
    }
}
