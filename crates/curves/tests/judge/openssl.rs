//! Running OpenSSL, and the little DER that its files need.

use std::{fs, path::PathBuf, process::Command};

use bitaqa_curves::{Curve, Point, Scalar};
use tempfile::TempDir;

/// A folder in which OpenSSL works.
pub(crate) struct Openssl {
    folder: TempDir,
}

impl Openssl {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// Runs a command in the folder; `None` if it fails.
    pub(crate) fn run(&self, arguments: &[&str]) -> Option<Vec<u8>> {
        let output =
            Command::new("openssl").args(arguments).current_dir(self.folder.path()).output().unwrap();
        output.status.success().then_some(output.stdout)
    }

    pub(crate) fn write(&self, name: &str, content: &[u8]) {
        fs::write(self.path(name), content).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const OID: u8 = 0x06;

/// One DER element.
pub(crate) fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let mut out = vec![tag];
    match length {
        0..0x80 => out.push(length as u8),
        0x80..0x100 => out.extend([0x81, length as u8]),
        _ => out.extend([0x82, (length >> 8) as u8, length as u8]),
    }
    out.extend_from_slice(content);
    out
}

/// An unsigned number as INTEGER.
pub(crate) fn der_integer(number: &[u8]) -> Vec<u8> {
    let digits: Vec<u8> = number.iter().copied().skip_while(|byte| *byte == 0).collect();
    let sign = digits.first().is_none_or(|first| first & 0x80 != 0);
    der(INTEGER, &[if sign { vec![0] } else { Vec::new() }, digits].concat())
}

/// Takes the first element apart: tag, content, what follows.
pub(crate) fn take(der: &[u8]) -> (u8, &[u8], &[u8]) {
    let (header, length) = match der[1] {
        0x81 => (3, usize::from(der[2])),
        0x82 => (4, usize::from(der[2]) << 8 | usize::from(der[3])),
        short => (2, usize::from(short)),
    };
    (der[0], &der[header..header + length], &der[header + length..])
}

/// The elements of a constructed one.
pub(crate) fn elements(mut content: &[u8]) -> Vec<(u8, &[u8])> {
    let mut all = Vec::new();
    while !content.is_empty() {
        let (tag, inner, rest) = take(content);
        all.push((tag, inner));
        content = rest;
    }
    all
}

/// SubjectPublicKeyInfo (RFC 5480).
pub(crate) fn public_key_info(point: &Point) -> Vec<u8> {
    const EC_PUBLIC_KEY: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01];
    let algorithm = [der(OID, EC_PUBLIC_KEY), der(OID, point.curve().oid())].concat();
    let bits = [vec![0], point.encode()].concat();
    der(SEQUENCE, &[der(SEQUENCE, &algorithm), der(BIT_STRING, &bits)].concat())
}

/// ECPrivateKey (RFC 5915).
pub(crate) fn private_key(private: &Scalar, public: &Point) -> Vec<u8> {
    let bits = [vec![0], public.encode()].concat();
    let content = [
        der(INTEGER, &[1]),
        der(OCTET_STRING, &private.to_bytes()),
        der(0xA0, &der(OID, public.curve().oid())),
        der(0xA1, &der(BIT_STRING, &bits)),
    ];
    der(SEQUENCE, &content.concat())
}

/// Private and public key of an ECPrivateKey that OpenSSL made.
pub(crate) fn read_private_key(curve: Curve, content: &[u8]) -> (Scalar, Point) {
    let (_, inner, _) = take(content);
    let fields = elements(inner);
    let (_, bits, _) = take(fields.iter().find(|(tag, _)| *tag == 0xA1).unwrap().1);
    (curve.scalar(fields[1].1).unwrap(), curve.decode_point(&bits[1..]).unwrap())
}
