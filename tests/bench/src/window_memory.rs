//! The memory of window child and host while the largest photo is shown, on a display of its own (Xvfb).
//!
//! The report is one JSON object in kilobytes, by proc(5): `VmRSS` and `VmHWM` count what is resident, shared libraries and all;
//! `Pss` of `smaps_rollup` counts a page that several processes share in parts, so it alone can be added up. Host and window share
//! most of the program's own pages. The window lets nobody but the administrator look at its pages, so `Pss` is missing elsewhere.

use std::{
    fs,
    io::{self, BufRead, BufReader, Read, Write},
    process::{Child, Command, Stdio},
};

use bitaqa_host::window::{
    Picture,
    message::{
        Asker, Authenticity, FRAME_EVENT, PICTURE_MARK, PictureShown, ReleaseQuestion, Scene, Script,
        ShownValue, Step,
    },
    picture::{MAX_HEIGHT, MAX_WIDTH},
};
use bitaqa_protocol::{
    Language,
    claim::Claim,
    host::{CHROMIUM_EXTENSION_IDS, ToHost},
    version,
};
use serde::Serialize;

use crate::host_start::{exchange, frame, from_status};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    /// The window, before a photo is shown and while it is; and its peak.
    window_kilobytes: f64,
    window_with_photo_kilobytes: f64,
    window_peak_kilobytes: f64,
    /// What of it belongs to no file: its own alone.
    window_anonymous_kilobytes: f64,
    host_kilobytes: f64,
    /// Window with photo, and host, with what they share counted twice; and counted once.
    together_kilobytes: f64,
    together_shared_once_kilobytes: Option<f64>,
}

/// Runs the program `host` as a host and as a window that shows a photo; gives the report.
///
/// # Errors
/// What the system says where a program does not start, or does not answer.
pub fn measure(host: &str) -> io::Result<String> {
    let mut display = Ended(
        Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1366x900x24", "-nolisten", "tcp"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?,
    );
    let mut number = String::new();
    BufReader::new(display.0.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?).read_line(&mut number)?;

    let mut command = Command::new(host);
    command.arg("--window").env("DISPLAY", format!(":{}", number.trim())).env_remove("WAYLAND_DISPLAY");
    command.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent").stderr(Stdio::null());
    let mut window = Ended(command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?);
    let mut scenes = window.0.stdin.take().ok_or(io::ErrorKind::BrokenPipe)?;
    let mut answers = window.0.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
    show(&mut scenes, Step::Reading {})?;
    next_event(&mut answers)?;
    settle();
    let before = from_status(window.0.id(), "VmRSS:")?;
    scenes.write_all(&[PICTURE_MARK, 0])?;
    photo().ok_or(io::ErrorKind::InvalidInput)?.write_to(&mut scenes)?;
    show(&mut scenes, Step::Release { question: question() })?;
    settle();

    let hello = ToHost::Hello { versions: version::SPOKEN.to_vec(), extension: "0.1.0".into() };
    let origin = format!("chrome-extension://{}/", CHROMIUM_EXTENSION_IDS.first().unwrap_or(&""));
    let mut native =
        Ended(Command::new(host).arg(&origin).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?);
    exchange(&mut native.0, &frame(&serde_json::to_vec(&hello)?))?;
    let host_now = from_status(native.0.id(), "VmRSS:")?;
    let with_photo = from_status(window.0.id(), "VmRSS:")?;
    let report = Report {
        window_kilobytes: before,
        window_with_photo_kilobytes: with_photo,
        window_peak_kilobytes: from_status(window.0.id(), "VmHWM:")?,
        window_anonymous_kilobytes: from_status(window.0.id(), "RssAnon:")?,
        host_kilobytes: host_now,
        together_kilobytes: with_photo + host_now,
        together_shared_once_kilobytes: shared_once(window.0.id())
            .zip(shared_once(native.0.id()))
            .map(|(window, host)| window + host),
    };
    Ok(serde_json::to_string(&report)?)
}

/// `Pss` of a process, where it can be read.
fn shared_once(process: u32) -> Option<f64> {
    let rollup = fs::read_to_string(format!("/proc/{process}/smaps_rollup")).ok()?;
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}

/// Time to draw: what is measured is a size, not a time.
fn settle() {
    std::thread::sleep(std::time::Duration::from_millis(1500));
}

fn show(scenes: &mut impl Write, step: Step) -> io::Result<()> {
    let asker = Asker::Portal {
        name: "Banque Exemple".into(),
        origin: "https://banque.example.ma".into(),
        through: None,
        test: false,
    };
    let mut line = serde_json::to_vec(&Scene { language: Language::Ar, asker, step })?;
    line.push(b'\n');
    scenes.write_all(&line)
}

fn next_event(answers: &mut impl Read) -> io::Result<()> {
    let mut header = [0; 3];
    answers.read_exact(&mut header)?;
    let [kind, high, low] = header;
    if kind != FRAME_EVENT {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut event = vec![0; usize::from(u16::from_be_bytes([high, low]))];
    answers.read_exact(&mut event)
}

/// As large as any, and of many colours.
fn photo() -> Option<Picture> {
    let pixels = usize::from(MAX_WIDTH) * usize::from(MAX_HEIGHT);
    let rgb = (0..pixels * 3).map(|index| u8::try_from(index * 7 % 251).unwrap_or(u8::MAX)).collect();
    Picture::new(MAX_WIDTH, MAX_HEIGHT, rgb)
}

fn question() -> ReleaseQuestion {
    let value = |claim| ShownValue { claim, value: "EXEMPLE 123456".into(), script: Script::Latin };
    ReleaseQuestion {
        serial: 1,
        values: Claim::NAMED.into_iter().map(value).collect(),
        photo: PictureShown::Came,
        signature_image: PictureShown::None,
        authenticity: Authenticity::IssuerSigned,
    }
}

/// A process that does not outlive its use.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
