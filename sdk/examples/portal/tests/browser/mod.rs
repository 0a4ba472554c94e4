//! As much of a browser as the tests need: HTTP/1.1 on one connection per request, and one cookie.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::panic,
    reason = "each test program uses its part, and a test ends where it cannot go on"
)]

use std::{
    io::{Read, Write},
    net::TcpStream,
};

/// An answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("{} {}", self.status, self.body))
    }
}

/// Somebody's browser.
pub(crate) struct Browser {
    address: String,
    pub(crate) cookie: Option<String>,
}

impl Browser {
    pub(crate) fn new(address: &str) -> Self {
        Self { address: address.to_owned(), cookie: None }
    }

    pub(crate) fn get(&mut self, path: &str) -> Answer {
        self.raw("GET", path, &[], "")
    }

    /// From the portal's own page.
    pub(crate) fn post(&mut self, path: &str, body: &str) -> Answer {
        self.request("POST", path, &[], body)
    }

    pub(crate) fn sign_in(&mut self, token: &str) -> Answer {
        self.request("POST", "/sign-in?lang=en", &[("content-type", "application/json")], token)
    }

    /// As the portal's own page would send it.
    pub(crate) fn request(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answer {
        let origin = format!("http://{}", self.address);
        let mut headers = headers.to_vec();
        headers.extend([("origin", origin.as_str()), ("sec-fetch-site", "same-origin")]);
        self.raw(method, path, &headers, body)
    }

    /// With these headers and the cookie only.
    pub(crate) fn raw(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncontent-length: {}\r\n",
            self.address,
            body.len()
        );
        if let Some(cookie) = &self.cookie {
            request.push_str(&format!("cookie: {cookie}\r\n"));
        }
        for (name, value) in headers.iter().filter(|(_, value)| !value.is_empty()) {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.write_all(format!("{request}\r\n{body}").as_bytes()).unwrap();
        let mut answer = Vec::new();
        // a server that refuses a long body may close before it has read all of it
        let _ = stream.read_to_end(&mut answer);
        let answer = self.read(&String::from_utf8(answer).unwrap());
        if let Some(cookie) = answer.header("set-cookie") {
            let pair = cookie.split(';').next().unwrap();
            self.cookie = (!pair.ends_with('=')).then(|| pair.to_owned());
        }
        answer
    }

    fn read(&self, text: &str) -> Answer {
        let (head, body) =
            text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{}: {text:?}", self.address));
        let mut lines = head.lines();
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect();
        Answer { status, headers, body: body.to_owned() }
    }
}
