//! A signature in a PDF of 100 MB: what is read of it, and what it costs beside hashing it.

use std::{
    cell::Cell,
    fmt, fs, io,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use bitaqa_signature::{
    pades::{self, SignatureSettings},
    pdf::{Source, SourceError},
};
use serde::Serialize;

use super::files::{Files, empty_pdf, statement};

const BYTES: usize = 100_000_000;

/// The figures.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LargePdf {
    /// Bytes of the file that are read to find the place of a signature.
    pub read_for_place: u64,
    /// Time for that, in milliseconds.
    pub place: f64,
    /// Time for the signed attributes, the signature's place in them and the bytes that are appended, without the key, in
    /// milliseconds.
    pub finish: f64,
    /// Bytes that are appended.
    pub appended: usize,
    /// Hashing all of it, in milliseconds.
    pub hashing: f64,
    /// `openssl dgst -sha256` over the same file, in milliseconds.
    pub openssl: f64,
}

impl fmt::Display for LargePdf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "A signature in a PDF of 100 MB")?;
        writeln!(f, "  finding its place: {} bytes are read, {:.3} ms", self.read_for_place, self.place)?;
        writeln!(f, "  making what is appended: {} bytes, {:.3} ms", self.appended, self.finish)?;
        writeln!(
            f,
            "  hashing: {:.0} ms; openssl dgst {:.0} ms; {:.2} times as fast",
            self.hashing,
            self.openssl,
            self.openssl / self.hashing
        )
    }
}

/// Counts what is read.
struct Counted<'a> {
    bytes: &'a [u8],
    read: Cell<u64>,
}

impl Source for Counted<'_> {
    fn length(&self) -> u64 {
        self.bytes.length()
    }

    fn read(&self, offset: u64, length: usize) -> Result<Vec<u8>, SourceError> {
        self.read.set(self.read.get() + u64::try_from(length).unwrap_or(u64::MAX));
        self.bytes.read(offset, length)
    }
}

pub(super) fn measure(files: &Files) -> io::Result<LargePdf> {
    let document = empty_pdf(BYTES);
    let path = files.file("large.pdf");
    fs::write(&path, &document)?;
    let source = Counted { bytes: &document, read: Cell::new(0) };
    let signer = files.signer();
    let started = Instant::now();
    let placed = pades::place(&source, &signer, &statement(), &SignatureSettings::default());
    let placed = placed.map_err(io::Error::other)?;
    let place = milliseconds(started.elapsed());
    let read_for_place = source.read.get();
    let started = Instant::now();
    let digest = placed.digest(&source).map_err(io::Error::other)?;
    let hashing = milliseconds(started.elapsed());
    let started = Instant::now();
    let prepared = placed.prepare(&digest).map_err(io::Error::other)?;
    let before = started.elapsed();
    let signature = files.sign(&signer, &prepared.digest());
    let started = Instant::now();
    let signed = prepared.finish(&signature).map_err(io::Error::other)?;
    let appended = signed.appended().map_err(io::Error::other)?.len();
    let finish = milliseconds(before + started.elapsed());
    let started = Instant::now();
    let status = Command::new("openssl")
        .args(["dgst", "-sha256"])
        .arg(&path)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status()?;
    let openssl = milliseconds(started.elapsed());
    if !status.success() {
        return Err(io::Error::other("openssl dgst failed"));
    }
    fs::remove_file(&path)?;
    Ok(LargePdf { read_for_place, place, finish, appended, hashing, openssl })
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
