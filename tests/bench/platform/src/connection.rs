//! As much of HTTP/1.1 as is needed to ask many times on one connection.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
};

use crate::BenchError;

/// Longest body that is read.
const MAX_BODY: usize = 256 * 1024;

/// A connection that is kept.
pub(crate) struct Connection {
    host: String,
    stream: BufReader<TcpStream>,
}

/// An answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers.iter().filter(move |(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn location(&self) -> Option<&str> {
        self.all("location").next()
    }
}

impl Connection {
    pub(crate) fn open(host: &str) -> Result<Self, BenchError> {
        let stream = TcpStream::connect(host)?;
        stream.set_nodelay(true)?;
        Ok(Self { host: host.to_owned(), stream: BufReader::new(stream) })
    }

    /// Sends a request; `headers` are whole lines, each with its end.
    pub(crate) fn request(
        &mut self,
        method: &str,
        path: &str,
        headers: &str,
        body: &str,
    ) -> Result<Answer, BenchError> {
        let length = body.len();
        let text = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\n{headers}content-length: {length}\r\n\r\n{body}",
            self.host
        );
        self.stream.get_mut().write_all(text.as_bytes())?;
        self.answer()
    }

    fn line(&mut self) -> Result<String, BenchError> {
        let mut line = String::new();
        self.stream.read_line(&mut line)?;
        Ok(line.trim_end().to_owned())
    }

    fn answer(&mut self) -> Result<Answer, BenchError> {
        let status = self.line()?;
        let status = status.split(' ').nth(1).and_then(|code| code.parse().ok());
        let status = status.ok_or_else(|| BenchError::other("no answer"))?;
        let mut headers = Vec::new();
        loop {
            let line = self.line()?;
            let Some((name, value)) = line.split_once(':') else { break };
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let length = headers.iter().find(|(name, _)| name == "content-length");
        let length: usize = length.and_then(|(_, value)| value.parse().ok()).unwrap_or(0);
        if length > MAX_BODY || headers.iter().any(|(name, _)| name == "transfer-encoding") {
            return Err(BenchError::other("an answer of a kind that is not read here"));
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        Ok(Answer { status, headers, body })
    }
}
