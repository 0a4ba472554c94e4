//! Pictures made by programs that are not ours (ImageMagick with libjpeg-turbo and OpenJPEG), decoded in the real child.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on fails"
)]

#[path = "window_desktop/script.rs"]
mod script;

use std::{
    fs,
    io::{Read, Write},
    os::unix::fs::MetadataExt,
    path::PathBuf,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use bitaqa_host::{
    photo::{
        MAX_ENCODED,
        parent::{NoPicture, PHOTO_ARGUMENT, decode_with},
    },
    window::Picture,
};

use script::write_script;

const PROGRAM: &str = env!("CARGO_BIN_EXE_bitaqa-host");

/// Runs ImageMagick on what it is given; gives what it writes.
fn convert(input: &[u8], arguments: &[&str]) -> Vec<u8> {
    let mut command = Command::new("convert");
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().expect("this test needs convert: install the package imagemagick");
    let mut stdin = child.stdin.take().unwrap();
    let mut output = child.stdout.take().unwrap();
    let input = input.to_vec();
    // a program that does not read its input to the end is its own affair
    let feeder = thread::spawn(move || drop(stdin.write_all(&input)));
    let mut bytes = Vec::new();
    output.read_to_end(&mut bytes).unwrap();
    feeder.join().unwrap();
    assert!(child.wait().unwrap().success(), "{arguments:?}");
    bytes
}

/// Something with colours, edges and soft parts.
fn drawing(size: &str, format: &str, options: &[&str]) -> Vec<u8> {
    let draw = ["-fill", "navy", "-draw", "circle 120,150 120,90", "-fill", "orange"];
    let rest = ["-draw", "rectangle 20,20 90,80", "-depth", "8"];
    let arguments = [&["-size", size, "gradient:red-white"][..], &draw, &rest, options, &[format]].concat();
    convert(&[], &arguments)
}

fn decode(encoded: &[u8]) -> Result<Picture, NoPicture> {
    decode_with(PROGRAM, encoded)
}

/// By how much two pictures differ on average, of 255.
fn difference(ours: &[u8], theirs: &[u8]) -> usize {
    assert_eq!(ours.len(), theirs.len());
    let sum: usize = ours.iter().zip(theirs).map(|(a, b)| usize::from(a.abs_diff(*b))).sum();
    sum / ours.len()
}

#[test]
fn every_kind_of_photo_looks_as_an_independent_decoder_shows_it() {
    let kinds: [(&str, &[&str]); 9] = [
        ("jpg:-", &["-quality", "85"]),
        ("jpg:-", &["-interlace", "JPEG"]),
        ("jpg:-", &["-sampling-factor", "1x1"]),
        ("jpg:-", &["-colorspace", "Gray"]),
        ("jp2:-", &["-quality", "60"]),
        ("jp2:-", &[]),
        ("j2k:-", &["-quality", "60"]),
        ("jp2:-", &["-colorspace", "Gray"]),
        ("jpg:-", &["-define", "jpeg:optimize-coding=false"]),
    ];
    for (format, options) in kinds {
        let encoded = drawing("240x320", format, options);
        let picture = decode(&encoded).unwrap_or_else(|error| panic!("{format} {options:?}: {error:?}"));
        assert_eq!((picture.width(), picture.height()), (240, 320), "{format} {options:?}");
        let theirs = convert(&encoded, &[format, "-colorspace", "sRGB", "-type", "TrueColor", "rgb:-"]);
        assert!(difference(picture.rgb(), &theirs) <= 2, "{format} {options:?}");
    }
}

#[test]
fn a_large_photo_is_made_to_fit_and_keeps_its_proportions() {
    for format in ["jpg:-", "jp2:-"] {
        for (size, expected) in
            [("1200x1600", (480, 640)), ("4000x3000", (480, 360)), ("700x3500", (128, 640))]
        {
            let encoded = drawing(size, format, &["-quality", "40"]);
            assert!(encoded.len() <= MAX_ENCODED);
            let picture = decode(&encoded).unwrap_or_else(|error| panic!("{format} {size}: {error:?}"));
            assert_eq!((picture.width(), picture.height()), expected, "{format} {size}");
        }
    }
}

#[test]
fn a_huge_photo_is_refused() {
    for format in ["jpg:-", "jp2:-"] {
        for size in ["4097x40", "40x4097", "4000x3001"] {
            let encoded = drawing(size, format, &["-quality", "20"]);
            assert!(encoded.len() <= MAX_ENCODED, "it is its pixels that are too many");
            assert!(matches!(decode(&encoded), Err(NoPicture::None(_))), "{format} {size}");
        }
    }
    let too_long = vec![0xff; MAX_ENCODED + 1];
    assert!(matches!(decode(&too_long), Err(NoPicture::TooLong)));
}

#[test]
fn a_broken_photo_ends_in_an_answer() {
    for format in ["jpg:-", "jp2:-", "j2k:-"] {
        let whole = drawing("240x320", format, &[]);
        let end = whole.len();
        // what is cut off in its head is none; further on some decoders show what there is
        for length in [0, 1, 2, 3, 11, 40] {
            assert!(matches!(decode(&whole[..length]), Err(NoPicture::None(_))), "{format} {length}");
        }
        for start in (0..end).step_by(end / 24 + 1) {
            let mut altered = whole.clone();
            for byte in altered.iter_mut().skip(start).take(9) {
                *byte = !*byte;
            }
            match decode(&altered) {
                Ok(picture) => assert!(picture.width() <= 480 && picture.height() <= 640),
                Err(NoPicture::None(_)) => {}
                Err(other) => panic!("{format} {start}: {other:?}"),
            }
        }
    }
}

/// A program in the place of the child.
fn program(folder: &tempfile::TempDir, script: &str) -> PathBuf {
    let path = folder.path().join("program");
    write_script(&path, script);
    path
}

#[test]
fn a_child_that_crashes_or_says_something_else_gives_no_picture() {
    let folder = tempfile::tempdir().unwrap();
    let encoded = drawing("240x320", "jpg:-", &[]);
    for script in [
        "exit 0",
        "kill -SEGV $$",
        "/bin/cat",
        "printf '\\0\\1\\0\\1ab'",
        "printf '\\0\\1\\0\\1abcd'",
        "printf '\\377\\377\\377\\377abc'",
    ] {
        let outcome = decode_with(program(&folder, script), &encoded);
        assert!(matches!(outcome, Err(NoPicture::None(_))), "{script}: {outcome:?}");
    }
    assert!(matches!(decode_with("/nonexistent", &encoded), Err(NoPicture::Start(_))));
    // one that is ours after all, to see that the scripts are not refused for another reason
    assert!(decode_with(program(&folder, &format!("exec '{PROGRAM}' \"$@\"")), &encoded).is_ok());
}

#[test]
fn a_child_that_does_not_end_is_ended() {
    let folder = tempfile::tempdir().unwrap();
    let noted = folder.path().join("process");
    let script = format!("echo $$ > '{}'; exec /bin/sleep 600", noted.display());
    assert!(matches!(decode_with(program(&folder, &script), b"\xff\xd8"), Err(NoPicture::TooSlow)));
    let process = fs::read_to_string(noted).unwrap();
    assert!(!fs::exists(format!("/proc/{}", process.trim())).unwrap(), "it goes on");
}

#[test]
fn the_child_can_do_nothing_but_decode() {
    let mut command = Command::new(PROGRAM);
    command.arg(PHOTO_ARGUMENT).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let process = PathBuf::from(format!("/proc/{}", child.id()));
    let limits = [
        ("Max core file size", "0"),
        ("Max address space", "536870912"),
        ("Max cpu time", "5"),
        ("Max file size", "0"),
        ("Max open files", "3"),
        ("Max processes", "0"),
    ];
    let confined = || {
        let told = fs::read_to_string(process.join("limits")).unwrap();
        limits.iter().all(|(name, most)| {
            let line = told.lines().find_map(|line| line.strip_prefix(name)).unwrap();
            let mut values = line.split_whitespace();
            values.next() == Some(most) && values.next() == Some(most)
        }) && fs::metadata(process.join("mem")).unwrap().uid() == 0
    };
    // before it is given a single byte
    let until = Instant::now() + Duration::from_secs(20);
    while !confined() {
        assert!(Instant::now() < until, "{}", fs::read_to_string(process.join("limits")).unwrap());
        thread::sleep(Duration::from_millis(10));
    }
    let status = fs::read_to_string(process.join("status")).unwrap();
    assert!(status.lines().any(|line| line == "Threads:\t1"), "{status}");
    child.stdin.take().unwrap().write_all(&drawing("240x320", "jp2:-", &[])).unwrap();
    let mut output = Vec::new();
    child.stdout.take().unwrap().read_to_end(&mut output).unwrap();
    assert_eq!(output.len(), 4 + 240 * 320 * 3);
    assert!(child.wait().unwrap().success());
}
