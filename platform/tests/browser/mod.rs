//! As much of a browser as the tests need: HTTP/1.1 on one connection per request, and cookies. It follows no redirect by itself.

#![allow(dead_code, reason = "each test program uses its part")]

use std::{
    collections::BTreeMap,
    io::{Read, Write},
    net::TcpStream,
};

/// An answer.
#[derive(Debug)]
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

    /// `error` of an answer for programs.
    pub(crate) fn error(&self) -> String {
        self.json()["error"].as_str().unwrap_or_else(|| panic!("{}", self.body)).to_owned()
    }

    /// Where the page leads on to by itself.
    pub(crate) fn onward(&self) -> String {
        assert_eq!(self.status, 200, "{}", self.body);
        let after = self.body.split("http-equiv=\"refresh\" content=\"0; url=").nth(1);
        let to = after.and_then(|after| after.split('"').next()).unwrap_or_else(|| panic!("{}", self.body));
        to.replace("&#38;", "&")
    }

    /// Where the browser is sent.
    pub(crate) fn location(&self) -> &str {
        assert_eq!(self.status, 303, "{}", self.body);
        self.header("location").unwrap()
    }
}

/// Somebody's browser.
#[derive(Debug, Clone)]
pub(crate) struct Browser {
    address: String,
    pub(crate) cookies: BTreeMap<String, String>,
}

impl Browser {
    pub(crate) fn new(address: &str) -> Self {
        Self { address: address.to_owned(), cookies: BTreeMap::new() }
    }

    pub(crate) fn get(&mut self, path: &str) -> Answer {
        self.raw("GET", path, &[], "")
    }

    /// From a page of the same origin.
    pub(crate) fn post(&mut self, path: &str, kind: &str, body: &str) -> Answer {
        let origin = format!("http://{}", self.address);
        let headers =
            [("origin", origin.as_str()), ("sec-fetch-site", "same-origin"), ("content-type", kind)];
        self.raw("POST", path, &headers, body)
    }

    /// With these headers and the cookies only. A path, or an address below the platform's own.
    pub(crate) fn raw(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let path = path.strip_prefix(&format!("http://{}", self.address)).unwrap_or(path);
        let mut request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncontent-length: {}\r\n",
            self.address,
            body.len()
        );
        if !self.cookies.is_empty() {
            let cookies: Vec<String> =
                self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request.push_str(&format!("cookie: {}\r\n", cookies.join("; ")));
        }
        for (name, value) in headers.iter().filter(|(_, value)| !value.is_empty()) {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.write_all(format!("{request}\r\n{body}").as_bytes()).unwrap();
        let mut answer = Vec::new();
        // a server that refuses a long body may close before it has read all of it
        let _ = stream.read_to_end(&mut answer);
        let answer = read(&String::from_utf8(answer).unwrap());
        for (_, cookie) in answer.headers.iter().filter(|(name, _)| name == "set-cookie") {
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }
}

fn read(text: &str) -> Answer {
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{text:?}"));
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    Answer { status, headers, body: body.to_owned() }
}
